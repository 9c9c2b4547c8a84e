"""What public reviews tell in private, as it stands now: ``{part: {review: said}}`` of one treatment or doctor.

No two parts of a kind overlap, and a sum is made of what is shown of its parts: nothing can be found by subtracting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils import timezone

from doctors.enums import FigureKind
from doctors.figures.bands import BANDS
from doctors.models import RATINGS, ReviewCost, ReviewEntry
from doctors.models.review import ReviewEntryQuerySet

Parts = dict[str, dict[int, str]]
# So long somebody has to come back after being asked, and so much later it is counted: moderators have read it then.
GRACE = SETTLED = timedelta(days=30)
CAME, STAYED_AWAY = "yes", "no"
# Stands for a country or a use that is not given.
UNKNOWN = "-"


def costs_of(treatment: int) -> Parts:
    """What each person had paid in all, for which parts, by country of the doctor, currency and year. Two queries."""
    paid = _first(
        ReviewEntry.objects.public()
        .filter(Exists(ReviewCost.objects.filter(entry=OuterRef("pk"), amount__gt=0)))
        .filter(review__treatment=treatment)
    )
    entries = {
        pk: (review, f"{country or UNKNOWN} {currency} {year}")
        for pk, review, country, currency, year in paid.values_list(
            "pk", "review", "review__doctor__country", "currency", "paid_in"
        )
    }
    totals: dict[int, Decimal] = defaultdict(Decimal)
    parts: dict[int, list[str]] = defaultdict(list)
    rows = ReviewCost.objects.filter(entry__in=entries, amount__gt=0)
    for entry, part, amount in rows.values_list("entry", "part", "amount"):
        totals[entry] += amount
        parts[entry].append(part)
    found: Parts = defaultdict(dict)
    for entry, (about, where) in entries.items():
        found[where][about] = " ".join([str(totals[entry]), *sorted(parts[entry])])
    return found


def marks_of(doctor: int) -> Parts:
    """The mark each person gave for each thing a doctor is rated in. One query for each of these."""
    entries = ReviewEntry.objects.public().filter(review__doctor=doctor)
    return {
        name: {
            review: str(mark)
            for review, mark in _first(entries.exclude(**{name: None})).values_list("review", name)
        }
        for name in RATINGS
    }


def _first(entries: ReviewEntryQuerySet) -> ReviewEntryQuerySet:
    """Of each review what was said first: ADR 19."""
    return entries.order_by("review_id", "pk").distinct("review_id")


def back_of(treatment: int) -> Parts:
    """Of those who had written before they were asked again, and have had a month since: who wrote within it.

    By use, since pages show treatments and uses: what a treatment shows is the sum. One query.
    """
    entries = ReviewEntry.objects.public().filter(review__treatment=treatment).order_by()
    days: dict[tuple[int, int | None, date], list[int]] = defaultdict(list)
    for review, use, treated_on, day in entries.values_list(
        "review", "review__use", "review__treated_on", "day"
    ):
        days[review, use, treated_on].append(day)
    today, found = timezone.localdate(), defaultdict[str, dict[int, str]](dict)
    for (about, of_use, treated_on), written in days.items():
        for band in BANDS:
            in_time = range(band.asked, band.asked + GRACE.days + 1)
            if min(written) < band.asked and treated_on + timedelta(days=in_time.stop) + SETTLED <= today:
                came = any(day in in_time for day in written)
                found[f"{band.name} {of_use or UNKNOWN}"][about] = CAME if came else STAYED_AWAY
    return found


COUNTED: dict[str, Callable[[int], Parts]] = {
    FigureKind.COSTS: costs_of,
    FigureKind.MARKS: marks_of,
    FigureKind.BACK: back_of,
}
