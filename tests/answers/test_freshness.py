"""How current an answer is, to the day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from answers.freshness import Currency, freshness_of, in_one_phrase, with_freshness
from answers.models import Answer
from core.enums import State
from treatments.models import SafetyNotice, Treatment

TREATMENT = Treatment(review_interval_months=12)
CONFIRMED = datetime(2025, 3, 6, 15, tzinfo=UTC)


def answer(confirmed_at: datetime | None = CONFIRMED, **fields) -> Answer:
    given = {"state": State.PUBLISHED, "answered_at": CONFIRMED, **fields}
    return Answer(confirmed_at=confirmed_at, **given)


def notice(issued_on: date, product: str = "Batch 7") -> SafetyNotice:
    return SafetyNotice(issued_on=issued_on, product=product)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2025, 3, 6), Currency.CURRENT),
        (date(2026, 3, 5), Currency.CURRENT),
        (date(2026, 3, 6), Currency.DUE),
        (date(2026, 6, 3), Currency.DUE),
        (date(2026, 6, 4), Currency.LAPSED),
    ],
    ids=["same day", "day before", "due day", "89 days past", "90 days past"],
)
def test_it_falls_due_after_the_interval_and_lapses_ninety_days_later(today: date, state: Currency) -> None:
    fresh = freshness_of(answer(), treatment=TREATMENT, notices=[], today=today)
    assert (fresh.state, fresh.confirmed_on, fresh.due_on) == (state, date(2025, 3, 6), date(2026, 3, 6))
    assert fresh.wants_confirmation == (state != Currency.CURRENT)


@pytest.mark.parametrize(
    ("issued_on", "predates"),
    [(date(2025, 3, 5), False), (date(2025, 3, 6), False), (date(2025, 3, 7), True)],
    ids=["day before", "same day", "day after"],
)
def test_a_notice_marks_what_was_last_confirmed_on_an_earlier_day(issued_on: date, predates: bool) -> None:
    fresh = freshness_of(answer(), treatment=TREATMENT, notices=[notice(issued_on)], today=date(2025, 4, 1))
    assert bool(fresh.predates) == predates == fresh.wants_confirmation
    assert fresh.state == Currency.CURRENT


def test_every_later_notice_is_named_latest_first() -> None:
    notices = [notice(date(2025, 5, 1), "One"), notice(date(2024, 1, 1)), notice(date(2025, 6, 1), "Two")]
    fresh = freshness_of(answer(), treatment=TREATMENT, notices=notices)
    assert [n.product for n in fresh.predates] == ["Two", "One"]


def test_an_import_counts_from_its_own_day_if_it_has_one() -> None:
    dated = freshness_of(answer(None), treatment=TREATMENT, notices=[], today=date(2026, 3, 6))
    assert (dated.state, dated.confirmed_on) == (Currency.DUE, date(2025, 3, 6))


def test_what_nobody_dated_carries_every_notice_in_force() -> None:
    notices = [notice(date(2025, 5, 1), "One"), notice(date(2026, 5, 1), "Two")]
    undated = freshness_of(answer(None, is_dated=False), treatment=TREATMENT, notices=notices)
    assert (undated.state, undated.confirmed_on) == (Currency.UNKNOWN, None)
    assert [n.product for n in undated.predates] == ["Two", "One"]


def test_without_a_treatment_nothing_falls_due() -> None:
    assert (
        freshness_of(answer(), treatment=None, notices=[], today=date(2050, 1, 1)).state == Currency.CURRENT
    )


def phrase(*answers: Answer, notices: tuple[SafetyNotice, ...] = ()) -> str:
    return in_one_phrase(
        with_freshness(list(answers), treatment=Treatment(review_interval_months=30_000), notices=notices)
    )


def day(year: int, month: int) -> datetime:
    return datetime(year, month, 6, tzinfo=UTC)


def test_the_thread_says_it_in_one_phrase() -> None:
    assert phrase() == ""
    assert phrase(answer(day(2026, 3))) == "last confirmed by its doctor in March 2026"
    assert (
        phrase(answer(day(2026, 3)), answer(day(2026, 5)), answer(day(2026, 4)))
        == "last confirmed by their doctors between March 2026 and May 2026"
    )
    assert phrase(answer(day(2026, 3)), answer(None, is_dated=False)) == ""


def test_a_notice_comes_before_anything_else_in_the_phrase() -> None:
    both = (answer(day(2026, 3)), answer(day(2026, 5)))
    assert (
        phrase(*both, notices=(notice(date(2026, 4, 2)),))
        == "1 of 2 answers predates the safety notice of 2 April 2026"
    )
    later = (notice(date(2026, 4, 2)), notice(date(2026, 7, 1)))
    assert phrase(*both, notices=later) == "2 of 2 answers predate the safety notice of 1 July 2026"
    assert phrase(both[0], notices=later) == "1 answer predates the safety notice of 1 July 2026"


def test_the_phrase_is_careful_about_what_nobody_dated() -> None:
    issued = (notice(date(2026, 4, 2)),)
    undated, older, newer = answer(None, is_dated=False), answer(day(2026, 3)), answer(day(2026, 5))
    assert phrase(undated, notices=issued) == "1 answer may predate the safety notice of 2 April 2026"
    assert phrase(undated, newer, notices=issued).startswith("1 of 2 answers may predate the safety notice")
    assert phrase(undated, older, notices=issued).startswith("2 of 2 answers predate or may predate the")


def test_what_is_due_is_counted() -> None:
    pair = with_freshness([answer(day(2001, 3)), answer(day(2001, 5))], treatment=TREATMENT, notices=[])
    assert in_one_phrase(pair) == "2 of 2 answers are due for confirmation"
    assert in_one_phrase(pair[:1]) == "1 answer is due for confirmation"


def test_what_is_not_public_says_nothing() -> None:
    (waiting,) = with_freshness([answer(state=State.PENDING)], treatment=TREATMENT, notices=[])
    assert waiting.freshness is None
