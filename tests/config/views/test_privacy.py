"""What is kept, for everybody, and what one can do about one's own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.consents import TEXTS, Text, agree, text_of
from accounts.enums import Purpose
from accounts.models import Consent, User
from config.privacy.kept import SUBJECTS
from tests.factories import PASSWORD, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return UserFactory(email="greta@example.org", handle="greta")


@pytest.fixture
def client(person: User) -> Client:
    """Somebody who has just given the password."""
    return proven(person)


def proven(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_public_page_prints_the_table_and_sets_no_cookie() -> None:
    response = Client().get("/privacy/")
    page = response.content.decode()
    assert all(f'<th scope="row">{subject.what}</th>' in page for subject in SUBJECTS)
    assert all(text_of(purpose).words in words(response).replace("&#x27;", "'") for purpose in Purpose)
    assert not response.cookies
    assert 'href="/privacy/"' in Client().get("/trust/").content.decode()


def test_erasure_is_asked_for_undone_and_asked_for_again(client: Client, person: User) -> None:
    question = QuestionFactory(published=True)
    asked = client.post("/me/privacy/erasure/", follow=True)
    person.refresh_from_db()
    assert timezone.now() + timedelta(days=6, hours=23) < person.erasure_due_at
    assert "Your account is to be erased" in words(asked)
    assert [message.subject for message in mail.outbox] == ["Your account is to be erased"]
    assert f"{person.erasure_due_at:%-d %B %Y, %H:%M}" in mail.outbox[0].body
    assert client.get("/questions/ask/").status_code == 403
    refused = client.get("/questions/ask/").content.decode()
    assert "take that back under “Privacy”" in refused
    assert re.search(r'<a class="button" href="/me/privacy/">Keep my account</a>', refused)
    assert client.post(f"/answers/{question.pk}/helpful/").status_code in {403, 404}
    client.post("/me/privacy/erasure/")
    assert len(mail.outbox) == 1
    assert "Your account stays" in words(client.post("/me/privacy/erasure/undo/", follow=True))
    assert client.get("/questions/ask/").status_code == 200
    client.post("/me/privacy/erasure/")
    assert len(mail.outbox) == 2


def test_the_last_administrator_stays() -> None:
    boss = UserFactory(is_staff=True, is_superuser=True)
    client = proven(boss)
    assert "last administrator" in words(client.post("/me/privacy/erasure/", follow=True))
    boss.refresh_from_db()
    assert boss.erasure_due_at is None


def test_what_was_agreed_to_is_kept_word_for_word_and_can_be_taken_back(client: Client, person: User) -> None:
    agree(user=person, purpose=Purpose.HEALTH)
    agree(user=person, purpose=Purpose.HEALTH)
    kept = Consent.objects.get()
    assert (kept.version, kept.sha256) == (1, text_of(Purpose.HEALTH).sha256)
    assert text_of(Purpose.HEALTH).words in words(client.get("/me/privacy/"))
    client.post("/me/privacy/consent/", {"purpose": "health"})
    kept.refresh_from_db()
    assert kept.withdrawn_at is not None
    assert client.post("/me/privacy/consent/", {"purpose": "adult"}).status_code == 404


def test_signing_up_keeps_what_one_agreed_to() -> None:
    data = {"email": "new@example.org", "handle": "newcomer", "password1": PASSWORD, "is_adult": "on"}
    client = Client()
    assert "By signing up you agree" in words(client.get("/accounts/signup/"))
    client.post("/accounts/signup/", data)
    agreed = Consent.objects.filter(user__handle="newcomer").values_list("purpose", flat=True)
    assert set(agreed) == {"adult", "account"}


def test_words_that_changed_are_read_before_a_form_opens_and_what_was_typed_is_not_held_up(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = QuestionFactory(published=True, author=person)
    agree(user=person, purpose=Purpose.ACCOUNT)
    assert client.get("/me/privacy/terms/")["Location"] == "/me/privacy/"
    newer = Text(2, date(2027, 3, 1), "By signing up you agree to the newer words.")
    monkeypatch.setitem(TEXTS, Purpose.ACCOUNT, (newer, *TEXTS[Purpose.ACCOUNT]))
    assert client.get(question.get_absolute_url()).status_code == 200
    assert "has a new version" in words(client.get("/me/privacy/"))

    form = f"/questions/{question.pk}/edit/"
    asked = client.get(form, follow=True)
    assert asked.redirect_chain == [(f"/me/privacy/terms/?next={form}", 302)]
    assert "the newer words. Version 2" in words(asked)
    assert client.post(form, {"title": ""}).status_code != 302
    for other in ("/desk/profile/", "/me/facts/1/", f"/desk/questions/{question.pk}/fact/"):
        assert client.get(other)["Location"] == f"/me/privacy/terms/?next={other}"
    agreed = client.post("/me/privacy/terms/", {"next": form})
    assert agreed["Location"] == form
    assert client.get(form).status_code == 200
    standing = Consent.objects.standing().get(user=person, purpose=Purpose.ACCOUNT)
    assert (standing.version, standing.sha256) == (2, newer.sha256)
    assert client.post("/me/privacy/terms/", {"next": "//elsewhere.example/"})["Location"] == "/me/privacy/"
