"""What becomes of what somebody said of doctors: it goes whole, with what was replied to it."""

from __future__ import annotations

from accounts.models import User
from config.privacy.trail import Traces
from doctors.models import Review, ReviewEntry, ReviewReply, VisitProof


def take_apart(user: User, traces: Traces) -> None:
    """The numbers that it was part of are computed without it from then on."""
    reviews = Review.objects.filter(author=user)
    for kind in (ReviewEntry, ReviewReply, VisitProof):
        for row in kind._default_manager.filter(review__in=reviews):
            traces.goes(row)
    for review in reviews:
        traces.goes(review)
    traces.words.update(alias for alias in reviews.values_list("alias", flat=True) if alias)
    reviews.delete()
