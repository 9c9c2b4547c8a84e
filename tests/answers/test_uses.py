"""What doctors say of one use over all its threads."""

import pytest
from django.test import Client
from django.utils import timezone

from answers.consensus import bars_for_uses
from answers.uses import LINES_A_POSITION, doctors_on_use, lines_on_use, reasons_on_use
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, TreatmentFactory, UseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def calves():
    return UseFactory(treatment=TreatmentFactory(name="Botox"), name="Calf reduction", slug="calves")


def thread(use):
    return QuestionFactory(published=True, treatment=use.treatment, use=use)


def against(use, **fields):
    given = {"question": thread(use), "stance": "against", "reason": "safety", **fields}
    return AnswerFactory(published=True, **given)


def test_a_doctor_is_heard_once_with_the_latest_answer(calves) -> None:
    doctor = DoctorFactory(verified=True)
    against(calves, doctor=doctor, published_at=timezone.now() - timezone.timedelta(days=9), summary="Then.")
    AnswerFactory(published=True, question=thread(calves), doctor=doctor, stance="supports", summary="Now.")
    [position] = lines_on_use(calves)
    assert (position["stance"], position["count"]) == ("supports", 1)
    assert [answer.summary for answer in position["answers"]] == ["Now."]
    assert reasons_on_use(calves) == []


def test_positions_and_counts_are_those_of_the_bar(calves) -> None:
    for _ in range(LINES_A_POSITION + 2):
        against(calves)
    AnswerFactory(published=True, question=thread(calves), stance="exam")
    AnswerFactory(published=True, question=thread(calves), doctor=DoctorFactory(suspended=True))
    AnswerFactory(pending=True, question=thread(calves))
    against(UseFactory(treatment=calves.treatment))
    said = lines_on_use(calves)
    bar = bars_for_uses([calves.pk])[calves.pk]
    assert [(group["stance"], group["count"]) for group in said] == [
        (count["stance"], count["count"]) for count in bar.counts
    ]
    assert len(said[0]["answers"]) == LINES_A_POSITION


def test_reasons_stand_side_by_side_the_most_frequent_first(calves) -> None:
    against(calves, reason="evidence")
    for _ in range(3):
        against(calves, reason="safety")
    found = [(group["label"], group["count"], len(group["answers"])) for group in reasons_on_use(calves)]
    assert found == [("Safety", 3, 2), ("Evidence", 1, 1)]


def test_doctors_who_answered_are_named_those_who_count_first(calves) -> None:
    suspended = DoctorFactory(suspended=True, name="A")
    counted = DoctorFactory(verified=True, name="Z")
    for doctor in (suspended, counted):
        against(calves, doctor=doctor)
    AnswerFactory(pending=True, question=thread(calves))
    assert doctors_on_use(calves) == [counted, suspended]


def test_the_page_says_it_all(client: Client, calves) -> None:
    answer = against(calves, summary="Far too much toxin.")
    other = UseFactory(treatment=TreatmentFactory(name="Dysport"), name="Calf reduction", slug="calves")
    html = client.get("/treatments/botox/uses/calves/").content.decode()
    for words in (
        "In one line each",
        "Far too much toxin.",
        "Why they differ, over all threads",
        "Doctors who answered about it",
        answer.doctor.name,
        f'<a href="{other.get_absolute_url()}">Dysport: Calf reduction</a>',
        f'href="{answer.permalink}"',
    ):
        assert words in html


def test_a_use_nobody_asked_about_has_no_empty_headings(client: Client, calves) -> None:
    html = client.get("/treatments/botox/uses/calves/").content.decode()
    for heading in ("In one line each", "Why they differ", "Doctors who answered", "Other treatments here"):
        assert heading not in html
    assert "Nobody has asked about this use yet." in html
