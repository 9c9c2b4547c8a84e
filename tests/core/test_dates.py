"""Months of the calendar, and how long ago something was."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.dates import ago, months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 6), 12, date(2027, 3, 6)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), -24, date(2022, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_the_same_day_or_the_last_of_the_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "just now"), (3, "just now"), (60, "1 minute ago"), (750, "12 minutes ago"), (90_000, "1 day ago")],
)
def test_how_long_ago_is_said_without_a_clock(seconds: int, said: str) -> None:
    assert ago(timezone.now() - timedelta(seconds=seconds)).replace("\xa0", " ") == said
