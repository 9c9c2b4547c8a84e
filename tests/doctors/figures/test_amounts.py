"""Amounts are shown as quartiles in two figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from doctors.figures.amounts import band, how_many, rounded

money = st.decimals(Decimal("0.01"), Decimal("1000000"), places=2)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("4349", 4300),
        ("4350", 4400),
        ("99.5", 100),
        ("12.49", 12),
        ("3.50", 4),
        ("0.20", 0),
        ("1000000", 1_000_000),
    ],
)
def test_two_figures_of_an_amount_are_shown(amount: str, shown: int) -> None:
    assert rounded(Decimal(amount)) == shown


@pytest.mark.django_db
@settings(max_examples=30)
@given(st.lists(money, min_size=8, max_size=40))
def test_quartiles_are_those_postgresql_finds(paid: list[Decimal]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY amount)"
            " FROM unnest(%s::numeric[]) AS paid (amount)",
            [paid],
        )
        found = cursor.fetchone()[0]
    shown = band(paid)
    for ours, theirs in zip((shown.low, shown.middle, shown.high), found, strict=True):
        # within half a step of rounding
        assert abs(ours - theirs) <= max(0.5, theirs * 0.05) + 1e-6
    assert shown.low <= shown.middle <= shown.high


@pytest.mark.parametrize(
    ("some", "word"), [(8, "nearly all"), (7, "most"), (5, "most"), (4, "some"), (2, "some"), (1, "few")]
)
def test_how_many_paid_for_a_part_is_a_word(some: int, word: str) -> None:
    assert how_many(some, 10) == word
