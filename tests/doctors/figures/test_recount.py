"""What the database counts is what a person counts who reads every entry."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.enums import State
from doctors.enums import Verdict, Weighed
from doctors.figures.shares import Share
from doctors.figures.verdicts import reasons_against, share_by_now, shares_by_use, shares_over_time
from doctors.models import Doctor, Review
from tests.doctors.figures.crowds import Said, write
from tests.factories import DoctorFactory, TreatmentFactory, UseFactory
from treatments.models import Treatment, TreatmentUse

pytestmark = pytest.mark.django_db
entries = st.builds(
    Said,
    day=st.sampled_from([0, 13, 89, 90, 91, 364, 365, 900]),
    verdict=st.sampled_from(Verdict.values),
    weighed=st.lists(st.sampled_from(Weighed.values), unique=True, max_size=3),
    state=st.sampled_from([State.PUBLISHED, State.PUBLISHED, State.PUBLISHED, State.WITHDRAWN]),
)
crowds = st.lists(st.tuples(st.booleans(), st.lists(entries, max_size=4)), max_size=12)


class Reader:
    """Goes through all reviews one by one, with a pencil."""

    def __init__(self, people: list[tuple[bool, list[Said]]], *, with_use: bool | None = None) -> None:
        read = [said for has_use, said in people if with_use in (None, has_use)]
        self.people = [[each for each in said if each.state == State.PUBLISHED] for said in read]

    def tally(self, verdicts: list[str]) -> Share:
        yes, no, unsure = (
            len([verdict for verdict in verdicts if verdict == wanted])
            for wanted in ("worth_it", "not_worth_it", "not_sure")
        )
        return Share(yes, no, unsure)

    def last(self, first_day: int = 0, last_day: int = 10_000) -> list[Said]:
        within = ([each for each in said if first_day <= each.day <= last_day] for said in self.people)
        return [said[-1] for said in within if said]

    def over_time(self) -> list[Share]:
        days = [(0, 89), (90, 364), (365, 10_000)]
        return [self.tally([each.verdict for each in self.last(*span)]) for span in days]

    def reasons(self) -> dict[str, int]:
        named: dict[str, int] = {}
        for each in self.last():
            for code in each.weighed if each.verdict == "not_worth_it" else ():
                named[Weighed(code).label] = named.get(Weighed(code).label, 0) + 1
        return named


@pytest.fixture
def place() -> tuple[Doctor, Treatment, TreatmentUse]:
    use = UseFactory()
    return DoctorFactory(published=True), use.treatment, use


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=crowds)
def test_every_count_is_what_a_reader_counts(place, people: list[tuple[bool, list[Said]]]) -> None:
    doctor, treatment, use = place
    Review.objects.all().delete()
    # another treatment's are not among them
    write(doctor, TreatmentFactory(), [[Said()]])
    for has_use in (True, False):
        write(
            doctor, treatment, [said for has, said in people if has is has_use], use=use if has_use else None
        )
    all_of_it, of_use = Reader(people), Reader(people, with_use=True)
    for reader, chosen in ((all_of_it, None), (of_use, use)):
        assert share_by_now(treatment, chosen) == reader.tally([each.verdict for each in reader.last()])
        assert [share for _, share in shares_over_time(treatment, chosen)] == reader.over_time()
        reasons = reasons_against(treatment, chosen)
        assert dict(reasons) == reader.reasons()
        assert [people for _, people in reasons] == sorted((people for _, people in reasons), reverse=True)
    counted = of_use.tally([each.verdict for each in of_use.last()])
    assert [share for _, _, share in shares_by_use(treatment)] == ([counted] if counted.people else [])


def test_whoever_speaks_of_themselves_or_of_a_hidden_doctor_is_not_counted(place) -> None:
    doctor, treatment, _ = place
    one, _ = write(doctor, treatment, [[Said()], [Said()]])
    doctor.user = one.author
    doctor.save()
    assert share_by_now(treatment) == Share(1, 0)
    Doctor.objects.update(state=State.REMOVED)
    assert share_by_now(treatment) == Share()
    assert [share.people for _, share in shares_over_time(treatment)] == [0, 0, 0]
