"""The use matrix as its reader chose it: which uses, in which order, for which country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from treatments.enums import Status
from treatments.models import BodyArea
from treatments.selectors import LabelledUse, sort_key

SORTS = {
    "area": "By body area",
    "name": "By name",
    "status": "By label",
    "threads": "Most discussed",
    "doctors": "Most doctors",
    "activity": "Latest activity",
}
STATUSES = {
    "approved": "Approved",
    "cleared": "Cleared",
    "off-label": "Off-label",
    "not-permitted": "Not permitted",
}
STATUS_ORDER = [*Status.values, "none"]
Choices = list[tuple[str, str, bool]]
# What a higher floor knows of each use: ``{use id: {"threads", "last_activity_at"}}`` and ``{use id: Bar}``.
Counts = Mapping[int, Mapping[str, Any]]
Bars = Mapping[int, Any]
Groups = list[tuple[BodyArea | None, list[LabelledUse]]]


@dataclass(frozen=True)
class Choice:
    """``sort`` and ``status`` of an address; unknown values mean the default. ``stays`` keeps its country."""

    sort: str = "area"
    status: str = ""
    stays: str = ""

    @classmethod
    def of(cls, params: QueryDict, *, stays: str = "") -> Choice:
        sort, status = params.get("sort", ""), params.get("status", "")
        return cls(sort if sort in SORTS else "area", status if status in STATUSES else "", stays)

    def pick(self, rows: Iterable[LabelledUse]) -> list[LabelledUse]:
        wanted = self.status.replace("-", "_")
        return [row for row in rows if not wanted or row.status == wanted]

    @property
    def query(self) -> str:
        """The query string; what is the default is left out, so that each page has one address."""
        chosen = {"sort": self.sort if self.sort != "area" else "", "status": self.status}
        given = urlencode({name: value for name, value in chosen.items() if value})
        return "?" + "&".join(part for part in (given, self.stays) if part)

    def sorts(self) -> Choices:
        return [
            (label, Choice(name, self.status, self.stays).query, name == self.sort)
            for name, label in SORTS.items()
        ]

    def statuses(self, rows: Iterable[LabelledUse]) -> Choices:
        """The labels that these uses have, and all of them."""
        held = {row.status for row in rows}
        return [
            (label, Choice(self.sort, name, self.stays).query, name == self.status)
            for name, label in {"": "Any label", **STATUSES}.items()
            if not name or name.replace("-", "_") in held
        ]


def in_groups(rows: Iterable[LabelledUse], sort: str, counts: Counts, bars: Bars) -> Groups:
    """``[(body area, rows)]`` from head to foot; sorted by anything else, one group without an area."""
    named = sorted(rows, key=lambda row: sort_key(row.use.name))
    if sort == "area":
        placed = sorted(named, key=_position)
        return [(area, list(group)) for area, group in groupby(placed, key=lambda row: row.use.body_area)]
    keys = {
        "name": lambda row: 0,
        "status": lambda row: STATUS_ORDER.index(row.status),
        "threads": lambda row: -counts.get(row.pk, {}).get("threads", 0),
        "doctors": lambda row: -bars[row.pk].total,
        "activity": lambda row: -_moment(counts.get(row.pk, {}).get("last_activity_at")),
    }
    return [(None, sorted(named, key=keys[sort]))]


def _moment(moment: datetime | None) -> float:
    return moment.timestamp() if moment else float("-inf")


def _position(row: LabelledUse) -> tuple[int, str]:
    area = row.use.body_area
    return (area.position, area.name) if area else (10**6, "")
