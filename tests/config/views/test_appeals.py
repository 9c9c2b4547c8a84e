"""The author's side: the statement on their pages, the form of an appeal, and what became of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.desk.reasons import REASONS
from core.appeals import decide_appeal, file_appeal
from core.decided import APPEAL_LENGTH
from core.models import Appeal
from core.moderation import transition
from questions.services import edit_question
from tests.core.test_appeals import refused
from tests.factories import AnswerFactory, DoctorFactory, SecondOpinionFactory, UserFactory, moderator, senior

pytestmark = pytest.mark.django_db
NEW = "/me/appeals/new/?about={}-{}"


def told(page: str, *, by: str) -> bool:
    """Whether a page holds the rule and the way to appeal, and not who decided."""
    return REASONS["private"].sentence in page and "/me/appeals/new/?about=" in page and by not in page


@pytest.mark.parametrize("to", ["draft", "rejected", "removed"])
def test_the_asker_reads_it_on_their_questions_and_on_the_question(to: str, sign_in) -> None:
    question = refused(to, by=moderator(handle="the-decider"))
    client = sign_in(question.author)
    for url in ("/me/", question.get_absolute_url()):
        page = client.get(url).text
        assert told(page, by="the-decider"), url
        assert "The town is small." in page
        assert REASONS["private"].mend in page
        assert f"/me/appeals/new/?about=question-{question.pk}" in page
    assert (f"/questions/{question.pk}/edit/" in client.get("/me/").text) is (to == "draft")


def test_others_read_nothing_of_it(client: Client, sign_in) -> None:
    question = refused("removed")
    for browser in (client, sign_in(UserFactory())):
        assert "The town is small." not in browser.get(question.get_absolute_url()).text


@pytest.mark.parametrize("to", ["draft", "rejected", "removed"])
def test_the_doctor_reads_it_on_the_desk_and_at_the_answer(to: str, sign_in) -> None:
    answer = AnswerFactory(**{"published" if to == "removed" else "pending": True})
    by = moderator(handle="the-decider")
    transition(answer, to=to, by=by, reason=REASONS["private"].sentence, code="private")
    client = sign_in(answer.doctor.user)
    assert told(client.get("/desk/?show=back").text, by="the-decider")
    assert told(client.get(answer.question.get_absolute_url()).text, by="the-decider")


def test_of_a_second_opinion_an_edit_and_a_profile_too(sign_in) -> None:
    opinion, by = SecondOpinionFactory(pending=True), moderator(handle="the-decider")
    profile = DoctorFactory(pending=True)
    question = refused("removed")
    transition(question, to="published", by=by, reason="A mistake.")
    edit = edit_question(question=question, by=question.author, title="Another title for it")
    for thing in (opinion, profile, edit):
        transition(thing, to="rejected", by=by, reason=REASONS["private"].sentence, code="private")
    assert told(sign_in(opinion.doctor.user).get("/desk/?show=opinions").text, by="the-decider")
    assert told(sign_in(profile.user).get(profile.get_absolute_url()).text, by="the-decider")
    assert told(sign_in(question.author).get("/me/").text, by="the-decider")


def test_from_the_statement_to_the_appeal_and_its_outcome(sign_in) -> None:
    question = refused()
    client = sign_in(question.author)
    url = NEW.format("question", question.pk)
    assert REASONS["private"].sentence in client.get(url).text
    response = client.post(url, {"text": "It is the name of a product."}, follow=True)
    assert "It is the name of a product." in response.text
    assert "waits for another moderator" in client.get("/me/").text
    appeal = Appeal.objects.get()
    decide_appeal(
        appeal=appeal, by=senior(handle="the-senior"), to="declined", reason="It is a person as well."
    )
    for page in (client.get("/me/appeals/").text, client.get("/me/").text):
        assert "It is a person as well." in page
        assert "the-senior" not in page


def test_an_appeal_says_something_and_not_too_much(sign_in) -> None:
    question = refused()
    client, url = sign_in(question.author), NEW.format("question", question.pk)
    for text in ("", " \u200b ", "x" * (APPEAL_LENGTH + 1)):
        assert client.post(url, {"text": text}).status_code == 422
    assert not Appeal.objects.exists()


def test_there_is_one_for_each_decision(sign_in) -> None:
    question = refused()
    client, url = sign_in(question.author), NEW.format("question", question.pk)
    for text in ("First.", "Second."):
        client.post(url, {"text": text})
    assert Appeal.objects.get().text == "First."
    assert client.get(url)["Location"] == "/me/appeals/"


@pytest.mark.parametrize(
    "about", ["", "question-", "question-999999", "nothing-1", "user-1", f"question-{'9' * 30}"]
)
def test_what_is_not_ones_own_is_missed_as_what_never_was(about: str, sign_in) -> None:
    """T-AZ-03"""
    client = sign_in(UserFactory())
    assert client.get(f"/me/appeals/new/?about={about}").status_code == 404


def test_another_persons_decision_is_missed_too(sign_in) -> None:
    """T-AZ-03, T-AZ-13"""
    url = NEW.format("question", refused().pk)
    for person in (UserFactory(), senior()):
        assert sign_in(person).get(url).status_code == 404
        assert sign_in(person).post(url, {"text": "Mine."}).status_code == 404
    assert not Appeal.objects.exists()


def test_the_list_costs_the_same_with_one_and_with_many(sign_in, django_assert_num_queries) -> None:
    first = refused()
    person = first.author
    client = sign_in(person)
    file_appeal(obj=first, by=person, text="One.")
    with CaptureQueriesContext(connection) as few:
        client.get("/me/appeals/")
    for _ in range(4):
        other = refused()
        type(other).objects.filter(pk=other.pk).update(author=person)
        file_appeal(obj=other, by=person, text="Another.")
    with django_assert_num_queries(len(few)):
        client.get("/me/appeals/")
