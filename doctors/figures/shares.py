"""How many of those who said yes or no said yes, and how sure that is. Knows no rows.

Shares are between 0 and 1 and made of people, each counted once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TypeVar

# The fewest people who said yes or no of whom a share is shown.
PERCENT_FROM = 20
# How sure the bounds are: of all such intervals so many hold the true share.
CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
Named = TypeVar("Named")


def wilson(yes: int, n: int, z: float = Z) -> tuple[float, float]:
    """The lowest and the highest share that ``yes`` of ``n`` people go well with; from 0 to 1 where nobody was asked.

    The score interval without correction for continuity: E. B. Wilson, Probable inference, the law of succession, and
    statistical inference, Journal of the American Statistical Association 22 (1927) 209–212. Of the seven methods that
    R. G. Newcombe compares in Statistics in Medicine 17 (1998) 857–872 it is his third.
    """
    if not n:
        return 0.0, 1.0
    share, square = yes / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    around = z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return (0.0 if yes == 0 else middle - around), (1.0 if yes == n else middle + around)


def percent(share: float) -> int:
    """Whole percents; 0 and 100 are for none and all alone, and nothing is rounded to them."""
    if share in (0, 1):
        return int(100 * share)
    return min(max(int(100 * share + 0.5), 1), 99)


@dataclass(frozen=True)
class Share:
    """People who say that it was worth it, was not, or that they are not sure; the last stand beside the share."""

    yes: int = 0
    no: int = 0
    unsure: int = 0

    @property
    def n(self) -> int:
        """Those the share is of."""
        return self.yes + self.no

    @property
    def people(self) -> int:
        return self.n + self.unsure

    @property
    def is_enough(self) -> bool:
        return self.n >= PERCENT_FROM

    @property
    def percent(self) -> int:
        return percent(self.yes / self.n) if self.n else 0

    @property
    def low(self) -> int:
        return percent(wilson(self.yes, self.n)[0])

    @property
    def high(self) -> int:
        return percent(wilson(self.yes, self.n)[1])


def ranked(shares: Iterable[tuple[str, Named, Share]]) -> list[tuple[str, Named, Share]]:
    """``(name, thing, share)`` by the lower bound, the best first; then by how many said so, then by name.

    Few voices have a low lower bound, so that three out of three do not stand before ninety out of a hundred. What is
    too little for a share comes after all that is enough, by number of people and name.
    """

    def place(row: tuple[str, Named, Share]) -> tuple[bool, float, int, str]:
        name, _, share = row
        low = wilson(share.yes, share.n)[0] if share.is_enough else 0.0
        return not share.is_enough, -low, -share.people, name.casefold()

    return sorted(shares, key=place)
