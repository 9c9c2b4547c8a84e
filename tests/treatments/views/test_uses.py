"""The use matrix."""

import re

import pytest
from django.test import Client

from tests.factories import (
    AnswerFactory,
    BodyAreaFactory,
    LabelStatusFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def botox():
    """Three uses: calves off-label with two threads, brow approved with one, jaw without either."""
    botox = TreatmentFactory(name="Botox")
    head, legs = (
        BodyAreaFactory(slug="face", position=1),
        BodyAreaFactory(slug="legs", name="Legs", position=2),
    )
    calves = UseFactory(treatment=botox, name="Calves", slug="calves", body_area=legs)
    brow = UseFactory(treatment=botox, name="Frown lines", slug="brow", body_area=head)
    UseFactory(treatment=botox, name="Jaw", slug="jaw", body_area=head)
    LabelStatusFactory(use=calves)
    LabelStatusFactory(use=brow, status="approved")
    for use, number in ((calves, 2), (brow, 1)):
        for _ in range(number):
            QuestionFactory(published=True, treatment=botox, use=use)
    return botox


def rows(client: Client, query: str = "") -> list[str]:
    """The uses in the order of the page; body areas in capitals."""
    response = client.get(f"/treatments/botox/uses/{query}")
    assert response.status_code == 200
    html = response.content.decode()
    found = re.findall(r'scope="rowgroup">([^<]+)|<th scope="row"><a href="[^"]+">([^<]+)', html)
    return [area.upper() or use for area, use in found]


def test_uses_stand_under_their_body_areas_from_head_to_foot(client: Client) -> None:
    assert rows(client) == ["FACE", "Frown lines", "Jaw", "LEGS", "Calves"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("status", ["Frown lines", "Calves", "Jaw"]),
        ("threads", ["Calves", "Frown lines", "Jaw"]),
        ("name", ["Calves", "Frown lines", "Jaw"]),
        ("activity", ["Frown lines", "Calves", "Jaw"]),
        ("doctors", ["Calves", "Frown lines", "Jaw"]),
    ],
)
def test_they_can_be_sorted(client: Client, sort: str, order: list[str]) -> None:
    assert rows(client, f"?sort={sort}") == order


def test_they_can_be_filtered_by_label_and_sorted_at_once(client: Client) -> None:
    assert rows(client, "?status=off-label") == ["LEGS", "Calves"]
    html = client.get("/treatments/botox/uses/?status=off-label&sort=threads").content.decode()
    assert 'href="?sort=status&amp;status=off-label"' in html


@pytest.mark.parametrize(
    "query", ["?sort=price", "?status=off_label", "?status=%27%22%3E", "?sort=&status=", "?sort=name&sort=x"]
)
def test_unknown_values_are_ignored(client: Client, query: str) -> None:
    assert rows(client, query) == rows(client)


def test_a_label_that_no_use_has_leaves_a_way_back(client: Client) -> None:
    response = client.get("/treatments/botox/uses/?status=cleared")
    assert "No use has this label" in response.content.decode()


def test_each_row_says_where_doctors_stand_and_how_many_ask(client: Client, botox) -> None:
    question = QuestionFactory(published=True, treatment=botox, use=botox.uses.get(slug="jaw"))
    for _ in range(3):
        AnswerFactory(published=True, question=question, stance="against", reason="safety")
    AnswerFactory(pending=True, question=question)
    html = client.get("/treatments/botox/uses/").content.decode()
    assert "All 3 doctors advise against it" in html
    assert html.count('class="dot dot--against"') == 3
    assert re.findall(r'data-label="Threads" class="number">(\d+)', html) == ["1", "1", "2"]


def test_the_use_with_most_doctors_stands_first(client: Client, botox) -> None:
    jaw, brow = (
        QuestionFactory(published=True, treatment=botox, use=botox.uses.get(slug=slug))
        for slug in ("jaw", "brow")
    )
    for question in (jaw, jaw, brow):
        AnswerFactory(published=True, question=question)
    assert rows(client, "?sort=doctors") == ["Jaw", "Frown lines", "Calves"]
    html = client.get("/treatments/botox/uses/?sort=doctors").content.decode()
    assert re.findall(r'data-label="Doctors" class="number">(\d+)', html) == ["2", "1", "0"]


def test_the_source_of_a_label_is_there_on_demand(client: Client, botox) -> None:
    html = client.get("/treatments/botox/uses/").content.decode()
    assert re.search(r"<details[^>]*><summary>.*?Off-label.*?Prescribing information", html, re.DOTALL)


def test_a_treatment_without_uses_says_so(client: Client) -> None:
    TreatmentFactory(name="Plain")
    assert "No uses are listed yet" in client.get("/treatments/plain/uses/").content.decode()


def test_sorted_and_filtered_pages_are_not_indexed(client: Client) -> None:
    assert "noindex" in client.get("/treatments/botox/uses/?sort=threads").content.decode()
    assert "noindex" not in client.get("/treatments/botox/uses/").content.decode()
