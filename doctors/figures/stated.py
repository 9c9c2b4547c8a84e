"""The thresholds as the trust page states them."""

from __future__ import annotations

from typing import Any

from doctors.figures.bands import BANDS
from doctors.figures.private import GRACE
from doctors.figures.releases import GROUP, LARGE, SHOWN_FROM
from doctors.figures.shares import CONFIDENCE, PERCENT_FROM

COUNTING: dict[str, Any] = {
    "percent_from": PERCENT_FROM,
    "confidence": round(100 * CONFIDENCE),
    "shown_from": SHOWN_FROM,
    "group": GROUP,
    "large": LARGE,
    "bands": BANDS,
    "grace_days": GRACE.days,
}
