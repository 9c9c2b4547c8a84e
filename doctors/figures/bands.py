"""Time since a treatment, in the bands by which readers also choose reviews. Knows no rows.

Each begins where people are asked again, but for the first: who answers the question of day 90 or of day 365 stands in
the band that this day opens, however late.
"""

from __future__ import annotations

from dataclasses import dataclass

from doctors.models import MILESTONES
from doctors.reviews import SINCE


@dataclass(frozen=True)
class TimeBand:
    """From so many days on, until the next begins; ``asked``: the day on which people are asked for it."""

    name: str
    label: str
    begins: int
    asked: int


BANDS = tuple(
    TimeBand(name, label, begins, asked)
    for (name, (label, begins, _)), asked in zip(SINCE.items(), MILESTONES, strict=True)
)
