"""Signing in with a code out of the mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from tests.accounts.conftest import is_signed_in, link, log_in, sign_up
from tests.accounts.test_second_factor import code_of, set_up
from tests.factories import UserFactory, moderator

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
WRONG = "BBBB-BBBB"


def ask(client: Client, email: str, **more: str):
    return client.post(ASK, {"email": email, **more})


def mailed_code() -> str:
    found = re.search(r"^([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def give(client: Client, code: str, **more: str):
    return client.post(CONFIRM, {"code": code, **more})


@pytest.fixture
def person() -> User:
    return UserFactory(email="gems@example.org")


def test_a_code_lets_in_once_and_leads_on(client: Client, person: User) -> None:
    """T-AU-07: and the session gets another key."""
    asked = ask(client, "Gems@Example.org", next="/me/")
    assert asked["Location"] == f"{CONFIRM}?next=%2Fme%2F"
    assert not is_signed_in(client)
    assert mail.outbox[-1].subject == "Your code for signing in"
    code, before = mailed_code(), client.cookies["sessionid"].value
    response = give(client, code.lower().replace("-", " "), next="/me/")
    assert response["Location"] == "/me/"
    assert response.cookies["sessionid"]["max-age"] == ""
    assert is_signed_in(client)
    assert not Session.objects.filter(pk=before).exists()
    other = Client()
    ask(other, person.email)
    assert give(other, code).status_code == 200
    assert not is_signed_in(other)


def test_who_asks_for_it_stays_two_weeks(client: Client, person: User) -> None:
    ask(client, person.email)
    response = give(client, mailed_code(), remember="on")
    assert response.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_a_code_works_in_the_browser_that_asked_and_for_ten_minutes(client: Client, person: User) -> None:
    ask(client, person.email)
    code = mailed_code()
    assert give(Client(), code)["Location"] == ASK
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=2)):
        assert give(client, code)["Location"] == ASK
        assert not is_signed_in(client)


def test_three_wrong_codes_end_it(client: Client, person: User) -> None:
    """T-AU-12"""
    ask(client, person.email)
    code = mailed_code()
    for _ in range(2):
        assert "not the code of the newest message" in give(client, WRONG).text
    assert "Have another sent" in client.get(give(client, WRONG)["Location"]).text
    assert give(client, code)["Location"] == ASK
    assert not is_signed_in(client)


def test_nor_can_one_have_codes_sent_without_end(client: Client, person: User) -> None:
    """T-AU-03: for this account alone, whatever addresses are claimed to be behind it."""
    statuses = []
    for number in range(7):
        forged = Client(headers={"x-forwarded-for": f"203.0.113.{number}"})
        response = ask(forged, person.email)
        statuses.append(response.status_code)
    assert statuses == [302] * 5 + [429] * 2
    assert response["Retry-After"] == "600"
    assert ask(client, UserFactory().email).status_code == 302


def test_a_code_does_not_stand_in_for_the_second_factor(settings) -> None:
    """T-AU-11, T-AU-14"""
    settings.SECOND_FACTOR = True
    staff = moderator(email="desk@example.org", handle="desk-hand")
    client, other = Client(), Client()
    log_in(client, staff.email)
    secret = set_up(client)
    ask(other, staff.email)
    assert give(other, mailed_code())["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(other)
    assert other.get("/admin/")["Location"].startswith("/accounts/login/")
    later = timezone.now() + timedelta(minutes=2)
    with time_machine.travel(later):
        other.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        assert other.get("/admin/").status_code == 200


def test_without_one_set_up_the_desk_stays_closed(settings) -> None:
    """T-AU-11"""
    settings.SECOND_FACTOR = True
    staff = moderator(email="desk@example.org", handle="desk-hand")
    client = Client()
    ask(client, staff.email)
    assert give(client, mailed_code())["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_an_address_nobody_confirmed_gets_its_link_and_no_code(client: Client) -> None:
    """Otherwise whoever claimed it first would share the account with its owner, by the password they chose."""
    sign_up(Client(), "gems@example.org")
    assert ask(client, "gems@example.org").status_code == 302
    assert mail.outbox[-1].subject == "Confirm your e-mail address"
    assert give(client, "").status_code == 200
    client.post(link())
    assert EmailAddress.objects.get().verified


def test_an_unknown_address_and_a_closed_account_are_told_in_the_mail_alone(client: Client) -> None:
    closed = UserFactory(is_active=False)
    for email in (closed.email, "nobody@example.org"):
        ask(client := Client(), email)
        assert f"way to <bdi>{email}</bdi>" in client.get(CONFIRM).text
        assert mail.outbox[-1].subject == "There is no account with this address"
        assert give(client, "").status_code == 200
    assert User.objects.count() == 1


def test_one_may_change_ones_mind(client: Client, person: User) -> None:
    ask(client, person.email)
    assert client.get("/accounts/login/")["Location"].startswith(CONFIRM)
    assert client.post("/accounts/logout/", {"next": "/accounts/login/"})["Location"] == "/accounts/login/"
    assert client.get("/accounts/login/").status_code == 200
    assert log_in(client, person.email)["Location"] == "/"


def test_nobody_signed_in_is_asked_for_their_age_again(client: Client, person: User) -> None:
    """It is asked once, when the account is made."""
    ask(client, person.email)
    for page in (client.get(CONFIRM), Client().get(ASK), Client().get("/accounts/login/")):
        assert "18 or older" not in page.text
