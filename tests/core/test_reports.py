"""Reports: filed once by each person, decided once by somebody else, and never doing anything by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import trail
from core.enums import ReportKind, ReportState
from core.models import AuditEntry, Report
from core.moderation import NotPermitted, NotPossible, ReasonMissing, TransitionError
from core.reports import A_DAY_AT_MOST, TooManyReports, decide_reports, file_report
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    ReportFactory,
    UserFactory,
    moderator,
)
from tests.racing import at_once

CLICKS = 6


def decided(report: Report, **changes: Any) -> list[Report]:
    values = {"by": moderator(), "to": "upheld", "reason": "It was so.", "seen": report.pk}
    return decide_reports(report=report, **{**values, **changes})


@pytest.mark.django_db
class TestFiling:
    @pytest.mark.parametrize("factory", [QuestionFactory, AnswerFactory, DoctorFactory])
    def test_it_names_what_it_is_about(self, factory: Any) -> None:
        thing, person = factory(published=True), UserFactory()
        report = file_report(target=thing, by=person, kind="facts", text="Not so.")
        assert (report.reporter, report.state, report.version) == (person, ReportState.OPEN, thing.version)
        assert report.target() == thing
        entry = trail(report).get()
        assert (entry.actor, entry.action, entry.to_state) == (person, "report", "open")

    def test_the_trail_that_nobody_can_change_does_not_hold_the_words(self) -> None:
        report = file_report(
            target=QuestionFactory(published=True), by=UserFactory(), kind="private", text="Her name is Ann."
        )
        assert "Ann" not in trail(report).get().reason

    def test_a_second_time_it_is_the_first(self) -> None:
        thing, person = QuestionFactory(published=True), UserFactory()
        first = file_report(target=thing, by=person, kind="facts", text="Not so.")
        again = file_report(target=thing, by=person, kind="abuse", text="Other words.")
        assert again == first
        assert again.text == "Not so."
        assert AuditEntry.objects.count() == 1

    def test_once_decided_it_may_be_reported_again(self) -> None:
        report = ReportFactory(dismissed=True)
        again = file_report(target=report.target(), by=report.reporter, kind="facts")
        assert again != report

    @pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
    def test_what_is_not_public_cannot_be_reported(self, state: str) -> None:
        with pytest.raises(PermissionDenied):
            file_report(target=QuestionFactory(**{state: True}), by=UserFactory(), kind="facts")
        assert not Report.objects.exists()

    def test_there_is_an_end_to_the_reports_of_a_day(self) -> None:
        person = UserFactory()
        old = timezone.now() - timedelta(days=1, minutes=1)
        ReportFactory(reporter=person, submitted_at=old)
        for _ in range(A_DAY_AT_MOST):
            file_report(target=QuestionFactory(published=True), by=person, kind="facts")
        with pytest.raises(TooManyReports):
            file_report(target=QuestionFactory(published=True), by=person, kind="safety")

    def test_safety_comes_before_what_is_old_and_that_before_the_rest(self) -> None:
        risk = {
            kind: file_report(
                target=QuestionFactory(published=True), by=UserFactory(), kind=kind, text="x"
            ).risk
            for kind in ReportKind
        }
        assert [kind for kind, urgent in risk.items() if urgent == 3] == ["safety", "me"]
        assert [kind for kind, urgent in risk.items() if urgent == 2] == ["work"]
        assert [kind for kind, urgent in risk.items() if urgent == 1] == ["outdated"]
        assert set(risk.values()) == {3, 2, 1, 0}


@pytest.mark.django_db
class TestDeciding:
    @pytest.mark.parametrize(("to", "action"), [("upheld", "uphold"), ("dismissed", "dismiss")])
    def test_one_decision_closes_all_on_the_same_thing(self, to: str, action: str) -> None:
        question, person = QuestionFactory(published=True), moderator()
        reports = [ReportFactory(on=question) for _ in range(3)]
        other = ReportFactory()
        rows = decided(reports[0], by=person, to=to, seen=reports[-1].pk)
        assert [row.pk for row in rows] == [row.pk for row in reports]
        for row in Report.objects.filter(pk__in=[row.pk for row in reports]):
            assert (row.state, row.decided_by, row.reason) == (to, person, "It was so.")
            assert trail(row).get().action == action
        other.refresh_from_db()
        assert other.state == ReportState.OPEN

    def test_what_came_while_it_was_read_stays_open(self) -> None:
        seen = ReportFactory()
        later = ReportFactory(on=seen.target())
        decided(seen)
        later.refresh_from_db()
        assert later.state == ReportState.OPEN

    def test_the_thing_itself_is_left_alone_however_many_report_it(self) -> None:
        answer = AnswerFactory(published=True)
        for _ in range(12):
            report = file_report(target=answer, by=UserFactory(), kind="safety")
        decided(report)
        answer.refresh_from_db()
        assert answer.is_public
        assert not trail(answer).exists()

    def test_a_reason_is_required(self) -> None:
        report = ReportFactory()
        with pytest.raises(ReasonMissing):
            decided(report, reason=" \n")
        report.refresh_from_db()
        assert report.state == ReportState.OPEN

    def test_a_second_decision_is_refused(self) -> None:
        report = ReportFactory()
        decided(report)
        with pytest.raises(NotPossible):
            decided(report, to="dismissed")
        report.refresh_from_db()
        assert report.state == ReportState.UPHELD

    def test_nobody_decides_on_what_they_reported_or_wrote(self) -> None:
        reporter, author = moderator(), moderator()
        question = QuestionFactory(published=True, author=author)
        report = ReportFactory(on=question)
        ReportFactory(on=question, reporter=reporter)
        for person in (reporter, author, UserFactory()):
            with pytest.raises(NotPermitted):
                decided(report, by=person, seen=report.pk + 1)
        assert Report.objects.open().count() == 2

    @pytest.mark.parametrize("to", ["open", "removed", ""])
    def test_there_are_two_decisions(self, to: str) -> None:
        with pytest.raises(NotPossible):
            decided(ReportFactory(), to=to)

    def test_a_thing_that_is_gone_can_still_be_settled(self) -> None:
        report = ReportFactory(on=QuestionFactory(published=True))
        Report.objects.update(object_id=10**9)
        report.refresh_from_db()
        assert report.target() is None
        assert decided(report)[0].state == ReportState.UPHELD


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"state": "upheld"}, "decided_by_somebody_with_a_reason"),
        ({"upheld": True, "reason": ""}, "decided_by_somebody_with_a_reason"),
        ({"decided_at": timezone.now()}, "decided_by_somebody_with_a_reason"),
        ({"state": "gone"}, "decided_by_somebody_with_a_reason"),
        ({"kind": "taste"}, "kind_is_known"),
        ({"kind": "other", "text": ""}, "other_is_explained"),
    ],
)
def test_the_database_keeps_the_rules(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=f"core_report_{rule}"):
        ReportFactory(**fields)


@pytest.mark.django_db
def test_the_database_allows_one_open_report_of_a_person_on_a_thing() -> None:
    first = ReportFactory()
    with pytest.raises(IntegrityError, match="open_once_per_person"), transaction.atomic():
        ReportFactory(on=first.target(), reporter=first.reporter)
    ReportFactory(on=first.target())


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(ReportKind)), max_size=9)
)
def test_whatever_is_reported_each_thing_stands_in_the_queue_once(
    steps: list[tuple[int, int, ReportKind]],
) -> None:
    """Compared with a slow recount: of the open reports on each thing the riskiest, of those the first."""
    with transaction.atomic():
        things = [
            QuestionFactory(published=True),
            AnswerFactory(published=True),
            DoctorFactory(published=True),
        ]
        people = [UserFactory() for _ in range(3)]
        filed = [
            file_report(target=things[thing], by=people[person], kind=kind, text="x")
            for thing, person, kind in steps
        ]
        groups: dict[tuple[str, int], list[Report]] = {}
        for report in filed:
            groups.setdefault((report.object_type, report.object_id), []).append(report)
        expected = {min(group, key=lambda r: (-r.risk, r.pk)).pk for group in groups.values()}
        assert set(Report.objects.leading().values_list("pk", flat=True)) == expected
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """On real connections: the database settles it."""

    def test_many_clicks_are_one_report(self) -> None:
        thing, person = QuestionFactory(published=True), UserFactory()
        found = at_once(*[lambda: file_report(target=thing, by=person, kind="facts")] * CLICKS)
        assert {report.pk for report in found} == {Report.objects.get().pk}
        assert AuditEntry.objects.count() == 1

    def test_a_burst_does_not_get_past_the_count_of_a_day(self) -> None:
        person = UserFactory()
        things = [QuestionFactory(published=True) for _ in range(A_DAY_AT_MOST + 4)]
        found = at_once(*[lambda t=thing: file_report(target=t, by=person, kind="facts") for thing in things])
        assert Report.objects.count() == A_DAY_AT_MOST
        assert sum(isinstance(result, TooManyReports) for result in found) == 4

    def test_many_people_report_at_once(self) -> None:
        thing = QuestionFactory(published=True)
        people = [UserFactory() for _ in range(CLICKS)]
        at_once(*[lambda p=person: file_report(target=thing, by=p, kind="facts") for person in people])
        assert Report.objects.open().count() == CLICKS
        assert Report.objects.leading().count() == 1

    def test_of_two_decisions_one_counts(self) -> None:
        report, people = ReportFactory(), [moderator(), moderator()]
        found = at_once(
            lambda: decided(report, by=people[0]), lambda: decided(report, by=people[1], to="dismissed")
        )
        assert sum(isinstance(result, TransitionError) for result in found) == 1
        assert trail(report).count() == 1
