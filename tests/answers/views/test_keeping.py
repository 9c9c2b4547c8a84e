"""Keeping a thread, the list of what one keeps, and what becomes of it at the sign-in."""

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from core.enums import State
from core.moderation import transition
from questions.keeping import keep_question
from questions.kept import KEPT_AT_MOST
from questions.models import SavedQuestion
from questions.services import mark_duplicate
from tests.factories import PASSWORD, AnswerFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return QuestionFactory(published=True, title="Can Botox make my calves thinner?")


def keep(client: Client, question, wanted: str = "yes", **more: str):
    return client.post(f"/questions/{question.pk}/save/", {"keep": wanted, **more})


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_without_an_account_the_browser_keeps_it(client: Client, question) -> None:
    before = page(client, f"/questions/{question.pk}/save/")
    assert "Keep this thread?" in before
    assert "Without an account the list stays in this browser" in before
    response = keep(client, question)
    assert response["Location"] == f"/questions/{question.pk}/save/"
    assert "This thread is kept" in page(client, response["Location"])
    assert question.title in page(client, "/me/saved/")
    assert not SavedQuestion.objects.exists()
    assert "sessionid" not in client.cookies


def test_a_second_click_of_the_same_form_changes_nothing(client: Client, question) -> None:
    for _ in range(2):
        keep(client, question)
    assert client.get("/me/saved/here/").json() == {"kept": [question.pk]}
    for _ in range(2):
        keep(client, question, "no")
    assert client.get("/me/saved/here/").json() == {"kept": []}


def test_the_fifty_first_thread_is_refused_with_a_way_out(client: Client, question) -> None:
    kept = [QuestionFactory(published=True) for _ in range(KEPT_AT_MOST)]
    for other in kept:
        keep(client, other)
    response = keep(client, question)
    assert response.status_code == 409
    assert "keeps 50 threads already" in response.content.decode()
    assert client.get("/me/saved/here/").json()["kept"] == [other.pk for other in kept]
    keep(client, kept[0])  # one that is there is no fifty-first
    keep(client, kept[0], "no")
    assert keep(client, question).status_code == 302
    assert client.get("/me/saved/here/").json()["kept"][-1] == question.pk


def test_a_changed_cookie_is_an_empty_list(client: Client, question) -> None:
    keep(client, question)
    client.cookies["kept"] = client.cookies["kept"].value[:-1] + "!"
    assert "You keep no thread yet" in page(client, "/me/saved/")
    assert keep(client, question).status_code == 302  # and it can be begun anew
    assert question.title in page(client, "/me/saved/")


@pytest.mark.parametrize("url", ["/me/saved/", "/me/saved/here/", "/me/packet/", "save"])
def test_nothing_of_it_is_kept_by_a_cache(client: Client, question, url: str) -> None:
    """T-CA-01: not even where nobody is signed in and nothing is kept."""
    address = f"/questions/{question.pk}/save/" if url == "save" else url
    assert client.get(address)["Cache-Control"] == "private, no-store"
    keep(client, question)
    assert client.get(address)["Cache-Control"] == "private, no-store"


def test_a_thread_is_the_same_for_those_who_keep_it_and_those_who_do_not(question) -> None:
    """T-CA-04"""
    keeper, stranger = Client(), Client()
    keep(keeper, question)
    url = question.get_absolute_url()
    kept, not_kept = keeper.get(url), stranger.get(url)
    assert kept.content == not_kept.content
    assert "csrf" not in kept.content.decode()
    assert not kept.cookies
    assert kept["Cache-Control"].startswith("public")
    assert f'href="/questions/{question.pk}/save/"' in kept.content.decode()


@pytest.mark.parametrize("trait", ["pending", "removed", "withdrawn"])
def test_what_is_not_public_cannot_be_kept_nor_known(client: Client, trait: str) -> None:
    """T-AZ-03"""
    hidden = QuestionFactory(**{trait: True})
    for pk in (hidden.pk, 10**15):
        assert client.get(f"/questions/{pk}/save/").status_code == 404
        assert client.post(f"/questions/{pk}/save/").status_code == 404


@pytest.mark.parametrize("role", ["visitor", "person"])
def test_what_was_hidden_since_vanishes_and_is_only_counted(question, sign_in, role: str) -> None:
    client = Client() if role == "visitor" else sign_in(UserFactory())
    other = QuestionFactory(published=True, title="A word that must not be seen?")
    keep(client, question)
    keep(client, other)
    transition(other, to=State.REMOVED, by=moderator(), reason="x")
    listed = page(client, "/me/saved/")
    assert "1 kept thread is no longer public" in listed
    assert other.title not in listed + page(client, "/me/packet/")
    client.post("/me/saved/")
    listed = page(client, "/me/saved/")
    assert "no longer public" not in listed
    assert question.title in listed


