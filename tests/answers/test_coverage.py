"""How well a treatment's questions are answered, in words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from answers.coverage import FEWEST, coverage_of, in_words
from questions.models import Question
from tests.factories import AnswerFactory, QuestionFactory, TreatmentFactory

NOW = timezone.now()


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(0), "about 1 minute"),
        (timedelta(minutes=20), "about 20 minutes"),
        (timedelta(hours=1), "about 1 hour"),
        (timedelta(hours=27), "about 27 hours"),
        (timedelta(hours=36), "about 2 days"),
        (timedelta(days=3, hours=2), "about 3 days"),
        (timedelta(days=20), "about 3 weeks"),
        (timedelta(days=120), "about 4 months"),
        (timedelta(days=3 * 365), "about 3 years"),
    ],
)
def test_a_time_in_words(time: timedelta, words: str) -> None:
    assert in_words(time) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36500)))
def test_every_time_has_words(time: timedelta) -> None:
    assert in_words(time).startswith("about ")


@pytest.fixture
def botox(db: None):
    return TreatmentFactory(name="Botox")


def answered(treatment, after: timedelta, *, question_dated: bool = True, answer_dated: bool = True) -> None:
    asked_at = NOW - timedelta(days=100)
    question = QuestionFactory(
        published=True, treatment=treatment, asked_at=asked_at, is_dated=question_dated
    )
    AnswerFactory(published=True, question=question, answered_at=asked_at + after, is_dated=answer_dated)


def test_answered_and_waiting_are_counted_and_the_median_is_said(botox) -> None:
    for days in (1, 2, 3, 40, 50):
        answered(botox, timedelta(days=days))
    QuestionFactory(published=True, treatment=botox)
    QuestionFactory(pending=True, treatment=botox)
    covered = coverage_of(botox)
    assert (covered.answered, covered.waiting, covered.total) == (5, 1, 6)
    assert covered.first_answer == "about 3 days"


def test_only_the_first_answer_tells(botox) -> None:
    for _ in range(FEWEST):
        answered(botox, timedelta(days=2))
    for thread in botox.questions.all():
        AnswerFactory(published=True, question=thread, answered_at=thread.asked_at + timedelta(days=90))
        AnswerFactory(pending=True, question=thread, answered_at=thread.asked_at)
    assert coverage_of(botox).first_answer == "about 2 days"


def test_under_five_it_is_too_few_to_say(botox) -> None:
    for _ in range(FEWEST - 1):
        answered(botox, timedelta(days=2))
    assert coverage_of(botox).first_answer == ""
    assert "too few to say" in Client().get("/treatments/botox/").content.decode()


@pytest.mark.parametrize("undated", [{"question_dated": False}, {"answer_dated": False}])
def test_what_an_import_gave_no_date_for_is_not_measured(botox, undated: dict[str, bool]) -> None:
    for _ in range(FEWEST):
        answered(botox, timedelta(days=2))
    for _ in range(20):
        answered(botox, timedelta(0), **undated)
    assert coverage_of(botox).first_answer == "about 2 days"
    assert coverage_of(botox).answered == FEWEST + 20


def test_nobody_has_asked(botox) -> None:
    html = Client().get("/treatments/botox/").content.decode()
    assert "Nobody has asked about it here yet." in html
    for heading in (
        "Threads that settled the most",
        "Waiting for a doctor",
        "What it is used for",
        ">Doctors</h2>",
    ):
        assert heading not in html
    assert 'href="/treatments/botox/feed/"' in html
    assert "Ask about Botox" in html


def test_the_guide_says_when_only_the_latest_were_looked_at(botox, client: Client, monkeypatch) -> None:
    monkeypatch.setattr("answers.coverage.LATEST", 2)
    for _ in range(2):
        answered(botox, timedelta(days=1))
    assert "2 of the latest 2" in client.get("/treatments/botox/").content.decode()
    monkeypatch.setattr("answers.coverage.LATEST", 3)
    assert "2 of 2<" in client.get("/treatments/botox/").content.decode()


def test_an_unanswered_thread_says_how_long_it_has_waited(botox, client: Client) -> None:
    waits = QuestionFactory(published=True, treatment=botox, asked_at=NOW - timedelta(days=9))
    undated = [QuestionFactory(published=True, treatment=botox, is_dated=False) for _ in range(2)]
    html = client.get(waits.get_absolute_url()).content.decode()
    assert "This question has waited for about 9 days." in html
    Question.objects.filter(pk=waits.pk).update(is_dated=False)
    html = client.get(undated[0].get_absolute_url()).content.decode()
    assert "3 wait for a doctor." in html
    assert "This question has waited" not in html
