"""What people are told about answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.enums import Rhythm
from accounts.notifications import (
    MODERATION,
    YOU_FOLLOW,
    YOUR_ANSWERS,
    YOUR_QUESTIONS,
    Kind,
    public,
    register,
    register_decisions,
)
from questions.notifications import DECIDED as QUESTION_DECIDED

if TYPE_CHECKING:
    from django.db.models import QuerySet

DECIDED = "A moderator decides about your answer, an edit of it, your word on another’s, or what you asked a patient"


def unanswered(rows: QuerySet) -> QuerySet:
    """Due while it stands in public and waits for somebody who may still say something to it."""
    return rows.public().filter(closed_at=None, given__isnull=True)  # type: ignore[attr-defined]


def with_something_waiting(rounds: QuerySet) -> QuerySet:
    """Due while a question of the round waits for an answer."""
    return rounds.with_something_waiting()  # type: ignore[attr-defined]


def _thread_of(row: Any) -> str:
    """The title of the question, whatever of its thread the row is."""
    of_question = getattr(row, "answer", None) or getattr(row, "asked", row)
    return str(of_question.question.title)


for _noun, _words, _related in (
    ("answer", "answer", "question"),
    ("answer-edit", "edit of an answer", "answer__question"),
    ("opinion", "word on another doctor’s answer", "answer__question"),
    ("asked-fact", "question to a patient", "question"),
):
    register_decisions(
        _noun,
        _words,
        topic="answers-decided",
        label=DECIDED,
        group=YOUR_ANSWERS,
        name_of=_thread_of,
        related=(_related,),
    )

register_decisions(
    "given-fact",
    "reply to a doctor",
    topic="questions-decided",
    label=QUESTION_DECIDED,
    group=YOUR_QUESTIONS,
    name_of=_thread_of,
    related=("asked__question",),
)

ANSWERED = register(
    Kind(
        "question-answered",
        "Your question has a new answer",
        Rhythm.AT_ONCE,
        "Your question has a new answer",
        still_due=public,
        group=YOUR_QUESTIONS,
        name_of=_thread_of,
        related=("question",),
    )
)
FACT_ASKED = register(
    Kind(
        "fact-asked",
        "A doctor asks you for one fact before answering",
        Rhythm.AT_ONCE,
        "A doctor asks you something",
        "notifications/fact_asked.txt",
        still_due=unanswered,
        group=YOUR_QUESTIONS,
        name_of=_thread_of,
        related=("question",),
    )
)
FACT_GIVEN = register(
    Kind(
        "fact-given",
        "A patient answers what you asked, or what a colleague asked where you are writing",
        Rhythm.AT_ONCE,
        "What was asked of a patient is answered",
        "notifications/fact_given.txt",
        still_due=public,
        group=YOUR_ANSWERS,
        name_of=_thread_of,
        related=("asked__question",),
    )
)
FOLLOWED = register(
    Kind(
        "followed-thread",
        "A thread you follow has a new answer",
        Rhythm.DAILY,
        "A thread you follow has a new answer",
        still_due=public,
        group=YOU_FOLLOW,
        name_of=_thread_of,
        related=("question",),
    )
)
NEW_QUESTIONS = register(
    Kind(
        "new-questions",
        "New questions about treatments in your specialty",
        Rhythm.DAILY,
        "New questions wait for a doctor",
        "notifications/new_questions.txt",
        still_due=with_something_waiting,
        in_one_line=True,
        group=YOUR_ANSWERS,
        name_of=lambda _: "",
    )
)
NOBODY_ANSWERED = register(
    Kind(
        "nobody-answered",
        "Questions that no doctor has answered for days",
        Rhythm.DAILY,
        "Questions wait for a doctor",
        "notifications/nobody_answered.txt",
        still_due=with_something_waiting,
        in_one_line=True,
        group=MODERATION,
        name_of=lambda _: "",
    )
)
ASKED_OUTCOME = register(
    Kind(
        "what-you-did",
        "What did you do in the end? Asked a month and half a year after your question",
        Rhythm.AT_ONCE,
        "What did you do in the end?",
        "notifications/what_you_did.txt",
        still_due=public,
        group=YOUR_QUESTIONS,
    )
)
NOTICE = register(
    Kind(
        "safety-notice",
        "A safety notice is newer than an answer of yours",
        Rhythm.AT_ONCE,
        "A safety notice is newer than an answer of yours",
        "notifications/notice.txt",
        still_due=lambda notices: notices.current(),  # type: ignore[attr-defined]
        group=YOUR_ANSWERS,
    )
)
