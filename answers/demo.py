"""Answers of the demonstration, given, decided, edited and voted on through the same verbs as real ones.

The rows come from ``demo_threads/*.json`` (threads with their answers) and ``demo_edits.json`` (what was
changed afterwards). The votes of the many are written as rows at once; those of the askers go through the verb.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from answers.enums import Confidence, Reason, Stance
from answers.models import SUMMARY_LENGTH, AcceptedAnswer, Answer, AnswerRevision, HelpfulVote
from answers.services import (
    accept_answer,
    answer_question,
    confirm_answer,
    edit_answer,
    mark_helpful,
    withdraw_answer,
)
from answers.validators import validate_citations
from core.demo import NEEDS_REASON, WAY_TO, decide, pick
from core.enums import State
from core.moderation import transition
from core.text import clean_body, clean_line
from doctors.models import Doctor
from questions.demo import decided_at as question_decided_at
from questions.models import Question

FOLDER = Path(__file__).parent / "demo_threads"
EDITS = Path(__file__).parent / "demo_edits.json"
KEYS = set(
    "doctor days_later stance reason confidence summary body citations conflict_of_interest helpful accepted "
    "state".split()
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """One answer of one thread, as the files have it."""

    thread: Row
    row: Row

    @property
    def key(self) -> str:
        return f"{self.thread['key']}/{self.row['doctor']}"

    @property
    def answered_at(self) -> datetime:
        wait = timedelta(days=self.row["days_later"], minutes=30 + pick(f"{self.key} wait", 210))
        return question_decided_at(self.thread) + wait

    @property
    def decided_at(self) -> datetime:
        return self.answered_at + timedelta(minutes=5 + pick(f"{self.key} decided", 50))

    def fields(self) -> dict[str, Any]:
        """What the doctor wrote, as the verb takes it."""
        row = self.row
        return {
            "stance": row["stance"],
            "reason": row["reason"] or "",
            "confidence": row["confidence"],
            "summary": clean_line(row["summary"]),
            "body": clean_body(row["body"]),
            "citations": row["citations"],
            "conflict_of_interest": clean_line(row["conflict_of_interest"]),
        }


def read() -> dict[str, list[Row]]:
    """The threads of each file, by its name."""
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))}


def read_edits() -> dict[str, list[Row]]:
    """``questions``: thread, append, days_ago. ``answers``: thread, doctor, before, append, state, days, the
    earlier edit of an answer first. ``confirmations``: thread, doctor, days_ago.
    """
    return json.loads(EDITS.read_text(encoding="utf-8"))


def given(threads: Iterable[Row]) -> list[Given]:
    """All their answers, the oldest first."""
    answers = [Given(thread, row) for thread in threads for row in thread["answers"]]
    return sorted(answers, key=lambda answer: answer.answered_at)


def problems(thread: Row, doctors: Iterable[str]) -> list[str]:
    """What is wrong with the answers of a thread; ``doctors`` are the keys of those who may have answered."""
    rows, keys = thread["answers"], set(doctors)
    found = [f"{row.get('doctor')}: {problem}" for row in rows for problem in _problems(row, thread, keys)]
    if len({row.get("doctor") for row in rows}) < len(rows):
        found.append("a doctor answers twice")
    if sum(bool(row.get("accepted")) for row in rows) > 1:
        found.append("two accepted answers")
    return found


def edit_problems(edits: Mapping[str, Sequence[Row]], threads: Iterable[Row]) -> list[str]:
    """Edits of what was never public, or is not there at all."""
    public = {row["key"]: row for row in threads if row.get("state") == State.PUBLISHED}
    wrong = [change["thread"] for change in edits["questions"] if change["thread"] not in public]
    answered = {answer.key for answer in given(public.values()) if answer.row["state"] == State.PUBLISHED}
    changes = [*edits["answers"], *edits["confirmations"]]
    named = [f"{change['thread']}/{change['doctor']}" for change in changes]
    wrong += [key for key in named if key not in answered]
    return [f"{EDITS.name}: {key}: there is no such thing to edit" for key in wrong]


def _problems(row: Row, thread: Row, doctors: set[str]) -> list[str]:
    if set(row) - {"reason_text"} != KEYS:
        return [f"missing or unknown: {', '.join(sorted(KEYS ^ set(row)))}"]
    checks = {
        "there is no such doctor, or not one who may answer": row["doctor"] not in doctors,
        f"unknown stance “{row['stance']}”": row["stance"] not in Stance.values,
        f"unknown reason “{row['reason']}”": row["reason"] not in [None, *Reason.values],
        "advising against needs a reason": row["stance"] == Stance.AGAINST and not row["reason"],
        f"unknown confidence “{row['confidence']}”": row["confidence"] not in Confidence.values,
        "the summary is empty or too long": not 0 < len(row["summary"]) <= SUMMARY_LENGTH,
        f"unknown state “{row['state']}”": row["state"] not in WAY_TO,
        "this state needs a reason": row["state"] in NEEDS_REASON and not row.get("reason_text"),
        "accepted but not public": row["accepted"] and row["state"] != State.PUBLISHED,
        "it was not given between the question and today": not 0
        <= row["days_later"]
        < thread["asked_days_ago"],
    }
    found = [problem for problem, is_so in checks.items() if is_so]
    try:
        validate_citations(row["citations"])
    except ValidationError as error:
        found.append(f"citations: {' '.join(error.messages)}")
    return found


def seed(
    answer: Given, *, question: Question, doctor: Doctor, moderator: User, before: Mapping[str, Any]
) -> Answer:
    """Give one answer and take the first decision on it; ``before``: what its first version said instead."""
    fields = {**answer.fields(), **before}
    made = answer_question(question=question, by=doctor.user, **fields)  # type: ignore[arg-type]
    decide(made, state=answer.row["state"], by=moderator, reason=answer.row.get("reason_text", ""))
    return made


def settle(answer: Given, made: Answer, *, moderator: User) -> None:
    """Remove or withdraw what did not stay public."""
    if answer.row["state"] == State.REMOVED:
        transition(made, to=State.REMOVED, by=moderator, reason=answer.row["reason_text"])
    elif answer.row["state"] == State.WITHDRAWN and made.doctor.user:
        withdraw_answer(answer=made, by=made.doctor.user)


def amended_at(answer: Given, change: Row) -> datetime:
    """When the later version of an answer was sent, for one that was approved."""
    return answer.decided_at + timedelta(days=change["days"])


def edit(answer: Given, made: Answer, *, change: Row, moderator: User) -> None:
    """The later version of an answer: approved ``days`` after the first, or waiting since ``days`` ago."""
    made.refresh_from_db(fields=["body"])
    fields = {**answer.fields(), "body": f"{made.body}\n\n{clean_body(change['append'])}"}
    revision = edit_answer(answer=made, by=made.doctor.user, **fields)  # type: ignore[arg-type]
    rows = AnswerRevision.objects.filter(pk=revision.pk)
    if change["state"] == State.PENDING:
        rows.update(submitted_at=timezone.now() - timedelta(days=change["days"], hours=2))
        return
    transition(revision, to=State.PUBLISHED, by=moderator)
    sent = amended_at(answer, change)
    decided = sent + timedelta(minutes=40)
    rows.update(submitted_at=sent, published_at=decided, moderated_at=decided)


def confirm(made: Answer, *, days_ago: int) -> None:
    """Its author stood by it again; called after the dates were moved back."""
    confirm_answer(answer=made, by=made.doctor.user)  # type: ignore[arg-type]
    then = timezone.now() - timedelta(days=days_ago)
    Answer.objects.filter(pk=made.pk).update(confirmed_at=then)


def vote(answers: Mapping[str, Given], made: Mapping[str, Answer], *, voters: Sequence[User]) -> None:
    """The accepted answers and everybody's votes; of the latter only the askers' own go one by one."""
    rows = []
    for key, answer in made.items():
        if not (answer.is_public and answer.question.is_public):
            continue
        asker, wanted = answer.question.author, answers[key].row["helpful"]
        if answers[key].row["accepted"] and asker:
            accept_answer(answer=answer, by=asker, accepted=True)
            mark_helpful(answer=answer, by=asker, helpful=True)
            wanted -= 1
        others = [voter for voter in voters if voter != asker]
        first = pick(key, len(others)) if others else 0
        chosen = (others * 2)[first : first + max(wanted, 0)]
        rows += [
            HelpfulVote(answer=answer, user=user, voted_at=_voted_at(answers[key], user)) for user in chosen
        ]
    HelpfulVote.objects.bulk_create(rows, batch_size=2000)
    votes = HelpfulVote.objects.filter(answer=OuterRef("pk")).order_by().values("answer")
    Answer.objects.filter(pk__in=[answer.pk for answer in made.values()]).update(
        helpful_count=Coalesce(Subquery(votes.annotate(count=Count("pk")).values("count")), 0)
    )


def backdate(answers: Mapping[str, Given], made: Mapping[str, Answer]) -> None:
    """Move what the verbs stamped as now to the days the rows speak of; the audit trail keeps the truth."""
    stored = Answer.objects.in_bulk([answer.pk for answer in made.values()])
    for key, answer in ((key, stored[answer.pk]) for key, answer in made.items()):
        row = answers[key]
        answer.answered_at = answer.submitted_at = row.answered_at
        if answer.published_at:
            answer.published_at = row.decided_at
        if answer.moderated_at:
            later = timedelta(days=3) if answer.state == State.REMOVED else timedelta()
            answer.moderated_at = row.decided_at + later
    Answer.objects.bulk_update(
        stored.values(), ["answered_at", "submitted_at", "published_at", "moderated_at"], batch_size=200
    )
    of_answer = {name: _date_of_answer(name) for name in ("submitted_at", "published_at")}
    first = AnswerRevision.objects.filter(answer__in=stored, number=1)
    first.update(**of_answer, moderated_at=of_answer["published_at"])
    approved = AnswerRevision.objects.public().filter(answer=OuterRef("pk")).order_by("-published_at")
    Answer.objects.filter(pk__in=stored, confirmed_at__isnull=False).update(
        confirmed_at=Subquery(approved.values("published_at")[:1])
    )
    AcceptedAnswer.objects.filter(answer__in=stored).update(
        accepted_at=_date_of_answer("published_at") + timedelta(hours=20)
    )
    asked = HelpfulVote.objects.filter(answer__in=stored, user=F("answer__question__author"))
    asked.update(voted_at=_date_of_answer("published_at") + timedelta(hours=20))


def _date_of_answer(name: str) -> Any:
    return Subquery(Answer.objects.filter(pk=OuterRef("answer_id")).values(name)[:1])


def _voted_at(answer: Given, user: User) -> datetime:
    since = int((timezone.now() - answer.decided_at).total_seconds())
    return answer.decided_at + timedelta(seconds=pick(f"{answer.key} {user.email}", min(since, 90 * 86400)))
