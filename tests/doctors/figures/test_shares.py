"""Shares, their bounds and their order, against published values and sums done in another way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctors.figures.shares import PERCENT_FROM, Share, Z, percent, ranked, wilson

people = st.integers(0, 400)
# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: the score interval at 95 %.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("yes", "n", "low", "high"), PUBLISHED)
def test_the_bounds_are_those_of_the_paper(yes: int, n: int, low: float, high: float) -> None:
    assert [round(bound, 4) for bound in wilson(yes, n)] == [low, high]


@given(people, people)
def test_a_bound_is_where_the_share_seen_lies_just_within_what_is_likely(yes: int, no: int) -> None:
    """The definition: at each bound p the share seen is z standard errors of p away."""
    n = yes + no
    low, high = wilson(yes, n)
    assert 0 <= low <= high <= 1
    for bound in (low, high):
        if n and 0 < bound < 1:
            assert abs(yes / n - bound) == pytest.approx(Z * (bound * (1 - bound) / n) ** 0.5, abs=1e-9)


@given(people, people)
def test_nothing_is_rounded_to_all_or_none(yes: int, no: int) -> None:
    share = Share(yes, no)
    if share.n:
        assert (share.percent == 100) == (no == 0)
        assert (share.percent == 0) == (yes == 0)
        exact = Fraction(100 * yes, yes + no)
        assert abs(share.percent - exact) <= 1
        assert share.low <= share.percent <= share.high


@pytest.mark.parametrize(("share", "shown"), [(0.996, 99), (0.004, 1), (0.785, 79), (1, 100), (0, 0)])
def test_percents_are_whole(share: float, shown: int) -> None:
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("n", "is_enough"), [(PERCENT_FROM - 1, False), (PERCENT_FROM, True), (PERCENT_FROM + 1, True)]
)
def test_a_percentage_begins_at_twenty_who_said_yes_or_no(n: int, is_enough: bool) -> None:
    assert Share(n - 1, 1).is_enough is is_enough
    assert Share(n - 1, 1, unsure=5).is_enough is is_enough


def test_those_who_are_not_sure_stand_beside_the_share() -> None:
    share = Share(15, 5, 40)
    assert (share.n, share.people, share.percent) == (20, 60, 75)


def test_the_order_is_that_of_what_is_sure() -> None:
    """Twenty of twenty are less sure than 970 of a thousand; three of three wait behind all that is enough."""
    shares = {
        "all of a few": Share(3, 0),
        "all of twenty": Share(20, 0),
        "nearly all of many": Share(970, 30),
        "half": Share(50, 50),
        "Also half": Share(50, 50),
        "half, more unsure": Share(50, 50, 10),
    }
    order = [name for name, _, _ in ranked((name, None, share) for name, share in shares.items())]
    assert order == [
        *("nearly all of many", "all of twenty", "half, more unsure", "Also half", "half", "all of a few"),
    ]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), people, people), max_size=12), st.randoms())
def test_the_order_does_not_hang_on_where_one_began(rows: list[tuple[str, int, int]], random) -> None:
    shares = [(name + str(place), None, Share(yes, no)) for place, (name, yes, no) in enumerate(rows)]
    shuffled = shares.copy()
    random.shuffle(shuffled)
    assert ranked(shares) == ranked(shuffled)