def test_the_list_shows_where_doctors_stand_latest_first(client: Client, question) -> None:
    AnswerFactory(published=True, question=question, stance="against", reason="safety")
    other = QuestionFactory(published=True)
    keep(client, question)
    keep(client, other)
    listed = page(client, "/me/saved/")
    assert listed.index(other.title) < listed.index(question.title)
    assert "dot--against" in listed
    response = keep(client, question, "no", **{"from": "list"})
    assert response["Location"] == "/me/saved/"
    assert question.title not in page(client, "/me/saved/")


def test_on_an_account_the_thread_itself_has_the_button(question, sign_in) -> None:
    person = UserFactory()
    client = sign_in(person)
    thread = page(client, question.get_absolute_url())
    assert f'action="/questions/{question.pk}/save/"' in thread
    assert "js/keep.js" not in thread
    response = keep(client, question)
    assert response["Location"] == f"{question.get_absolute_url()}#keep"
    assert SavedQuestion.objects.get().user == person
    assert "kept" not in client.cookies
    assert 'name="keep" value="no"' in page(client, question.get_absolute_url())


def test_signing_in_takes_the_browsers_list_over_once(client: Client, question) -> None:
    person, other = UserFactory(), QuestionFactory(published=True)
    keep_question(question=other, by=person)
    keep(client, question)
    keep(client, other)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    response = client.get("/me/saved/")
    assert question.title in response.content.decode()
    assert response.cookies["kept"]["max-age"] == 0
    assert SavedQuestion.objects.filter(user=person).count() == 2
    keep(client, question, "no")
    assert question.title not in page(client, "/me/saved/")  # it does not come back


def test_while_the_database_is_away_the_cookie_stays(client: Client, question, sign_in, monkeypatch) -> None:
    keep(client, question)
    person = sign_in(UserFactory())
    person.cookies["kept"] = client.cookies["kept"].value

    def lost(**_: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as away:
        away.setattr("questions.middleware.take_over", lost)
        assert "kept" not in person.get("/trust/").cookies
    assert question.title in page(person, "/me/saved/")


def test_a_changed_cookie_gives_an_account_nothing(sign_in, question) -> None:
    client = sign_in(UserFactory())
    client.cookies["kept"] = "WzFd:1abc:forged"
    response = client.get("/me/saved/")
    assert "You keep no thread yet" in response.content.decode()
    assert response.cookies["kept"]["max-age"] == 0
    assert not SavedQuestion.objects.exists()


def test_keeping_needs_a_form_of_ours(question) -> None:
    """T-CF-01"""
    client = Client(enforce_csrf_checks=True)
    assert keep(client, question).status_code == 403
    token = client.get(f"/questions/{question.pk}/save/").context["csrf_token"]
    assert keep(client, question, csrfmiddlewaretoken=str(token)).status_code == 302


@override_settings(SESSION_COOKIE_SECURE=True)
def test_in_production_the_cookie_is_secure(client: Client, question) -> None:
    response = client.post(f"/questions/{question.pk}/save/", secure=True)
    assert response.cookies["__Host-kept"]["secure"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "9" * 30, ""])
def test_unknown_pages_of_the_list_are_the_first(client: Client, question, number: str) -> None:
    keep(client, question)
    assert question.title in page(client, f"/me/saved/?page={number}")


def test_long_lists_go_on(sign_in) -> None:
    person = UserFactory()
    for number in range(51):
        keep_question(question=QuestionFactory(published=True, title=f"Is this {number}?"), by=person)
    client = sign_in(person)
    assert "Is this 0?" not in page(client, "/me/saved/")
    assert "Is this 0?" in page(client, "/me/saved/?page=2")


def test_a_duplicate_in_the_browser_is_the_thread_it_leads_to(client: Client, question) -> None:
    other, twin = QuestionFactory(published=True), QuestionFactory(published=True)
    for thread in (twin, other, question):
        keep(client, thread)
    mark_duplicate(question=twin, canonical=question, by=moderator(), reason="The same.")
    html = page(client, "/me/saved/")
    assert html.count(f'href="{question.get_absolute_url()}"') == 1
    assert "not public" not in html
    keep(client, other, "no")
    assert client.get("/me/saved/here/").json() == {"kept": [question.pk]}
