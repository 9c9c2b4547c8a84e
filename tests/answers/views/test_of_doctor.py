"""All answers of one doctor, by treatment and position."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, TreatmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    doctor = DoctorFactory(verified=True, slug="julia-rowe")
    botox, peel = TreatmentFactory(name="Botox", slug="botox"), TreatmentFactory(name="Peel", slug="peel")
    for treatment, stance, summary in (
        (botox, "supports", "Botox yes."),
        (botox, "exam", "Botox perhaps."),
        (peel, "supports", "Peel yes."),
    ):
        question = QuestionFactory(published=True, treatment=treatment)
        AnswerFactory(published=True, doctor=doctor, question=question, stance=stance, summary=summary)
    AnswerFactory(
        pending=True,
        doctor=doctor,
        question__treatment=botox,
        question__published=True,
        summary="Botox later.",
    )
    TreatmentFactory(name="Never answered", slug="never")
    return doctor


def found(client: Client, query: str = "") -> set[str]:
    html = client.get(f"/doctors/julia-rowe/answers/{query}").text
    return set(re.findall(r'row__facts" dir="auto">([^<]+)<', html))


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("", {"Botox yes.", "Botox perhaps.", "Peel yes."}),
        ("?treatment=botox", {"Botox yes.", "Botox perhaps."}),
        ("?stance=supports", {"Botox yes.", "Peel yes."}),
        ("?treatment=botox&stance=exam", {"Botox perhaps."}),
        ("?treatment=peel&stance=exam", set()),
        ("?treatment=never", {"Botox yes.", "Botox perhaps.", "Peel yes."}),
        ("?stance=maybe&treatment='", {"Botox yes.", "Botox perhaps.", "Peel yes."}),
        ("?after=!!!&state=pending", {"Botox yes.", "Botox perhaps.", "Peel yes."}),
    ],
)
def test_it_can_be_narrowed_and_unknown_values_narrow_nothing(client, doctor, query, answers) -> None:
    assert found(client, query) == answers


def test_only_what_was_answered_about_can_be_chosen(client: Client, doctor) -> None:
    html = client.get("/doctors/julia-rowe/answers/").text
    assert ">Botox</option>" in html
    assert "Never answered" not in html


def test_nothing_found_leaves_a_way_back(client: Client, doctor) -> None:
    html = client.get("/doctors/julia-rowe/answers/?treatment=peel&stance=exam").text
    assert "No answer fits these filters" in html
    assert 'href="?">Show all' in html


def test_pages_follow_each_other_within_the_filter(client: Client, doctor) -> None:
    botox = doctor.answers.first().question.treatment
    for _ in range(25):
        question = QuestionFactory(published=True, treatment=botox)
        AnswerFactory(published=True, doctor=doctor, question=question, summary=f"Number {question.pk}.")
    first = client.get("/doctors/julia-rowe/answers/?treatment=botox").text
    onward = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    assert onward is not None
    seen = found(client, "?treatment=botox") | found(client, onward[1].replace("&amp;", "&"))
    assert len(seen) == 27


def test_it_costs_at_most_five_queries(client: Client, doctor, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(5):
        client.get("/doctors/julia-rowe/answers/?treatment=botox&stance=supports")
