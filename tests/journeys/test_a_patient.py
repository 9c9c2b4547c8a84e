"""A patient's way: asked, published, told, answered, settled, carried to the appointment, and what came of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answers.models import Route
from answers.services import ask_what_came_of_it
from core.moderation import transition
from questions.models import Question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from tests.journeys.conftest import opens_mail
from tests.journeys.test_main_job import TITLE, ask, decide, sign_in, sign_up

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


EMAIL = "gems@example.org"


@pytest.fixture
def botox():
    treatment = TreatmentFactory(name="Botox", slug="botox")
    LabelStatusFactory(use=UseFactory(treatment=treatment, name="Calf reduction", slug="calf-reduction"))
    SpecialtyFactory().in_scope.add(treatment)
    return treatment


def my_questions(person) -> str:
    person.go("/me/")
    return person.text()


def test_from_sign_up_to_what_came_of_it(visitor, botox) -> None:
    """Without JavaScript, on a phone."""
    doctor, mod = DoctorFactory(verified=True), moderator(email="mod@example.org")
    patient, judge = visitor(javascript=False), visitor(width=1280)

    sign_up(patient, EMAIL, "gems-of-houston")
    assert "You have not asked anything yet" in my_questions(patient)
    ask(patient)
    mine = my_questions(patient)
    assert "A moderator reads it before anybody else does." in mine
    assert "Asked as Pedal; nobody can link this to your other questions." in mine

    sign_in(judge, mod.email)
    decide(judge, TITLE, "Publish")
    opens_mail(patient, EMAIL, "Your question is published")
    assert TITLE in patient.text()
    assert "doctors of this treatment are told" in my_questions(patient)

    question = Question.objects.get()
    answer = AnswerFactory(pending=True, question=question, doctor=doctor, summary="I would not.")
    transition(answer, to="published", by=mod)
    assert "Answered since you looked" in my_questions(patient)
    opens_mail(patient, EMAIL, "Your question has a new answer")
    assert "I would not." in patient.text()
    assert "Answered since you looked" not in my_questions(patient)

    patient.follow(TITLE)
    patient.press("This settled it")
    patient.page.get_by_role("button", name="Keep this thread").click()
    assert f"marked the answer of {doctor.name} as the one that settled it" in my_questions(patient)
    patient.follow("Packet")
    assert "I would not." in patient.text()

    a_month_passes(question)
    opens_mail(patient, EMAIL, "What did you do in the end?")
    patient.fill(decision="against", note="The stairs do it.")
    patient.press("Keep it")
    assert "decided against it. Your note: The stairs do it." in patient.text()
    judge.go(question.get_absolute_url())
    assert "What the asker did in the end: decided against it" in judge.text()
    assert "stairs" not in judge.page.content()


def a_month_passes(question: Question) -> None:
    before = timezone.now() - timedelta(days=31)
    Question.objects.filter(pk=question.pk).update(published_at=before)
    Route.objects.filter(pk=question.pk).update(since=before)
    assert ask_what_came_of_it() == 1
