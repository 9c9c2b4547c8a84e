"""What the public ledger counts, and what it keeps to itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from config.desk.reasons import REASONS
from config.ledger import FEW, IMPORT, OWN_WORDS, SMALLEST, chart, decided_last_month, ledger, span, years
from core.audit import record
from core.moderation import transition
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, moderator, some_moderator

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=False):
        yield


def entry(action: str, *, day: date = date(2026, 11, 10), hours: int | None = None, code: str = "", obj=None):
    record(
        actor=some_moderator(),
        action=action,
        obj=obj or entry.question,
        at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        code=code,
        waited=None if hours is None else timedelta(hours=hours, minutes=20),
    )


@pytest.fixture(autouse=True)
def _question():
    entry.question = QuestionFactory()


def this_year():
    return ledger(*span(None)[:2])


def month(counted, name: str):
    return next(line for line in counted.months if line.name == name)


class TestTheTrail:
    def test_a_decision_keeps_its_code_and_how_long_it_was_waited_for(self) -> None:
        question = QuestionFactory(pending=True, submitted_at=NOW - timedelta(hours=7))
        transition(question, to="rejected", by=moderator(), reason=REASONS["spam"].sentence, code="spam")
        counted = this_year()
        assert month(counted, "November 2026").waits == Counter({7: 1})
        assert month(counted, "November 2026").counts == Counter({"Rejected": 1})

    def test_what_authors_do_is_no_decision(self) -> None:
        question = QuestionFactory(pending=True, submitted_at=NOW - timedelta(hours=7))
        transition(question, to="withdrawn", by=question.author)
        assert this_year().total == 0


class TestCounting:
    def test_each_decision_stands_in_its_month_and_under_its_kind(self) -> None:
        entry("publish", day=date(2026, 10, 31))
        entry("publish", day=date(2026, 11, 1), obj=AnswerFactory())
        entry("remove", day=date(2025, 12, 1))
        entry("restore")
        counted = this_year()
        assert [line.name for line in counted.months][::11] == ["December 2025", "November 2026"]
        assert month(counted, "October 2026").counts == Counter({"Published": 1})
        assert month(counted, "November 2026").counts == Counter({"Published": 1, "Restored": 1})
        assert {line.name: line.total for line in counted.kinds} == {"Questions": 3, "Answers": 1}
        assert counted.total == 4

    def test_what_lies_outside_the_months_is_left_out(self) -> None:
        entry("publish", day=date(2025, 11, 30))
        assert this_year().total == 0
        assert ledger(*span("2025")[:2]).total == 1

    def test_imports_stand_apart_from_what_moderators_decided(self) -> None:
        entry(IMPORT)
        entry("remove")
        counted = this_year()
        assert counted.total == 1
        assert counted.imported == [("Questions", 1)]
        assert counted.kinds[0].share_removed == "100.0 % (1 of 1)"

    def test_checks_of_doctors_have_a_column_once_there_are_any(self) -> None:
        entry("publish")
        assert "Checks of doctors" not in this_year().columns
        entry("verification: confirmed", obj=DoctorFactory())
        assert month(this_year(), "November 2026").counts["Checks of doctors"] == 1
        assert "Checks of doctors" in this_year().columns

    def test_reports_and_links_are_decisions_too(self) -> None:
        entry("publish")
        assert this_year().columns[-1] == "Restored"
        for action in ("uphold", "dismiss", "mark as duplicate", "mark as variant", "undo link", "move link"):
            entry(action)
        counted = this_year()
        assert counted.columns[-2:] == ["Reports upheld or dismissed", "Questions linked or parted"]
        counts = month(counted, "November 2026").counts
        assert [counts[name] for name in counted.columns[-2:]] == [2, 3]
        assert counted.total == 6

    def test_a_month_that_is_over_is_counted_once(self, django_assert_num_queries) -> None:
        entry("publish", day=date(2026, 5, 5))
        first = this_year()
        with django_assert_num_queries(2):
            again = this_year()
        assert [line.total for line in again.months] == [line.total for line in first.months]

    def test_the_home_page_knows_the_last_month_without_asking_twice(self, django_assert_num_queries) -> None:
        entry("publish", day=date(2026, 10, 5))
        entry("publish", day=date(2026, 11, 5))
        assert decided_last_month() == 1
        with django_assert_num_queries(0):
            decided_last_month()


class TestNothingPointsAtOnePerson:
    def test_a_median_needs_several_decisions(self) -> None:
        for hours in range(SMALLEST - 1):
            entry("publish", hours=hours)
        assert month(this_year(), "November 2026").median == "–"
        entry("publish", hours=40)
        assert month(this_year(), "November 2026").median == "2 h"
        assert this_year().grid == [("November 2026", [("Questions", 5, "2 h")])]

    def test_quick_decisions_are_called_quick(self) -> None:
        for _ in range(SMALLEST):
            entry("publish", hours=0)
        assert month(this_year(), "November 2026").median == "under 1 h"

    def test_rare_reasons_are_counted_together_and_own_words_never_printed(self) -> None:
        for _ in range(SMALLEST):
            entry("reject", code="spam")
        entry("reject", code="minor")
        entry("send back", code="private")
        for _ in range(SMALLEST + 1):
            entry("remove")
        assert this_year().reasons == [
            (OWN_WORDS, SMALLEST + 1),
            (REASONS["spam"].sentence, SMALLEST),
            (FEW, 2),
        ]


class TestWhichMonths:
    @pytest.mark.parametrize("year", [None, "", "26", "1999", "2027", "２０２６", "2026x", "-2026", "NaN"])
    def test_anything_but_a_year_there_was_means_the_last_twelve_months(self, year) -> None:
        assert span(year) == (date(2025, 12, 1), date(2026, 12, 1), None)

    def test_a_year_is_a_year(self) -> None:
        assert span("2025") == (date(2025, 1, 1), date(2026, 1, 1), 2025)

    def test_years_reach_back_to_the_first_entry(self) -> None:
        assert years() == [2026]
        entry("publish", day=date(2024, 2, 29))
        assert years() == [2026, 2025, 2024]


def test_bars_are_as_long_as_their_numbers() -> None:
    for _ in range(3):
        entry("publish")
    entry("reject")
    entry("publish", day=date(2026, 10, 1))
    entry("publish", day=date(2026, 10, 1))
    bars = chart(this_year().months)["bars"]
    assert [bar["line"].short for bar in bars[:2]] == ["Nov 2026", "Oct 2026"]
    assert float(bars[0]["filled"]) == 3 * float(bars[0]["rest"])
    assert float(bars[1]["filled"]) * 2 == float(bars[0]["filled"]) + float(bars[0]["rest"])
    assert bars[2]["filled"] == bars[2]["rest"] == ""
