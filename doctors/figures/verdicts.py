"""Whether it was worth it, as public reviews say in so many words: counted as they stand, at each request."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, F, Func, Max, QuerySet, Value, When

from doctors.enums import Verdict, Weighed
from doctors.figures.bands import BANDS, TimeBand
from doctors.figures.shares import Share, ranked
from doctors.models import Review, ReviewEntry
from treatments.models import Treatment, TreatmentUse


def share_of(said: dict[str, int]) -> Share:
    """Of numbers by verdict."""
    return Share(
        *(said.get(verdict, 0) for verdict in (Verdict.WORTH_IT, Verdict.NOT_WORTH_IT, Verdict.NOT_SURE))
    )


def reviews_about(treatment: Treatment, use: TreatmentUse | None = None) -> QuerySet[Review]:
    about = Review.objects.public().filter(treatment=treatment).order_by()
    return about.filter(use=use) if use else about


def share_by_now(treatment: Treatment, use: TreatmentUse | None = None) -> Share:
    """By what each person said last. One query."""
    rows = reviews_about(treatment, use).values_list("latest__verdict").annotate(number=Count("pk"))
    return share_of(dict(rows))


def shares_over_time(treatment: Treatment, use: TreatmentUse | None = None) -> list[tuple[TimeBand, Share]]:
    """By what each person said last within each band of time. One query."""
    within = Case(
        *(When(day__gte=band.begins, then=Value(band.name)) for band in reversed(BANDS)),
        output_field=CharField(),
    )
    entries = ReviewEntry.objects.public().filter(review__treatment=treatment)
    if use:
        entries = entries.filter(review__use=use)
    each = entries.annotate(band=within).order_by().values("review_id", "band").annotate(last=Max("pk"))
    rows = (
        ReviewEntry._base_manager.filter(pk__in=each.values("last"))
        .annotate(band=within)
        .order_by()
        .values_list("band", "verdict")
        .annotate(number=Count("pk"))
    )
    found: dict[str, dict[str, int]] = {band.name: {} for band in BANDS}
    for band, verdict, number in rows:
        found[band][verdict] = number
    return [(band, share_of(found[band.name])) for band in BANDS]


def reasons_against(treatment: Treatment, use: TreatmentUse | None = None) -> list[tuple[str, int]]:
    """What those rest on who say by now that it was not worth it, the most named first. One query."""
    against = reviews_about(treatment, use).filter(latest__verdict=Verdict.NOT_WORTH_IT)
    codes = against.annotate(code=Func(F("latest__weighed"), function="unnest")).values_list(
        "code", flat=True
    )
    counted = Counter(codes)
    order = {reason.value: place for place, reason in enumerate(Weighed)}
    rows = sorted(counted.items(), key=lambda row: (-row[1], order[row[0]]))
    return [(Weighed(code).label, number) for code, number in rows]


@dataclass(frozen=True)
class OfUse:
    """A use as its line reads it."""

    name: str
    url: str


def shares_by_use(treatment: Treatment) -> list[tuple[str, OfUse, Share]]:
    """Each use that anybody reviewed, in the order of the lower bound. One query."""
    rows = (
        reviews_about(treatment)
        .filter(use__isnull=False)
        .values_list("use", "use__slug", "use__name", "latest__verdict")
        .annotate(number=Count("pk"))
    )
    said: dict[tuple[int, str, str], dict[str, int]] = {}
    for use, slug, name, verdict, number in rows:
        said.setdefault((use, slug, name), {})[verdict] = number
    return ranked(
        (
            name,
            OfUse(name, TreatmentUse(slug=slug, treatment=treatment).get_absolute_url()),
            share_of(numbers),
        )
        for (_, slug, name), numbers in said.items()
    )
