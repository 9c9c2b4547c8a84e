"""Reviews by the hundred, written straight into the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from accounts.models import User
from core.enums import State
from doctors.enums import Verdict
from doctors.models import DECLARATION, Doctor, Review, ReviewCost, ReviewEntry
from tests.factories import some_moderator
from treatments.models import Treatment, TreatmentUse

NUMBERS = count()


@dataclass(frozen=True)
class Said:
    """One entry: on which day, what; ``costs`` by part."""

    day: int = 100
    verdict: str = Verdict.WORTH_IT
    weighed: Sequence[str] = ()
    marks: dict[str, int] = field(default_factory=dict)
    costs: dict[str, Decimal] = field(default_factory=dict)
    paid_in: int = 2025
    state: str = State.PUBLISHED


def write(
    doctor: Doctor,
    treatment: Treatment,
    people: Iterable[Sequence[Said]],
    *,
    use: TreatmentUse | None = None,
    days_ago: int = 1000,
) -> list[Review]:
    """A review for each of these people, of whom nobody is known yet."""
    entries = list(people)
    names = [f"crowd-{next(NUMBERS)}" for _ in entries]
    authors = User.objects.bulk_create(
        User(email=f"{name}@example.org", handle=name, password="!") for name in names
    )
    reviews = Review.objects.bulk_create(
        Review(
            author=author,
            doctor=doctor,
            treatment=treatment,
            use=use,
            treated_on=timezone.localdate() - timedelta(days=days_ago),
            declaration=DECLARATION,
        )
        for author in authors
    )
    for review, said in zip(reviews, entries, strict=True):
        for each in said:
            say(review, each)
    return reviews


def say(review: Review, said: Said) -> ReviewEntry:
    """One entry more."""
    now, is_public = timezone.now(), said.state == State.PUBLISHED
    entry = ReviewEntry.objects.create(
        review=review,
        day=said.day,
        verdict=said.verdict,
        weighed=list(said.weighed),
        text="As it was.",
        state=said.state,
        submitted_at=now,
        published_at=now if is_public else None,
        moderated_at=now if is_public else None,
        moderated_by=some_moderator() if is_public else None,
        currency="USD" if said.costs else "",
        paid_in=said.paid_in if said.costs else None,
        **said.marks,
    )
    ReviewCost.objects.bulk_create(
        ReviewCost(entry=entry, part=part, amount=amount) for part, amount in said.costs.items()
    )
    return entry


def paying(amounts: Iterable[int], *, paid_in: int = 2025) -> list[list[Said]]:
    """People who paid so much for the doctor, and something for the product where it was much."""
    return [[Said(costs={"surgeon": Decimal(amount)}, paid_in=paid_in)] for amount in amounts]
