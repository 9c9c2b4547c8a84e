"""What pictures say of something handed in: that they were seen elsewhere, or that two of them are one."""

from __future__ import annotations

from collections.abc import Iterator

from core.images.likeness import BITS
from core.images.matching import Match
from core.rules.reading import Hit, Reading


def of_others(reading: Reading) -> Iterator[Hit]:
    """Somebody else has sent this picture, or one that looks like it."""
    return (_elsewhere(match) for match in reading.matches.elsewhere if not match.is_own)


def of_author(reading: Reading) -> Iterator[Hit]:
    """The author has sent it before, in something else."""
    return (_elsewhere(match) for match in reading.matches.elsewhere if match.is_own)


def of_itself(reading: Reading) -> Iterator[Hit]:
    """Two of its own pictures look alike."""
    for match in reading.matches.within:
        yield Hit(f"two of its pictures look alike: {_near(match)}")


def _elsewhere(match: Match) -> Hit:
    holding = match.other.holding()
    held = holding.first() if holding is not None else None
    what = (
        f"{held.held_by._meta.verbose_name} {held.held_by.pk}"
        if held is not None
        else "something that is gone"
    )
    return Hit(f"picture {match.number} looks like one of {what}: {_near(match)}")


def _near(match: Match) -> str:
    return f"{match.bits} of {BITS} bits differ"
