"""Time since a treatment, in the bands by which readers may also choose reviews. Knows no rows.

Each begins where people are asked again, but for the first: who answers the question of day 90 or of day 365 stands in
the band that this day opens, however late.
"""

from __future__ import annotations

from dataclasses import dataclass

from doctors.models import MILESTONES


@dataclass(frozen=True)
class TimeBand:
    """From so many days on and before so many; ``asked``: the day on which people are asked for it."""

    name: str
    label: str
    begins: int
    ends: int | None
    asked: int

    def holds(self, day: int) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


BANDS = (
    TimeBand("weeks", "Up to 3 months", 0, MILESTONES[1], MILESTONES[0]),
    TimeBand("months", "3 months to a year", MILESTONES[1], MILESTONES[2], MILESTONES[1]),
    TimeBand("years", "A year or longer", MILESTONES[2], None, MILESTONES[2]),
)
