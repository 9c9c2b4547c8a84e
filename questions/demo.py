"""Questions of the demonstration, asked and decided through the same verbs as real ones.

A row is a thread of ``answers/demo_threads``; only the asker's half is looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.demo import DOMAIN, handle, make_account
from accounts.models import User
from core.demo import NEEDS_REASON, WAY_TO, decide, pick, was_public
from core.enums import State
from core.moderation import transition
from core.reasons import explained
from core.text import clean_body, clean_line
from questions.enums import AgeBand, Stage
from questions.keeping import follow, keep_question
from questions.models import TITLE_LENGTH, Follow, Question, QuestionRevision, SavedQuestion
from questions.services import ask_question, edit_question, mark_duplicate, mark_variant, withdraw_question
from treatments.models import Treatment
from treatments.selectors import Addressed

KEYS = set(
    "key treatment use title body alias stage age_band place asked_days_ago state reason answers".split()
)
LENGTHS = {"title": TITLE_LENGTH, "alias": 40, "place": 80}
NAMESPACE = uuid5(NAMESPACE_DNS, DOMAIN)
LINKS = Path(__file__).parent / "demo_links.json"
Row = Mapping[str, Any]
# Which listed reason was given for what was not published; the row has the words that were added.
LISTED = {
    "a-spa-deal": "contact",
    "a-jeuveau-draft": "unclear",
    "b-lip-filler-buy-it-online": "contact",
    "d-coolsculpting-package-for-sale": "contact",
}


def submission_key(row: Row) -> UUID:
    return key_of(row["key"])


def key_of(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def read_links() -> list[Row]:
    """``thread`` is ``kind`` (duplicate, variant) ``of`` another one, with ``difference`` or ``reason``."""
    return json.loads(LINKS.read_text(encoding="utf-8"))


def link_problems(links: Iterable[Row], threads: Iterable[Row]) -> list[str]:
    """Links from or to what is not public."""
    public = {row["key"] for row in threads if row["state"] == State.PUBLISHED}
    return [
        f"{LINKS.name}: {row['thread']}: no such public thread"
        for row in links
        if {row["thread"], row["of"]} - public
    ]


def problems(row: Row, catalogue: Mapping[str, Addressed]) -> list[str]:
    """What is wrong with the asker's half; ``catalogue`` by address."""
    if set(row) != KEYS:
        return [f"missing or unknown: {', '.join(sorted(KEYS ^ set(row)))}"]
    addressed = catalogue.get(row["treatment"])
    uses = addressed.uses if addressed else {}
    checks = {
        f"there is no treatment “{row['treatment']}”": addressed is None,
        f"“{row['treatment']}” has no use “{row['use']}”": row["use"] is not None and row["use"] not in uses,
        f"unknown stage “{row['stage']}”": row["stage"] not in Stage.values,
        f"unknown age band “{row['age_band']}”": row["age_band"] not in [None, *AgeBand.values],
        f"unknown state “{row['state']}”": row["state"] not in WAY_TO,
        "this state needs a reason": row["state"] in NEEDS_REASON and not row["reason"],
        "answers to a question that never was public": bool(row["answers"]) and not _was_public(row),
        "asked_days_ago is not a whole number from 1": not isinstance(row["asked_days_ago"], int)
        or row["asked_days_ago"] < 1,
    }
    too_long = [f"{name} is too long" for name, most in LENGTHS.items() if len(row[name] or "") > most]
    return [problem for problem, is_so in checks.items() if is_so] + too_long


def missing(rows: Sequence[Row]) -> list[Row]:
    """Those that have not been asked yet."""
    asked = Question.objects.filter(submission_key__in=[submission_key(row) for row in rows])
    known = set(asked.values_list("submission_key", flat=True))
    return [row for row in rows if submission_key(row) not in known]


def make_askers(rows: Iterable[Row], *, patient: User, of_patient: Iterable[str]) -> dict[str, User]:
    """An account for every thread: ``patient`` for those named, somebody of their own for each other one."""
    return {row["key"]: patient if row["key"] in of_patient else _asker(row) for row in rows}


def _asker(row: Row) -> User:
    joined = asked_at(row) - timedelta(days=pick(row["key"], 40), hours=1)
    return make_account(f"asker-{row['key']}", handle=handle(row["key"]), joined=joined)


