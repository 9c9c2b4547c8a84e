"""When a figure that is made of private details may move, so that no difference shows one person's. Knows no rows.

What readers see of a figure is a function of whom it counts and with what. People come into it by groups of at least
``GROUP`` who do not all say the same, made by chance, and leave it by the same groups:

- who is new waits until there are enough for a group;
- a person is counted with what they said first, and a later word does not change that: what changed would be seen;
- whoever takes a review back, or the entry that is counted, leaves at the next night, and with them their whole group.
  Who has left is not counted in that figure again: what came back would show who did not.

So any two states differ by whole groups. Whoever compares them, a day or a year apart, learns of these, never of one.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Generic, TypeVar

# The fewest people whose private details come or go together.
GROUP = 5
# The fewest people a figure of private details is shown of.
SHOWN_FROM = 8
# A group of so many may all have said the same: that is no small group.
LARGE = 20
Said = TypeVar("Said", bound=Hashable)


@dataclass(frozen=True)
class Release(Generic[Said]):
    """Groups of the people a figure counts, by the number of their review, with what they said; and who has left it."""

    groups: Mapping[int, Mapping[int, Said]] = field(default_factory=dict)
    left: frozenset[int] = frozenset()

    @property
    def counted(self) -> dict[int, Said]:
        return {review: said for group in self.groups.values() for review, said in group.items()}

    @property
    def is_shown(self) -> bool:
        return len(self.counted) >= SHOWN_FROM


def next_release(
    release: Release[Said], now: Mapping[int, Said], *, broken: Collection[int] = ()
) -> Release[Said]:
    """The release of this night. ``now``: what public reviews say; ``broken``: groups that lost one without a trace."""
    groups, left = {}, set(release.left)
    for number, group in release.groups.items():
        if number in broken or any(now.get(review) != said for review, said in group.items()):
            left |= group.keys()
        else:
            groups[number] = group
    staying = Release(groups, frozenset(left))
    known = staying.counted.keys() | left
    fresh = {review: said for review, said in now.items() if review not in known}
    if len(fresh) < max(GROUP, SHOWN_FROM - len(staying.counted)):
        return staying
    number = max(release.groups, default=0) + 1
    return Release({**groups, **dict(enumerate(grouped(fresh), number))}, staying.left)


def may_move(said: Iterable[Hashable]) -> bool:
    """Whether people may be a group: enough of them, and not all with the same words."""
    words = list(said)
    return len(words) >= GROUP and (len(set(words)) > 1 or len(words) >= LARGE)


def grouped(fresh: Mapping[int, Said]) -> list[dict[int, Said]]:
    """All of them in groups that are as small as may be; none where they cannot be a group."""
    waiting, groups = dict[int, Said](), list[dict[int, Said]]()
    for review in SystemRandom().sample(sorted(fresh), len(fresh)):
        waiting[review] = fresh[review]
        if may_move(waiting.values()):
            groups.append(waiting)
            waiting = {}
    if groups:
        groups[-1].update(waiting)
    return groups
