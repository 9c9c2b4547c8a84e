"""Reading reviews: what readers see of a doctor or a treatment, and what is one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from core.enums import State
from doctors.enums import Verdict
from doctors.models import Doctor, Review, ReviewEntry, ReviewReply, VisitProof
from treatments.models import Treatment

if TYPE_CHECKING:
    from accounts.models import User

# When a review was last gone on with, as readers choose among them: from, and before, how many days.
SINCE: dict[str, tuple[str, int, int | None]] = {
    "weeks": ("Up to 3 months", 0, 90),
    "months": ("3 months to a year", 90, 365),
    "years": ("A year or longer", 365, None),
}


def reviews_of(about: Doctor | Treatment) -> QuerySet[Review]:
    """What is public of a doctor or of a treatment, to be shown: four queries for any number."""
    of = {"doctor": about} if isinstance(about, Doctor) else {"treatment": about}
    return shown(Review.objects.public().filter(**of))


def shown(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """With all that readers see of each: ``said`` (latest first), ``replies`` (one at most), ``is_visit_shown``."""
    said = ReviewEntry.objects.public().prefetch_related("photos__photo__renditions")
    proof = VisitProof.objects.filter(review=OuterRef("pk"), state=State.PUBLISHED)
    return (
        reviews.select_related("author", "doctor", "treatment", "use")
        .annotate(is_visit_shown=Exists(proof))
        .prefetch_related(
            Prefetch("entries", said.order_by("-pk"), to_attr="said"),
            Prefetch("reply", ReviewReply.objects.public(), to_attr="said_back"),
        )
    )


def counted(reviews: QuerySet[Review]) -> dict[str, int]:
    """How many say what by now. One query."""
    rows = reviews.order_by().values_list("latest__verdict").annotate(count=Count("pk"))
    found = dict(rows)
    return {verdict.value: found.get(verdict.value, 0) for verdict in Verdict}


def own_reviews(user: User) -> QuerySet[Review]:
    """All that somebody wrote, in whatever state, the latest review first; of each all entries."""
    entries = ReviewEntry.objects.order_by("-pk").prefetch_related("costs", "photos__photo__renditions")
    return (
        Review.objects.filter(author=user)
        .select_related("doctor", "treatment", "use", "proof", "reply", "author")
        .prefetch_related(Prefetch("entries", entries, to_attr="written"))
    )
