"""Pages cost the same number of queries whatever their size."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doctors.models import Doctor
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SecondOpinionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 200
THREAD_BAR = 6


def queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200, url
    return [query["sql"] for query in captured]


@pytest.fixture
def treatment():
    treatment = TreatmentFactory(name="Botox", slug="botox")
    SpecialtyFactory().in_scope.add(treatment)
    return treatment


def add_threads(treatment, number: int) -> None:
    use = UseFactory(treatment=treatment)
    LabelStatusFactory(use=use)
    prolific = Doctor.objects.filter(slug="prolific").first() or DoctorFactory(verified=True, slug="prolific")
    for _ in range(number):
        question = QuestionFactory(published=True, treatment=treatment, use=use)
        CredentialFactory(doctor=AnswerFactory(published=True, question=question).doctor)
        SecondOpinionFactory(
            published=True, answer=AnswerFactory(published=True, question=question, doctor=prolific)
        )


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/questions/",
        "/questions/?sort=helpful&stance=supports",
        "/questions/?sort=waiting",
        "/treatments/botox/questions/",
        "/treatments/",
        "/treatments/botox/",
        "/treatments/botox/uses/",
        "/treatments/botox/doctors/",
        "/doctors/",
        "/questions/feed/",
        "/treatments/botox/feed/",
        "/search/?q=question",
        "/doctors/prolific/answers/",
        "/doctors/prolific/",
    ],
)
def test_lists_cost_the_same_with_few_and_many_rows(treatment, url: str) -> None:
    client = Client()
    add_threads(treatment, FEW)
    queries(client, url)
    few = queries(client, url)
    add_threads(treatment, MANY - FEW)
    many = queries(client, url)
    assert len(many) == len(few), "\n".join(many)


def thread_with(treatment, answers: int):
    use = UseFactory(treatment=treatment)
    LabelStatusFactory(use=use)
    question = QuestionFactory(published=True, treatment=treatment, use=use)
    for _ in range(answers):
        SecondOpinionFactory(
            published=True,
            dispute=True,
            answer=AnswerFactory(published=True, question=question, stance="against", reason="safety"),
        )
    QuestionFactory(published=True, treatment=treatment, use=use)
    return question


@pytest.mark.parametrize("answers", [0, 3, 60, 130])
def test_a_thread_costs_six_queries_at_most(treatment, answers: int) -> None:
    captured = queries(Client(), thread_with(treatment, answers).get_absolute_url())
    assert len(captured) <= THREAD_BAR, "\n".join(captured)


@pytest.mark.parametrize(("url", "most"), [("/", 8), ("/questions/", 5), ("/treatments/botox/questions/", 5)])
def test_what_is_opened_most_stays_within_its_bar(treatment, url: str, most: int) -> None:
    add_threads(treatment, FEW)
    client = Client()
    queries(client, url)
    captured = queries(client, url)
    assert len(captured) <= most, "\n".join(captured)


@pytest.mark.parametrize("url", ["/me/", "/desk/", "/admin/"])
def test_personal_lists_cost_the_same_with_few_and_many_rows(
    treatment, sign_in: Callable[..., Client], url: str
) -> None:
    doctor = DoctorFactory(verified=True)
    person = {"/me/": UserFactory(), "/desk/": doctor.user, "/admin/": moderator()}[url]

    def add(number: int) -> None:
        for _ in range(number):
            QuestionFactory(pending=True, author=person, treatment=treatment)
            AnswerFactory(
                pending=True, question=QuestionFactory(published=True, treatment=treatment), doctor=doctor
            )
            QuestionFactory(published=True, treatment=treatment)
            SecondOpinionFactory(pending=True, doctor=doctor)

    add(FEW)
    client = sign_in(person)
    queries(client, url)
    few = queries(client, url)
    add(40)
    assert len(queries(client, url)) == len(few)
