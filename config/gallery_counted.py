"""For the gallery: what the numbers say over reviews, in every state, with invented figures."""

from __future__ import annotations

from typing import Any

from doctors.figures.bands import BANDS
from doctors.figures.drawing import costs_drawn, marks_drawn, shares_drawn
from doctors.figures.reading import Marks, Paid, Place
from doctors.figures.releases import SHOWN_FROM
from doctors.figures.shares import PERCENT_FROM, Share, ranked
from doctors.figures.verdicts import OfUse

PARTS = [("nearly all", "the doctor"), ("some", "the clinic or operating room, anaesthesia")]
YEARS = [
    Paid("2026", 34, 3100, 4100, 5200, PARTS),
    Paid("2025", 8, 2900, 2900, 2900, PARTS[:1]),
    Paid("2024", 112, 120, 2600, 9800, PARTS),
]


def counted() -> dict[str, Any]:
    """``{worth_it, few, nobody, costs, no_costs, ratings, no_ratings}``: the contexts of the parts."""
    about = {"treatment": {"name": "Botox", "slug": "botox"}, "use": None, "percent_from": PERCENT_FROM}
    over_time = zip(BANDS, (Share(58, 22, 9), Share(30, 0, 2), Share(7, 5, 1)), strict=True)
    uses = ranked(
        (name, OfUse(name, "#worth-it"), share)
        for name, share in (
            ("Frown lines", Share(58, 22, 9)),
            ("Masseter", Share(20, 0)),
            ("Neck", Share(2, 1)),
        )
    )
    return {
        "worth_it": about
        | {
            "share": Share(80, 24, 11),
            "chart": shares_drawn(list(over_time), {"weeks": (31, 74), "months": (9, 40)}),
            "reasons": [("How long it lasts", 14), ("What it cost", 9), ("Pain", 1)],
            "uses": uses,
        },
        "few": about
        | {
            "share": Share(2, 1),
            "chart": shares_drawn([(BANDS[0], Share(2, 1)), (BANDS[1], Share()), (BANDS[2], Share())], {}),
        },
        "nobody": about | {"share": Share()},
        "costs": {"places": [(Place("the United States", "USD", YEARS), costs_drawn(YEARS))]},
        "ratings": {
            "charts": marks_drawn(
                [
                    Marks("explained the risks", 24, (0, 1, 3, 8, 12)),
                    Marks("listened", 9, (1, 0, 0, 0, 8)),
                ]
            )
        },
        "shown_from": SHOWN_FROM,
    }
