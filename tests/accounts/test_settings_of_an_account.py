"""Changing one's address and one's handle."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from core.models import AuditEntry
from tests.accounts.conftest import link, log_in
from tests.factories import PASSWORD, QuestionFactory, UserFactory

NEW = "new@example.org"


def ask_for(client: Client, email: str = NEW):
    return client.post("/accounts/email/", {"email": email, "action_add": "1"})


def prove(client: Client, password: str = PASSWORD):
    return client.post("/accounts/reauthenticate/?next=/accounts/email/", {"password": password}, follow=True)


@pytest.fixture
def person(sign_in, member):
    return sign_in(member(email="old@example.org", handle="gems"))


def test_a_new_address_takes_the_password_a_link_and_a_word_to_the_old_one(person: Client) -> None:
    """T-AU-15"""
    assert ask_for(person)["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert "This is not your password" in prove(person, "plum ladder quartz 82").content.decode()
    page = prove(person).content.decode()
    assert "Waiting to be confirmed" in page
    assert mail.outbox[-1].to == [NEW]
    assert User.objects.get().email == "old@example.org"
    person.post(link())
    assert User.objects.get().email == NEW
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]
    told = [(message.to, message.subject) for message in mail.outbox[-2:]]
    assert told == [([email], "Your e-mail address was changed") for email in ("old@example.org", NEW)]
    assert log_in(Client(), NEW).status_code == 302
    assert log_in(Client(), "old@example.org").status_code == 200


def test_one_may_keep_the_old_address_after_all(person: Client) -> None:
    ask_for(person)
    prove(person)
    page = person.post("/accounts/email/", {"email": NEW, "action_remove": "1"}, follow=True).content.decode()
    assert "your address stays as it was" in page
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert "This link does not work any more" in person.get(link(mail.outbox[0])).content.decode()


def test_the_address_one_signs_in_with_cannot_be_taken_away(person: Client) -> None:
    prove(person)
    for action in ("action_remove", "action_primary", "action_send"):
        person.post("/accounts/email/", {"email": "old@example.org", action: "1"})
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("old@example.org", True, True)


def test_nobody_learns_by_asking_for_it_whether_an_address_is_taken(person: Client, member) -> None:
    member(email="theirs@example.org")
    prove(person)
    texts = []
    for email in ("theirs@example.org", "nobodys@example.org"):
        texts.append(ask_for(person, email).status_code)
        assert "Waiting to be confirmed" in person.get("/accounts/email/").content.decode()
        assert mail.outbox[-1].to == [email]
    assert texts == [302, 302]
    ask_for(person, "theirs@example.org")
    taken = next(m for m in mail.outbox if m.to == ["theirs@example.org"])
    assert "This link does not work any more" in person.get(link(taken)).content.decode()


def test_a_confirmed_address_stays_with_its_account(person: Client, member) -> None:
    member(email=NEW)
    prove(person)
    ask_for(person)
    assert "This address is taken" in person.get(link()).content.decode()
    page = person.post(link(), follow=True).content.decode()
    assert "confirmed for another account already" in page
    assert User.objects.get(handle="gems").email == "old@example.org"


def test_an_account_that_wrote_something_does_not_make_way(person: Client) -> None:
    """Imported people have no confirmed address; what they wrote is not to vanish."""
    QuestionFactory(author=UserFactory(email=NEW))
    prove(person)
    ask_for(person)
    page = person.post(link(), follow=True).content.decode()
    assert "confirmed for another account already" in page
    assert User.objects.filter(email=NEW).exists()


def test_a_new_handle_is_seen_at_once_and_kept_in_the_audit_trail(person: Client) -> None:
    page = person.post("/me/handle/", {"handle": "Gems-2"}, follow=True).content.decode()
    assert "Others see you as Gems-2 now." in page
    user = User.objects.get()
    assert user.handle == "Gems-2"
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.reason) == (user, "change handle", "")


@pytest.mark.parametrize("handle", ["Taken", "moderator", "x", "-ab-", "a" * 31, "ab\u202ecd", "", "<i>"])
def test_handles_that_are_not_to_be_had(person: Client, handle: str) -> None:
    UserFactory(handle="taken")
    response = person.post("/me/handle/", {"handle": handle})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert User.objects.filter(handle="gems").exists()
    assert not AuditEntry.objects.exists()


def test_ones_own_handle_may_change_its_capitals_and_stay(person: Client) -> None:
    assert person.post("/me/handle/", {"handle": "GEMS"}).status_code == 302
    assert person.post("/me/handle/", {"handle": "GEMS"}).status_code == 302
    assert AuditEntry.objects.count() == 1
