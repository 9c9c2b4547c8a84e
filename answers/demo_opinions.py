"""Second opinions of the demonstration, given and decided through the same verbs as real ones.

All of them are younger than the doctors' second check and older than the last later versions of answers, so that
they name the right credentials, and some are about an earlier version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from answers.demo import Given
from answers.enums import OpinionKind, Reason, Stance
from answers.models import Answer, SecondOpinion, current_number
from answers.opinions import give_opinion, withdraw_opinion
from core.demo import NEEDS_REASON, WAY_TO, decide, pick
from core.enums import State
from core.moderation import transition
from core.text import clean_line
from doctors.models import Doctor

FILE = Path(__file__).parent / "demo_opinions.json"
KEYS = set("thread answer doctor kind stance reason note days_ago state".split())
Row = Mapping[str, Any]


def read() -> list[Row]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def key_of(row: Row) -> str:
    """The key of the answer it is about."""
    return f"{row['thread']}/{row['answer']}"


def problems(rows: Iterable[Row], answers: Mapping[str, Given], doctors: Iterable[str]) -> list[str]:
    """What is wrong with the file; ``doctors`` are the keys of those who may write."""
    known = set(doctors)
    return [
        f"{FILE.name}: {key_of(row)}: {row.get('doctor')}: {problem}"
        for row in rows
        for problem in _problems(row, answers.get(key_of(row)), known)
    ]


def _problems(row: Row, answer: Given | None, doctors: set[str]) -> list[str]:
    if set(row) - {"reason_text"} != KEYS:
        return [f"missing or unknown: {', '.join(sorted(KEYS ^ set(row)))}"]
    if answer is None or answer.row["state"] != State.PUBLISHED or answer.thread["state"] != State.PUBLISHED:
        return ["there is no such public answer"]
    is_dispute = row["kind"] == OpinionKind.DISPUTE
    checks = {
        "there is no such doctor, or it is the author": row["doctor"] not in doctors - {row["answer"]},
        f"unknown kind “{row['kind']}”": row["kind"] not in OpinionKind.values,
        f"unknown state “{row['state']}”": row["state"] not in WAY_TO,
        "this state needs a reason": row["state"] in NEEDS_REASON and not row.get("reason_text"),
        "a dispute needs a stance, a reason and a note": is_dispute
        and not (row["stance"] in Stance.values and row["reason"] in Reason.values and row["note"]),
        "it is older than the answer": _at(row) <= answer.decided_at,
    }
    return [problem for problem, is_so in checks.items() if is_so]


def seed(
    rows: Iterable[Row], *, answers: Mapping[str, Answer], doctors: Mapping[str, Doctor], moderator: User
) -> None:
    """Give those about ``answers``, decide on them and move them back to their days."""
    about = [row for row in rows if key_of(row) in answers]
    for row in sorted(about, key=lambda row: -row["days_ago"]):
        answer, by = answers[key_of(row)], doctors[row["doctor"]].user
        if by is None:
            continue
        said = {name: row[name] or "" for name in ("kind", "stance", "reason")}
        number = Answer.objects.annotate(number=current_number("pk")).get(pk=answer.pk).number
        opinion = give_opinion(answer=answer, by=by, about=number, note=clean_line(row["note"]), **said)
        decide(opinion, state=row["state"], by=moderator, reason=row.get("reason_text", ""))
        if row["state"] == State.REMOVED:
            transition(opinion, to=State.REMOVED, by=moderator, reason=row["reason_text"])
        elif row["state"] == State.WITHDRAWN:
            withdraw_opinion(opinion=opinion, by=by)
        _move_back(opinion, _at(row))


def _at(row: Row) -> datetime:
    return timezone.now() - timedelta(days=row["days_ago"], minutes=30 + pick(f"{key_of(row)} second", 300))


def _move_back(opinion: SecondOpinion, sent: datetime) -> None:
    """The audit trail keeps the truth."""
    decided = sent + timedelta(minutes=25)
    rows = SecondOpinion.objects.filter(pk=opinion.pk)
    rows.update(submitted_at=sent)
    rows.filter(published_at__isnull=False).update(published_at=decided)
    rows.filter(moderated_at__isnull=False).update(moderated_at=decided)
