"""Asking, from the choice of a treatment to the sent question."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.enums import State
from questions.models import Question
from questions.permissions import WAITING_AT_MOST
from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "Will it make my calves thinner?",
    "body": "I have wondered about this for a year.",
    "stage": "before",
    "alias": "Wren",
    "understood": "on",
    "submission_key": "6f3e1d0a-5b7c-4d2e-8f90-123456789abc",
}


@pytest.fixture
def treatment():
    signs = {"emergency_signs": "Trouble swallowing.", "emergency_source": SourceFactory()}
    return TreatmentFactory(name="Botox", slug="botox", **signs)


@pytest.fixture
def person():
    return UserFactory(handle="the-asker")


@pytest.fixture
def send(sign_in: Callable[..., Client], person, treatment):
    client = sign_in(person)

    def post(button: str, **data: str):
        return client.post("/questions/ask/?treatment=botox", {**GOOD, button: "", **data}, follow=True)

    return post


def text(response) -> str:
    return response.content.decode()


def test_whoever_is_not_signed_in_comes_back_here_afterwards(client: Client) -> None:
    response = client.get("/questions/ask/?treatment=botox")
    assert response["Location"] == "/accounts/login/?next=/questions/ask/%3Ftreatment%3Dbotox"


def test_the_treatment_is_chosen_first(sign_in, person, treatment) -> None:
    TreatmentFactory(name="Not ready", is_reviewed=False)
    page = text(sign_in(person).get("/questions/ask/"))
    assert "Which treatment is it about?" in page
    assert '<option value="Botox"></option>' in page
    assert "Not ready" not in page


def test_an_unknown_treatment_is_said_to_be_unknown(sign_in, person, treatment) -> None:
    response = sign_in(person).get("/questions/ask/?treatment=snake-oil")
    assert response.status_code == 422
    assert "We do not know this treatment; choose one from the list." in text(response)


def test_the_form_warns_and_offers_the_uses_of_its_treatment(sign_in, person, treatment) -> None:
    UseFactory(treatment=treatment, name="Frown lines", slug="frown-lines")
    page = text(sign_in(person).get("/questions/ask/?treatment=botox&use=frown-lines"))
    assert "Trouble swallowing." in page
    assert '<option value="frown-lines" selected>Frown lines</option>' in page


def test_the_preview_shows_it_as_readers_will_see_it_and_keeps_nothing(send) -> None:
    page = text(send("preview", body="I have **wondered** about this for a year."))
    assert "Before you send it" in page
    assert "<strong>wondered</strong>" in page
    assert "<bdi>Wren</bdi>" in page
    assert not Question.objects.exists()


def test_the_preview_shows_what_others_have_asked(send, treatment) -> None:
    similar = QuestionFactory(published=True, treatment=treatment, title="Thinner calves by injections?")
    AnswerFactory(published=True, question=similar)
    QuestionFactory(pending=True, treatment=treatment, title="Thinner calves, still hidden?")
    page = text(send("preview"))
    assert "Perhaps this has been answered" in page
    assert "Thinner calves by injections?" in page
    assert "still hidden" not in page


def test_words_of_an_emergency_show_what_to_do_and_stop_nobody(send) -> None:
    """T-MS-01"""
    words = "Since yesterday I have blurred vision in one eye."
    page = text(send("preview", body=words))
    assert "needs an eye specialist now" in page
    assert "Send to the moderators" in page
    assert "Only you and the moderators see this question" in text(send("send", body=words))


def test_going_back_keeps_every_word(send) -> None:
    page = text(send("back", place="Memphis"))
    assert GOOD["body"] in page
    assert 'value="Memphis"' in page
    assert 'value="Wren"' in page


def test_a_sent_question_is_the_askers_to_see_and_awaits_review(send, client: Client, person) -> None:
    response = send("send")
    question = Question.objects.get()
    assert (question.author, question.state) == (person, State.PENDING)
    assert response.redirect_chain == [(question.get_absolute_url(), 302)]
    assert "Your question is with the moderators." in text(response)
    assert client.get(question.get_absolute_url()).status_code == 404


def test_sent_twice_it_is_one_question(send) -> None:
    send("send")
    send("send")
    assert Question.objects.count() == 1


def test_what_was_changed_after_going_back_is_said_not_to_have_been_sent(send) -> None:
    send("send")
    page = text(send("send", body="I have thought of something else to ask."))
    assert "You had sent this question already" in page
    assert GOOD["body"] in page
    assert "Your question is with the moderators." not in page


def test_what_is_missing_is_listed_and_nothing_is_lost(send) -> None:
    response = send("send", title="Short?", understood="")
    page = text(response)
    assert response.status_code == 422
    assert "Please check 2 things" in page
    assert '<a href="#id_title">Your question in one line: ' in page
    assert GOOD["body"] in page
    assert not Question.objects.exists()


def test_markup_in_every_field_stays_text(send) -> None:
    """T-IN-02"""
    probe = "\"'><img src=x onerror=zq9()>"
    fields = {"title": f"Is this {probe}", "body": f"It is {probe} as I said", "alias": probe, "place": probe}
    for page in (text(send("preview", **fields)), text(send("send", **fields))):
        assert "<img" not in page
        assert "&lt;img src=x onerror=zq9()&gt;" in page


def test_nobody_buries_the_queue_and_the_eleventh_text_is_not_lost(send, person) -> None:
    """T-RL-01"""
    send("send")
    for _ in range(WAITING_AT_MOST - 1):
        QuestionFactory(pending=True, author=person)
    refused = send(
        "send", submission_key="6f3e1d0a-5b7c-4d2e-8f90-000000000011", body="One too many, and yet kept."
    )
    assert refused.status_code == 429
    assert "of your questions wait for a moderator" in text(refused)
    assert "One too many, and yet kept." in text(refused)
    assert Question.objects.by_author(person).count() == WAITING_AT_MOST
    assert "is with the moderators" in text(send("send"))