def seed(
    rows: Iterable[Row], *, askers: Mapping[str, User], moderator: User, catalogue: Mapping[str, Addressed]
) -> dict[str, Question]:
    """Ask them all and take the first decision about each; the questions by key."""
    asked = {}
    for row in rows:
        addressed = catalogue[row["treatment"]]
        question = ask_question(
            by=askers[row["key"]],
            submission_key=submission_key(row),
            treatment=addressed.treatment,
            use=addressed.uses.get(row["use"]),
            title=clean_line(row["title"]),
            body=clean_body(row["body"]),
            alias=clean_line(row["alias"]),
            stage=row["stage"],
            age_band=row["age_band"] or "",
            place=clean_line(row["place"] or ""),
        )
        code = LISTED.get(row["key"], "")
        decide(
            question, state=row["state"], by=moderator, reason=explained(code, row["reason"] or ""), code=code
        )
        asked[row["key"]] = question
    return asked


def settle(rows: Iterable[Row], asked: Mapping[str, Question], *, moderator: User) -> None:
    """Remove and withdraw, once the answers are there, what did not stay public."""
    for row in rows:
        question = asked[row["key"]]
        if row["state"] == State.REMOVED:
            transition(question, to=State.REMOVED, by=moderator, reason=row["reason"])
        elif row["state"] == State.WITHDRAWN and question.author:
            withdraw_question(question=question, by=question.author)


def link(asked: Mapping[str, Question], *, moderator: User) -> None:
    """Duplicates and variants among what has just been asked."""
    for row in read_links():
        if row["thread"] not in asked:
            continue
        pair: dict[str, Any] = {
            "question": asked[row["thread"]],
            "canonical": Question.objects.get(submission_key=key_of(row["of"])),
            "by": moderator,
        }
        if row["kind"] == "variant":
            mark_variant(**pair, difference=clean_line(row["difference"]))
        else:
            mark_duplicate(**pair, reason=clean_line(row["reason"]))


def propose_edit(question: Question, *, append: str, days_ago: int) -> None:
    """An edit by the asker that waits for a decision."""
    body = f"{question.body}\n\n{clean_body(append)}"
    revision = edit_question(question=question, by=question.author, body=body)  # type: ignore[arg-type]
    sent = timezone.now() - timedelta(days=days_ago, minutes=pick(question.title, 300))
    QuestionRevision.objects.filter(pk=revision.pk).update(submitted_at=sent)


def keep_and_follow(
    patient: User, *, kept: Sequence[Question], followed: Sequence[Question | Treatment], looked_days_ago: int
) -> None:
    """What the patient keeps and follows, having looked at its news so many days ago."""
    for question in kept:
        keep_question(question=question, by=patient)
    for thing in followed:
        if isinstance(thing, Question):
            follow(by=patient, question=thing)
        else:
            follow(by=patient, treatment=thing)
    looked = timezone.now() - timedelta(days=looked_days_ago)
    Follow.objects.filter(user=patient).update(followed_at=looked - timedelta(days=30), seen_at=looked)
    SavedQuestion.objects.filter(user=patient).update(saved_at=looked - timedelta(days=1))


def backdate(rows: Iterable[Row], asked: Mapping[str, Question]) -> None:
    """Move what the verbs stamped as now to the days the rows speak of; the audit trail keeps the truth."""
    stored = Question.objects.in_bulk([question.pk for question in asked.values()])
    for row in rows:
        question = stored[asked[row["key"]].pk]
        question.asked_at = question.submitted_at = asked_at(row)
        if question.published_at:
            question.published_at = decided_at(row)
        if question.moderated_at:
            later = timedelta(days=3) if question.state == State.REMOVED else timedelta()
            question.moderated_at = decided_at(row) + later
    fields = ["asked_at", "submitted_at", "published_at", "moderated_at"]
    Question.objects.bulk_update(stored.values(), fields)
    dates = {name: Subquery(_dates_of_question(name)) for name in ("submitted_at", "published_at")}
    first = QuestionRevision.objects.filter(question__in=stored, number=1)
    first.update(**dates, moderated_at=dates["published_at"])


def asked_at(row: Row) -> datetime:
    """The moment of asking: so many days ago, between six in the morning and six in the evening (UTC)."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = 6 * 3600 + pick(f"{row['key']} asked", 12 * 3600)
    return midnight - timedelta(days=row["asked_days_ago"]) + timedelta(seconds=seconds)


def decided_at(row: Row) -> datetime:
    """The moment of the first decision, within the hour."""
    return asked_at(row) + timedelta(minutes=5 + pick(f"{row['key']} decided", 50))


def _was_public(row: Row) -> bool:
    return row["state"] in WAY_TO and was_public(row["state"])


def _dates_of_question(name: str) -> Any:
    return Question.objects.filter(pk=OuterRef("question_id")).values(name)[:1]
