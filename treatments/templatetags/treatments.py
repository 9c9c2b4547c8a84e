"""The use matrix in the order its reader chose."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django import template

from treatments.enums import Status
from treatments.models import BodyArea, TreatmentUse
from treatments.selectors import sort_key

register = template.Library()

STATUS_ORDER = [*Status.values, "none"]


@register.simple_tag
def use_groups(
    uses: list[TreatmentUse], sort: str, counts: Mapping[int, Mapping[str, Any]]
) -> list[tuple[BodyArea | None, list[TreatmentUse]]]:
    """``[(body area, uses)]`` from head to foot; sorted by anything but the name, one group without an area.

    ``counts`` is what ``{% use_counts %}`` gives: the number of threads is known on a higher floor only.
    """
    if sort == "threads":
        return [
            (
                None,
                sorted(uses, key=lambda use: (-counts.get(use.pk, {}).get("threads", 0), sort_key(use.name))),
            )
        ]
    if sort == "status":
        return [(None, sorted(uses, key=lambda use: (STATUS_ORDER.index(use.status), sort_key(use.name))))]
    ordered = sorted(uses, key=lambda use: (_position(use), sort_key(use.name)))
    return [(area, list(rows)) for area, rows in groupby(ordered, key=lambda use: use.body_area)]


def _position(use: TreatmentUse) -> tuple[int, str]:
    return (use.body_area.position, use.body_area.name) if use.body_area else (10**6, "")
