"""What the floors above keep about treatments: told before a merge, and carried along with it.

A floor registers its part when the site starts. Nothing that names a treatment is lost for want of a part: the
merge is refused while a row still names what is about to go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User
    from treatments.models import Treatment


@dataclass(frozen=True)
class Merge:
    """One merge under way. ``uses``: the key of each use that ends, and of the one of the target that it is.

    ``carried``: what a floor has moved, by model, for the floors above it.
    """

    source: Treatment
    target: Treatment
    uses: dict[int, int]
    by: User
    carried: dict[type[Model], list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Companion:
    """``told`` says in sentences what there is to move, ``moved`` moves it, inside the merge's transaction."""

    told: Callable[[Treatment, Treatment], Iterable[str]]
    moved: Callable[[Merge], None]


COMPANIONS: list[Companion] = []


def goes_along(companion: Companion) -> None:
    """Floors register from below upwards, and move in that order."""
    COMPANIONS.append(companion)


def told(source: Treatment, target: Treatment) -> list[str]:
    """What all floors above have to say of merging these."""
    return [line for companion in COMPANIONS for line in companion.told(source, target)]
