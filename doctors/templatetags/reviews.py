"""Reviews as previews on other pages, and how long after a treatment something was said."""

from __future__ import annotations

from typing import Any

from django import template

from doctors.models import Doctor
from doctors.reviews import reviews_of
from treatments.models import Treatment

register = template.Library()

PREVIEW = 3
# Up to how many days one speaks in days, weeks, months.
IN_DAYS, IN_WEEKS, IN_MONTHS = 14, 60, 730


@register.inclusion_tag("doctors/_newest_reviews.html")
def newest_reviews(about: Doctor | Treatment) -> dict[str, Any]:
    """The last that are public of a doctor or of a treatment. Five queries; one where there are none."""
    of = {"doctor": about} if isinstance(about, Doctor) else {"treatment": about}
    return {**of, "reviews": list(reviews_of(about).order_by("-pk")[:PREVIEW])}


@register.filter
def since(day: int) -> str:
    """``40`` → “5 weeks after it”."""
    if day == 0:
        return "on the same day"
    for upto, length, noun in ((IN_DAYS, 1, "day"), (IN_WEEKS, 7, "week"), (IN_MONTHS, 30, "month")):
        if day < upto:
            return _after(day // length, noun)
    return _after(day // 365, "year")


def _after(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'} after it"
