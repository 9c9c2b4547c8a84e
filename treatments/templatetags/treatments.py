"""The use matrix in the order its reader chose."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django import template

from treatments.enums import Status
from treatments.models import BodyArea
from treatments.selectors import LabelledUse, sort_key

register = template.Library()

STATUS_ORDER = [*Status.values, "none"]


@register.simple_tag
def use_groups(
    rows: list[LabelledUse], sort: str, counts: Mapping[int, Mapping[str, Any]]
) -> list[tuple[BodyArea | None, list[LabelledUse]]]:
    """``[(body area, rows)]`` from head to foot; sorted by anything but the name, one group without an area.

    ``counts`` is what ``{% use_counts %}`` gives: the number of threads is known on a higher floor only.
    """
    named = sorted(rows, key=lambda row: sort_key(row.use.name))
    if sort == "threads":
        return [(None, sorted(named, key=lambda row: -counts.get(row.pk, {}).get("threads", 0)))]
    if sort == "status":
        return [(None, sorted(named, key=lambda row: STATUS_ORDER.index(row.status)))]
    placed = sorted(named, key=_position)
    return [(area, list(group)) for area, group in groupby(placed, key=lambda row: row.use.body_area)]


def _position(row: LabelledUse) -> tuple[int, str]:
    area = row.use.body_area
    return (area.position, area.name) if area else (10**6, "")
