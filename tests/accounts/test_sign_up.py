"""From an address to an account, and back to where one was going."""

from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.adapter import AccountAdapter
from accounts.models import User
from tests.accounts.conftest import is_signed_in, link, log_in, sign_up, without_tokens
from tests.accounts.mail import delivered
from tests.accounts.test_sign_in import ELSEWHERE
from tests.factories import UserFactory

ASK = "/questions/ask/?treatment=botox"


def confirm(client: Client, path: str | None = None, **kwargs):
    return client.post(path or link(), **kwargs)


def test_a_confirmed_address_leads_back_to_the_page_one_came_from(client: Client, db: None) -> None:
    form = client.get("/accounts/signup/", {"next": ASK}).content.decode()
    assert f'name="next" value="{ASK.replace("&", "&amp;")}"' in form
    assert sign_up(client, "Gems@Example.org", next=ASK)["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    assert confirm(client)["Location"] == ASK
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.handle) == ("gems@example.org", "gems")
    assert user.is_adult_since


def test_a_link_opened_on_another_device_leads_there_by_way_of_signing_in(client: Client, db: None) -> None:
    sign_up(client, "gems@example.org", next=ASK)
    assert "botox" not in str(mail.outbox[-1].message())
    phone = Client()
    response = confirm(phone)
    assert response["Location"] == "/accounts/login/?next=%2Fquestions%2Fask%2F%3Ftreatment%3Dbotox"
    assert not is_signed_in(phone)
    assert "Your address is confirmed." in phone.get(response["Location"]).content.decode()
    assert log_in(phone, "gems@example.org", next=ASK)["Location"] == ASK


def test_opening_the_link_confirms_nothing(client: Client, db: None) -> None:
    """Mail scanners open links."""
    sign_up(client, "gems@example.org")
    for _ in range(2):
        assert "Is this your address?" in client.get(link()).content.decode()
    assert not EmailAddress.objects.get().verified
    confirm(client)
    assert EmailAddress.objects.get().verified


def test_opening_somebody_elses_link_signs_nobody_out(client: Client, sign_in, member) -> None:
    sign_up(client, "gems@example.org")
    other = sign_in(member())
    other.get(link())
    assert is_signed_in(other)


def test_pressing_confirm_twice_is_no_mistake(client: Client, db: None) -> None:
    sign_up(client, "gems@example.org")
    confirm(client)
    for response in (confirm(client), client.get(link()), Client().get(link())):
        assert response.status_code == 200
        assert "Your address is confirmed" in response.content.decode()


def test_a_link_works_for_three_days(client: Client, db: None) -> None:
    sign_up(client, "gems@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        for response in (client.get(link()), confirm(client)):
            assert "This link does not work any more" in response.content.decode()
            assert "Sign in, and we send another." in response.content.decode()
        assert "look in your mail" in log_in(client, "gems@example.org").text
        delivered()
        confirm(client)
    assert EmailAddress.objects.get().verified


def test_nobody_learns_who_has_an_account(member) -> None:
    """T-AU-02"""
    member(email="known@example.org", handle="somebody")
    pages, statuses = [], []
    for email in ("known@example.org", "unknown@example.org"):
        browser = Client()
        response = sign_up(browser, email, handle=email.partition("@")[0])
        statuses.append((response.status_code, response["Location"], sorted(response.cookies)))
        pages.append(without_tokens(browser.get(response["Location"])))
    assert statuses[0] == statuses[1]
    assert pages[0] == pages[1]
    to_known, to_unknown = mail.outbox
    assert (to_known.to, to_known.subject) == (["known@example.org"], "You have an account already")
    assert (to_unknown.to, to_unknown.subject) == (["unknown@example.org"], "Confirm your e-mail address")
    assert User.objects.filter(email="known@example.org").count() == 1


def test_the_time_an_answer_takes_does_not_say_who_has_an_account(member) -> None:
    """T-AU-02: hashing is what takes long, and it is done either way."""
    member(email="known@example.org", handle="somebody")
    with patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
    ) as hashed:
        for number, email in enumerate(("known@example.org", "unknown@example.org"), start=1):
            sign_up(Client(), email, handle=f"gems-{number}")
            assert hashed.call_count == number


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"handle": "SomeBody"}, "Somebody else goes by this handle"),
        ({"handle": "moderator"}, "This handle is reserved"),
        ({"handle": "a b"}, "letters, digits or hyphens"),
        ({"handle": "gems\n"}, None),
        ({"handle": "<b>x</b>"}, "letters, digits or hyphens"),
        ({"is_adult": ""}, "Candor is for adults"),
        ({"email": "nobody"}, "valid email address"),
        ({"password1": "short"}, "at least 12 characters"),
        ({"handle": "quartz-ladder", "password1": "quartz-ladder9"}, "too similar to the handle"),
        (
            {"email": "quartz@example.org", "password1": "quartz@example9"},
            "too similar to the e-mail address",
        ),
    ],
)
def test_what_the_form_asks_for(client: Client, db: None, changes: dict[str, str], says: str | None) -> None:
    UserFactory(handle="somebody")
    response = sign_up(client, **{"email": "gems@example.org", **changes})
    if says is None:
        assert response.status_code == 302
        assert User.objects.filter(handle="gems").exists()
    else:
        assert says in response.content.decode().replace("&#x27;", "'")
        assert User.objects.count() == 1


def test_what_nobody_may_set_about_themselves(client: Client, db: None) -> None:
    """T-AZ-11"""
    forged = {
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "verified": "on",
        "groups": "1",
        "id": "1",
    }
    sign_up(client, "gems@example.org", **forged)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert not EmailAddress.objects.get().verified


def test_a_handle_taken_a_moment_ago_opens_the_form_again(client: Client, db: None, monkeypatch) -> None:
    def too_late(*args: object, **kwargs: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(AccountAdapter, "save_user", too_late)
    response = sign_up(client, "gems@example.org", next=ASK)
    assert response["Location"].startswith("/accounts/signup/?next=")
    assert "Somebody else goes by this handle" in client.get(response["Location"]).content.decode()


def test_an_address_taken_a_moment_ago_gets_the_usual_answer(client: Client, db: None, monkeypatch) -> None:
    def too_late(*args: object, **kwargs: object) -> None:
        UserFactory.build(email="gems@example.org").save()
        raise IntegrityError

    # The other sign-up is committed elsewhere, so the row has to outlive the savepoint that fails here.
    monkeypatch.setattr("accounts.forms.transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(AccountAdapter, "save_user", too_late)
    assert sign_up(client, "gems@example.org")["Location"] == "/accounts/confirm-email/"
    assert mail.outbox[-1].subject == "You have an account already"


def test_a_forgotten_claim_makes_way_for_the_owner(sign_in, member) -> None:
    """Somebody signed up with an address that is not theirs; its owner wants to use it."""
    sign_up(Client(), "mine@example.org")
    cache.clear()  # the pause between two messages to one address is over
    owner = member(email="old@example.org", handle="owner")
    browser = sign_in(owner)
    browser.post("/accounts/email/", {"email": "mine@example.org", "action_add": "1"})
    browser.post("/accounts/reauthenticate/?next=/accounts/email/", {"password": "plum ladder quartz 81"})
    confirm(browser)
    owner.refresh_from_db()
    assert owner.email == "mine@example.org"
    assert not User.objects.filter(handle="gems").exists()


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_up_never_leads_off_the_site(client: Client, db: None, elsewhere: str) -> None:
    """T-CF-07"""
    sign_up(client, "gems@example.org", next=elsewhere)
    assert confirm(client)["Location"] == "/"
