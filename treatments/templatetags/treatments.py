"""The use matrix in the order its reader chose, and whose practice an answer rests on."""

from __future__ import annotations

from typing import Any

from django import template

from treatments import countries
from treatments.enums import Jurisdiction
from treatments.matrix import Bars, Counts, Groups, in_groups
from treatments.selectors import LabelledUse

register = template.Library()
IN_SHORT = 6


@register.simple_tag
def use_groups(rows: list[LabelledUse], sort: str, counts: Counts, bars: Bars) -> Groups:
    """``[(body area, rows)]``. What threads and doctors say of a use is known on a higher floor only."""
    return in_groups(rows, sort, counts, bars)


@register.simple_tag
def most_discussed(rows: list[LabelledUse], bars: Bars) -> list[LabelledUse]:
    """The uses with the most positions, as many as a guide has room for; the others from head to foot."""
    return sorted(rows, key=lambda row: -bars[row.pk].total)[:IN_SHORT]


@register.inclusion_tag("treatments/_emergency_sources.html")
def emergency_sources() -> dict[str, Any]:
    """The document behind each country's emergency numbers."""
    return {"places": [(place.label, said) for place, said in countries.EMERGENCY.items()]}


@register.filter
def practice_elsewhere(code: str, here: Jurisdiction) -> str:
    """Where a doctor of a country practises, if not in the reader's; else nothing."""
    return countries.practice_elsewhere(code, here)
