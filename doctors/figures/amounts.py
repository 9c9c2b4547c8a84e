"""What half of a group of people paid, in rounded figures. Knows no rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import quantiles

# How many figures of an amount are shown; the rest are noughts.
FIGURES = 2
# What is said of how many paid for a part, by the least share of people it holds for.
HOW_MANY = (
    (Decimal("0.8"), "nearly all"),
    (Decimal("0.5"), "most"),
    (Decimal("0.2"), "some"),
    (Decimal(0), "few"),
)


@dataclass(frozen=True)
class Band:
    """A quarter paid less than ``low``, half less than ``middle``, a quarter more than ``high``; in whole units."""

    low: int
    middle: int
    high: int


def rounded(amount: Decimal) -> int:
    """To two figures, halves upwards: 4,349 is 4,300. Below ten to whole units."""
    places = max(amount.adjusted() - FIGURES + 1, 0)
    step = Decimal(10) ** places
    return int((amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)


def band(amounts: Iterable[Decimal]) -> Band:
    """Quartiles of two amounts or more, each by itself rounded.

    Quartiles and not the tenth and the ninetieth of a hundred: among eight people those two are nearly the cheapest
    and the dearest, that is, two persons. Interpolated between neighbours, as spreadsheets do it: definition 7 of
    R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361–365.
    """
    low, middle, high = quantiles(sorted(amounts), n=4, method="inclusive")
    return Band(rounded(low), rounded(middle), rounded(high))


def how_many(some: int, of: int) -> str:
    """A share in a word, so that one person more or less can hardly be seen: “most”."""
    return next(word for least, word in HOW_MANY if some >= least * of)
