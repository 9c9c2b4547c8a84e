"""Reviews of the demonstration: written, gone on with, replied to and decided on by the same verbs as real ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.demo import handle, make_account
from core.demo import decide, pick
from core.enums import State
from core.text import clean_body, clean_line
from doctors.demo import by_key
from doctors.enums import CostPart, Verdict, Weighed
from doctors.guarding import PREPARED
from doctors.models import RATINGS, Doctor, Review, ReviewEntry, ReviewReply
from doctors.reviewing import add_entry, reply, review_doctor

if TYPE_CHECKING:
    from accounts.models import User
    from treatments.selectors import Addressed

FILE = Path(__file__).parent / "demo_reviews.json"
KEYS = set("key doctor treatment use treated_days_ago alias entries".split())
Row = Mapping[str, Any]


def read() -> list[Row]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def problems(rows: Iterable[Row], catalogue: Mapping[str, Addressed], doctors: Iterable[str]) -> list[str]:
    """What is wrong with the file; ``doctors`` are the keys of those who may be reviewed."""
    known = set(doctors)
    return [
        f"{FILE.name}: {row.get('key')}: {problem}"
        for row in rows
        for problem in _problems(row, catalogue, known)
    ]


def _problems(row: Row, catalogue: Mapping[str, Addressed], doctors: set[str]) -> list[str]:
    if set(row) - {"reply"} != KEYS:
        return [f"missing or unknown: {', '.join(sorted(KEYS ^ set(row)))}"]
    place, said = catalogue.get(row["treatment"]), row["entries"]
    checks = {
        "there is no such doctor": row["doctor"] not in doctors,
        "there is no such treatment or use": place is None or row["use"] not in (None, *place.uses),
        "a verdict or what it rests on is unknown": any(
            each["verdict"] not in Verdict.values or set(each["weighed"]) - set(Weighed.values)
            for each in said
        ),
        "a cost or a mark is of nothing": any(
            set(each.get("costs", ())) - set(CostPart.values) or set(each.get("marks", ())) - set(RATINGS)
            for each in said
        ),
        "it was written before it was done": said[-1]["day"] > row["treated_days_ago"],
    }
    return [problem for problem, is_so in checks.items() if is_so]


def seed(rows: Iterable[Row], *, catalogue: Mapping[str, Addressed], moderator: User) -> int:
    """Write those whose author has none yet; how many."""
    doctors, made = by_key(), 0
    for row in rows:
        treated = timezone.now() - timedelta(days=row["treated_days_ago"])
        author = make_account(f"review-{row['key']}", handle=handle(row["key"]), joined=treated)
        if row["doctor"] in doctors and not author.reviews.exists():
            _write(row, author, doctors[row["doctor"]], catalogue[row["treatment"]], moderator)
            made += 1
    return made


def _write(row: Row, author: User, doctor: Doctor, place: Addressed, moderator: User) -> None:
    """Each entry is decided before the next, as it was; then the days are moved back. The trail keeps the truth."""
    treated = timezone.now() - timedelta(days=row["treated_days_ago"])
    review: Review | None = None
    for each in row["entries"]:
        entry = _said(each, row, author, doctor, place, review)
        review = entry.review
        sent = treated + timedelta(days=each["day"], minutes=pick(f"{row['key']} {each['day']}", 600))
        ReviewEntry.objects.filter(pk=entry.pk).update(day=each["day"])
        decide(entry, state=each.get("state", State.PUBLISHED), by=moderator)
        _move_back(ReviewEntry, entry.pk, sent)
        if each is row["entries"][0]:
            Review.objects.filter(pk=review.pk).update(begun_at=sent, declared_at=sent)
    if review is not None and "reply" in row and doctor.user is not None:
        _reply(row, Review.objects.get(pk=review.pk), doctor.user, moderator)


def _said(
    each: Row, row: Row, author: User, doctor: Doctor, place: Addressed, review: Review | None
) -> ReviewEntry:
    treated = timezone.now() - timedelta(days=row["treated_days_ago"])
    said = {
        "verdict": each["verdict"],
        "weighed": each["weighed"],
        "text": clean_body(each["text"]),
        **each.get("marks", {}),
    }
    costs = {part: Decimal(amount) for part, amount in each.get("costs", {}).items()}
    if costs:
        said |= {"currency": each["currency"], "paid_in": treated.year}
    if review is not None:
        return add_entry(review=review, by=author, said=said, costs=costs, photos=())
    about = {
        "use": place.uses[row["use"]] if row["use"] else None,
        "treated_on": treated.date(),
        "alias": clean_line(row["alias"]),
    }
    return review_doctor(
        by=author, doctor=doctor, treatment=place.treatment, about=about, said=said, costs=costs, photos=()
    )


def _reply(row: Row, review: Review, by: User, moderator: User) -> None:
    code = row["reply"]["template"]
    made = reply(review=review, by=by, text=PREPARED[code], template=code)
    decide(made, state=row["reply"]["state"], by=moderator)
    said = ReviewEntry.objects.filter(review=review).order_by("-pk").values_list("published_at", flat=True)[0]
    _move_back(ReviewReply, made.pk, (said or timezone.now()) + timedelta(days=2))


def _move_back(model: type[ReviewEntry] | type[ReviewReply], pk: int, sent: datetime) -> None:
    decided = sent + timedelta(hours=7)
    rows = model._default_manager.filter(pk=pk)
    rows.update(submitted_at=sent)
    rows.filter(published_at__isnull=False).update(published_at=decided, moderated_at=decided)
