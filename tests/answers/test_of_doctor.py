"""What a doctor's page says of the answers, against a slow and obvious recount."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answers.enums import Stance
from answers.models import SecondOpinion
from answers.of_doctor import THREADS_AT_LEAST, company_of, treatments_answered
from answers.templatetags.of_doctor import answer_counts
from core.enums import State
from doctors.models import Doctor
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, TreatmentFactory, some_moderator

pytestmark = pytest.mark.django_db


def thread(doctor: Doctor, own: str, *others: str, **fields) -> object:
    """A public thread in which ``doctor`` holds ``own``, and one more doctor each of the others."""
    question = QuestionFactory(published=True, **fields)
    for holder, stance in ((doctor, own), *((DoctorFactory(verified=True), stance) for stance in others)):
        against = stance == "against"
        AnswerFactory(
            published=True,
            question=question,
            doctor=holder,
            stance=stance,
            reason="safety" if against else "",
        )
    return question


def opinion(answer, doctor: Doctor, stance: str, **fields) -> SecondOpinion:
    values = {
        "kind": "cosign",
        "state": State.PUBLISHED,
        "moderated_by": some_moderator(),
        "moderated_at": timezone.now(),
        "published_at": timezone.now(),
    }
    return SecondOpinion.objects.create(answer=answer, doctor=doctor, stance=stance, **{**values, **fields})


class TestCompany:
    def test_it_is_counted_where_three_took_a_position(self) -> None:
        doctor = DoctorFactory(verified=True)
        thread(doctor, "supports", "supports")
        thread(doctor, "supports", "supports", "against")
        assert company_of(doctor).compared == 1

    def test_a_thread_without_a_largest_group_is_left_out(self) -> None:
        doctor = DoctorFactory(verified=True)
        thread(doctor, "supports", "supports", "against", "against")
        thread(doctor, "supports", "against", "exam")
        assert company_of(doctor).compared == 0

    def test_where_the_doctor_differed_is_named_newest_first(self) -> None:
        doctor = DoctorFactory(verified=True)
        threads = [thread(doctor, "exam", "against", "against") for _ in range(2)]
        thread(doctor, "against", "against", "supports")
        company = company_of(doctor)
        assert (company.compared, company.with_most) == (3, 1)
        assert [d.question.pk for d in company.differences] == [q.pk for q in reversed(threads)]
        assert company.differences[0].bar.sentence == "2 of 3 doctors advise against it"
        assert company.differences[0].stance == Stance.EXAM

    def test_only_what_counts_is_compared(self) -> None:
        doctor = DoctorFactory(verified=True)
        hidden = thread(doctor, "exam", "against", "against")
        type(hidden).objects.filter(pk=hidden.pk).update(state=State.REMOVED)
        shrunk = thread(doctor, "exam", "against")
        for trait in ({"suspended": True}, {"expired": True}, {"published": True}, {"removed": True}):
            AnswerFactory(
                published=True,
                question=shrunk,
                doctor=DoctorFactory(**trait),
                stance="against",
                reason="safety",
            )
        AnswerFactory(pending=True, question=shrunk, stance="against", reason="safety")
        assert company_of(doctor).compared == 0

    def test_a_word_on_an_answer_counts_unless_its_author_answered_too(self) -> None:
        doctor, other = DoctorFactory(verified=True), DoctorFactory(verified=True)
        question = thread(other, "against", "against")
        answer = question.answers.get(doctor=other)
        opinion(answer, doctor, "against")
        assert (company_of(doctor).compared, company_of(doctor).with_most) == (1, 1)
        AnswerFactory(published=True, question=question, doctor=doctor, stance="supports")
        assert (company_of(doctor).compared, company_of(doctor).with_most) == (1, 0)
        opinion(answer, DoctorFactory(verified=True), "supports", state=State.PENDING)
        assert company_of(doctor).compared == 1


DOCTORS = 4
THREADS = st.lists(
    st.lists(st.none() | st.sampled_from(Stance), min_size=DOCTORS, max_size=DOCTORS), max_size=5
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(threads=THREADS)
def test_any_threads_are_compared_as_a_slow_recount_does(threads: list[list[Stance | None]]) -> None:
    with transaction.atomic():
        doctors = [DoctorFactory(verified=True) for _ in range(DOCTORS)]
        for stances in threads:
            question = QuestionFactory(published=True)
            for doctor, stance in zip(doctors, stances, strict=True):
                if stance is not None:
                    AnswerFactory(
                        published=True,
                        question=question,
                        doctor=doctor,
                        stance=stance,
                        reason="safety" if stance == Stance.AGAINST else "",
                    )
        expected, differed = 0, 0
        for own, *others in threads:
            held = [stance for stance in (own, *others) if stance is not None]
            sizes = sorted(Counter(held).values(), reverse=True)
            if own is None or len(held) < 3 or (len(sizes) > 1 and sizes[0] == sizes[1]):
                continue
            expected += 1
            differed += held.count(own) < sizes[0]
        company = company_of(doctors[0])
        assert (company.compared, len(company.differences)) == (expected, differed)
        transaction.set_rollback(True)


class TestInWords:
    def words(self, client: Client, doctor: Doctor) -> str:
        return client.get(doctor.get_absolute_url()).text.split("Beside colleagues", 1)[1]

    def test_below_five_threads_nothing_is_said(self, client: Client) -> None:
        doctor = DoctorFactory(verified=True)
        for _ in range(THREADS_AT_LEAST - 1):
            thread(doctor, "exam", "against", "against", title="Should I differ here?")
        html = self.words(client, doctor)
        assert "Too few to say: so far there are 4 threads to compare." in html
        assert "Where" not in html.split("</section>")[0]

    def test_from_five_on_it_is_a_sentence_with_its_rule_and_the_threads(self, client: Client) -> None:
        doctor = DoctorFactory(verified=True, name="Julia Rowe")
        for _ in range(THREADS_AT_LEAST):
            thread(doctor, "against", "against", "against")
        differing = thread(doctor, "exam", "against", "against", title="Should I differ here?")
        html = self.words(client, doctor)
        assert (
            "In 5 of 6 threads where at least 3 doctors took a position, Julia Rowe stood with the largest group; "
            "in 1 with another." in html
        )
        assert "one position has more doctors than any other" in html
        assert f'href="{differing.get_absolute_url()}">Should I differ here?' in html
        assert "%" not in html.split("</section>")[0]

    def test_a_doctor_who_does_not_count_is_not_compared(self, client: Client) -> None:
        doctor = DoctorFactory(suspended=True)
        assert "positions count only while a doctor is verified" in self.words(client, doctor)


def test_answers_are_counted_by_treatment_with_their_scope() -> None:
    doctor = DoctorFactory(verified=True)
    family = TreatmentFactory(name="Toxins")
    member, outside = TreatmentFactory(name="Botox", parent=family), TreatmentFactory(name="Peel")
    doctor.specialty.in_scope.add(family)
    for treatment in (member, member, outside, TreatmentFactory(name="Imported", is_reviewed=False), None):
        AnswerFactory(
            published=True, doctor=doctor, question=QuestionFactory(published=True, treatment=treatment)
        )
    rows = [(row["name"], row["count"], row["in_scope"]) for row in treatments_answered(doctor)]
    assert rows == [("Botox", 2, True), ("Peel", 1, False), ("Not reviewed by our editors yet", 2, None)]


def test_without_a_specialty_nothing_is_said_of_scope() -> None:
    doctor = DoctorFactory(verified=True, specialty=None)
    AnswerFactory(published=True, doctor=doctor)
    assert treatments_answered(doctor)[0]["in_scope"] is None


def test_cards_know_of_public_answers_only() -> None:
    busy, quiet = DoctorFactory(verified=True), DoctorFactory(verified=True)
    AnswerFactory(published=True, doctor=busy)
    for state in ("pending", "rejected", "removed", "withdrawn"):
        AnswerFactory(**{state: True}, doctor=quiet)
    assert answer_counts([busy, quiet]) == {busy.pk: 1}
