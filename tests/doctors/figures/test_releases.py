"""An attacker reads every page before and after, knows the rules, and learns of groups alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from doctors.figures.releases import GROUP, LARGE, SHOWN_FROM, Release, may_move, next_release

marks = st.integers(1, 5)
Said = dict[int, int]


def first(said: Mapping[int, int]) -> Release[int]:
    return next_release(Release[int](), said)


def differ(before: Release[int], after: Release[int]) -> tuple[Said, Said]:
    """Who came and who left, with what they said; one who is counted otherwise has done both."""
    old, new = before.counted.items(), after.counted.items()
    return dict(new - old), dict(old - new)


@pytest.mark.parametrize(
    ("n", "is_shown"), [(SHOWN_FROM - 1, False), (SHOWN_FROM, True), (SHOWN_FROM + 1, True)]
)
def test_the_first_figure_is_of_eight_people(n: int, is_shown: bool) -> None:
    assert first({pk: pk % 3 for pk in range(n)}).is_shown is is_shown


@pytest.mark.parametrize(("n", "moves"), [(GROUP - 1, False), (GROUP, True), (GROUP + 1, True)])
def test_later_ones_come_five_at_a_time(n: int, moves: bool) -> None:
    said = {pk: pk % 3 for pk in range(12)}
    before = first(said)
    after = next_release(before, said | {100 + pk: pk % 2 for pk in range(n)})
    assert (after != before) is moves


@pytest.mark.parametrize(("n", "moves"), [(LARGE - 1, False), (LARGE, True)])
def test_a_small_group_that_is_of_one_mind_waits(n: int, moves: bool) -> None:
    """All fives would say of each that it gave five."""
    assert first(dict.fromkeys(range(n), 5)).is_shown is moves


def test_nobody_leaves_alone_and_who_left_with_them_stays_away() -> None:
    said = {pk: pk % 5 for pk in range(30)}
    before = first(said)
    del said[7]
    after = next_release(before, said)
    _, gone = differ(before, after)
    assert 7 in gone
    assert may_move(gone.values())
    later = next_release(after, said | {100 + pk: pk for pk in range(GROUP)})
    assert not gone.keys() & later.counted.keys()


def test_large_groups_are_made_only_where_people_are_of_one_mind() -> None:
    """One who leaves takes few with them."""
    assert {len(group) for group in first({pk: pk for pk in range(100)}).groups.values()} == {GROUP}
    assert max(len(group) for group in first(dict.fromkeys(range(100), 5)).groups.values()) == LARGE


@settings(max_examples=100)
@given(
    st.dictionaries(st.integers(0, 60), marks, max_size=40), st.integers(0, 60), st.one_of(st.none(), marks)
)
def test_one_review_added_changed_or_removed_shows_no_difference_or_that_of_a_group(
    said: Said, one: int, becomes: int | None
) -> None:
    """The two pages before and after: what they differ by is a mixture of people who do not all say the same."""
    before = first(said)
    now = {pk: mark for pk, mark in said.items() if pk != one} | ({one: becomes} if becomes else {})
    after = next_release(before, now)
    if before.is_shown and after.is_shown:
        came, gone = differ(before, after)
        assert not came
        assert not gone or (one in gone and may_move(gone.values()))
    assert next_release(after, now) == after, "a second night without news moved something"


class Nights(RuleBasedStateMachine):
    """Any sequence of what people do and of nights, watched by somebody who keeps every page."""

    reviews = Bundle("reviews")

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.said: Said = {}
        self.release = Release[int]()
        self.pages: list[Release[int]] = []

    @rule(target=reviews, said=marks)
    def somebody_writes(self, said: int) -> int:
        self.number += 1
        self.said[self.number] = said
        return self.number

    @rule(said=st.lists(marks, min_size=3, max_size=9))
    def several_write(self, said: list[int]) -> None:
        for mark in said:
            self.somebody_writes(mark)

    @rule(one=reviews, becomes=marks)
    def somebody_says_otherwise(self, one: int, becomes: int) -> None:
        if one in self.said:
            self.said[one] = becomes

    @rule(one=consumes(reviews))
    def somebody_takes_it_back(self, one: int) -> None:
        self.said.pop(one, None)

    @rule(one=consumes(reviews))
    def somebody_is_erased_and_a_night_passes(self, one: int) -> None:
        """Their rows go at once, also those of the figure."""
        self.said.pop(one, None)
        had = self.release.groups.items()
        broken = [number for number, group in had if one in group]
        groups = {number: {pk: mark for pk, mark in group.items() if pk != one} for number, group in had}
        self.night(Release(groups, self.release.left - {one}), broken)

    @rule()
    def a_night_passes(self) -> None:
        self.night(self.release)

    def night(self, release: Release[int], broken: list[int] | None = None) -> None:
        self.release = next_release(release, self.said, broken=broken or ())
        if self.release.is_shown:
            self.pages.append(self.release)

    @invariant()
    def no_two_pages_differ_by_fewer_than_a_group(self) -> None:
        for page in self.pages[:-1]:
            for who in differ(page, self.pages[-1]):
                assert not who or may_move(who.values())

    @invariant()
    def nobody_who_left_is_counted(self) -> None:
        assert not self.release.left & self.release.counted.keys()


Nights.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
TestNights = Nights.TestCase
