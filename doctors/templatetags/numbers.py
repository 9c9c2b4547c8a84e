"""What the numbers say, on pages of treatments, uses and doctors. Each tag asks a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django import template

from doctors.figures.drawing import costs_drawn, marks_drawn, shares_drawn
from doctors.figures.reading import came_back, costs_shown, marks_shown
from doctors.figures.releases import SHOWN_FROM
from doctors.figures.shares import PERCENT_FROM
from doctors.figures.verdicts import reasons_against, share_by_now, shares_by_use, shares_over_time
from doctors.models import Doctor
from treatments.models import Treatment, TreatmentUse

register = template.Library()


@register.inclusion_tag("doctors/_worth_it.html")
def worth_it(treatment: Treatment, use: TreatmentUse | None = None) -> dict[str, Any]:
    """Whether it was, by now and over time, and why not. Four queries, one more without a use; one if nobody said."""
    share = share_by_now(treatment, use)
    context = {
        "treatment": treatment,
        "use": use,
        "share": share,
        "percent_from": PERCENT_FROM,
        "in_gallery": "",
    }
    if not share.people:
        return context
    over_time = shares_over_time(treatment, use)
    return context | {
        "chart": shares_drawn(over_time, came_back(treatment, use)),
        "reasons": reasons_against(treatment, use),
        "uses": [] if use else shares_by_use(treatment),
    }


@register.inclusion_tag("doctors/_worth_it_line.html")
def worth_it_line(treatment: Treatment, use: TreatmentUse | None = None) -> dict[str, Any]:
    """The same in one sentence, for pages about something else. One query."""
    share = share_by_now(treatment, use)
    return {"treatment": treatment, "use": use, "share": share, "percent_from": PERCENT_FROM}


@register.inclusion_tag("doctors/_cost_bands.html")
def cost_bands(treatment: Treatment) -> dict[str, Any]:
    """What people paid, by country, currency and year. One query."""
    places = [(place, costs_drawn(place.years)) for place in costs_shown(treatment)]
    return {"treatment": treatment, "places": places, "shown_from": SHOWN_FROM, "in_gallery": ""}


@register.inclusion_tag("doctors/_ratings.html")
def ratings_of(doctor: Doctor) -> dict[str, Any]:
    """The marks patients gave, each thing by itself. One query."""
    return {
        "doctor": doctor,
        "charts": marks_drawn(marks_shown(doctor)),
        "shown_from": SHOWN_FROM,
        "in_gallery": "",
    }
