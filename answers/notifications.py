"""What people are told about answers."""

from __future__ import annotations

from typing import Any

from accounts.enums import Rhythm
from accounts.notifications import (
    YOU_FOLLOW,
    YOUR_ANSWERS,
    YOUR_QUESTIONS,
    Kind,
    public,
    register,
    register_decisions,
)

DECIDED = "A moderator decides about your answer, an edit of it, or what you said of another’s"


def _thread_of(row: Any) -> str:
    """The title of the question, whatever of its thread the row is."""
    answer = getattr(row, "answer", row)
    return str(answer.question.title)


for _noun, _words, _related in (
    ("answer", "answer", "question"),
    ("answer-edit", "edit of an answer", "answer__question"),
    ("opinion", "word on another doctor’s answer", "answer__question"),
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
