"""Where things stand in the drawings: percents across, so that words keep their size on a phone, pixels down.

Knows no rows. What is drawn stands in the table beneath, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from doctors.figures.bands import TimeBand
from doctors.figures.reading import Marks, Paid
from doctors.figures.shares import Share, wilson

SHARE_ROW, COST_ROW, MARK_ROW = 64, 64, 22
# In percent of the drawing: how far the dearest reaches, where bars of marks begin and how long the longest is.
REACH, BEGIN, LONGEST = 96.0, 8.0, 76.0


def _at(share: float, reach: float = 100.0) -> str:
    return f"{reach * share:.2f}"


def shares_drawn(rows: Sequence[tuple[TimeBand, Share]], back: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """A row per band of time: where the share lies between none and all, and how sure that is.

    Nothing is drawn where there is no share in any of them."""
    drawn = []
    for place, (band, share) in enumerate(rows):
        low, high = wilson(share.yes, share.n)
        came, asked = back.get(band.name, (0, 0))
        drawn.append(
            {
                "label": band.label,
                "share": share,
                "y": place * SHARE_ROW,
                "low": _at(low),
                "width": _at(high - low),
                "at": _at(share.yes / share.n) if share.n else "",
                "came": came,
                "asked": asked,
                "away": asked - came,
            }
        )
    is_drawn = any(share.is_enough for _, share in rows)
    return {"rows": drawn, "height": len(drawn) * SHARE_ROW, "is_drawn": is_drawn}


def costs_drawn(years: Sequence[Paid]) -> dict[str, Any]:
    """A row per year: what half of the people paid between, on one scale from nothing."""
    most = max(paid.high for paid in years) or 1
    drawn = [
        {
            "paid": paid,
            "y": place * COST_ROW,
            "low": _at(paid.low / most, REACH),
            "width": _at(max(paid.high - paid.low, most / 200) / most, REACH),
            "at": _at(paid.middle / most, REACH),
        }
        for place, paid in enumerate(years)
    ]
    return {"rows": drawn, "height": len(drawn) * COST_ROW}


def marks_drawn(marks: Iterable[Marks]) -> list[dict[str, Any]]:
    """For each thing that is rated a bar per mark, five first."""
    return [
        {
            "marks": each,
            "height": 5 * MARK_ROW,
            "begin": BEGIN,
            "bars": [
                {
                    "mark": mark,
                    "count": count,
                    "y": (5 - mark) * MARK_ROW,
                    "middle": (5 - mark) * MARK_ROW + MARK_ROW // 2,
                    "width": _at(count / max(each.counts), LONGEST),
                    "end": f"{BEGIN + LONGEST * count / max(each.counts):.2f}",
                }
                for mark, count in reversed(list(enumerate(each.counts, 1)))
            ],
        }
        for each in marks
    ]
