"""What readers see of private details: figures as the last night left them, and nothing that is not enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from doctors.enums import CostPart, FigureKind
from doctors.figures.private import UNKNOWN
from doctors.models import RATINGS, Doctor, Figure, ReviewEntry
from treatments.countries import in_words, jurisdiction_of
from treatments.enums import Jurisdiction
from treatments.models import Treatment, TreatmentUse

if TYPE_CHECKING:
    from django.db.models import Field


@dataclass(frozen=True)
class Paid:
    """What half of some people paid in a year, and what for: ``[(how many, parts)]``."""

    year: str
    n: int
    low: int
    middle: int
    high: int
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class Place:
    """The years of one country and currency, the latest first."""

    name: str
    currency: str
    years: list[Paid]


@dataclass(frozen=True)
class Marks:
    """How many people gave how many of five, from one to five."""

    name: str
    n: int
    counts: tuple[int, ...]

    @property
    def high(self) -> int:
        return sum(self.counts[3:])


def _shown(kind: FigureKind, of: int) -> dict[str, dict[str, Any]]:
    """One query."""
    rows = Figure.objects.filter(kind=kind, of=of).exclude(shown={})
    return dict(rows.values_list("part", "shown"))


def costs_shown(treatment: Treatment) -> list[Place]:
    """By country and currency, the one with most people first. One query."""
    places: dict[tuple[str, str], list[Paid]] = {}
    for part, shown in _shown(FigureKind.COSTS, treatment.pk).items():
        country, currency, year = part.split()
        places.setdefault((country, currency), []).append(_paid(year, shown))
    found = [
        Place(_country(country), currency, sorted(years, key=lambda paid: paid.year, reverse=True))
        for (country, currency), years in places.items()
    ]
    return sorted(found, key=lambda place: (-sum(paid.n for paid in place.years), place.name, place.currency))


def _paid(year: str, shown: Mapping[str, Any]) -> Paid:
    said: dict[str, list[str]] = {}
    for part, how_many in shown["parts"].items():
        said.setdefault(how_many, []).append(CostPart(part).label.lower())
    order = ("nearly all", "most", "some", "few")
    parts = [(word, ", ".join(said[word])) for word in order if word in said]
    return Paid(year, shown["n"], shown["low"], shown["middle"], shown["high"], parts)


def _country(code: str) -> str:
    if code == UNKNOWN:
        return "Country not stated"
    place = jurisdiction_of(code)
    return code if place in (None, Jurisdiction.EU) else in_words(place)


def marks_shown(doctor: Doctor) -> list[Marks]:
    """Each thing a doctor is rated in that enough people rated, in the order of the form. One query."""
    shown = _shown(FigureKind.MARKS, doctor.pk)
    return [
        Marks(_words(name), figure["n"], tuple(figure["counts"]))
        for name in RATINGS
        if (figure := shown.get(name))
    ]


def _words(mark: str) -> str:
    return str(cast("Field", ReviewEntry._meta.get_field(mark)).verbose_name)


def came_back(treatment: Treatment, use: TreatmentUse | None = None) -> dict[str, tuple[int, int]]:
    """By band of time: how many of how many who were asked came back. One query."""
    found: dict[str, tuple[int, int]] = {}
    for part, shown in _shown(FigureKind.BACK, treatment.pk).items():
        band, of = part.split()
        if use is None or of == str(use.pk):
            came, asked = found.get(band, (0, 0))
            found[band] = came + shown["came"], asked + shown["n"]
    return found
