"""Where one is signed in, and the end of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from accounts.sanctions import impose
from accounts.sessions import device_words
from tests.accounts.conftest import is_signed_in, link, log_in
from tests.factories import PASSWORD, UserFactory, moderator

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"
DEVICES = {
    PHONE: "Safari on an iPhone",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0": "Firefox on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0": "Edge on Windows",
    "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36": "Samsung Internet on an Android phone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36": "Chrome on a Mac",
    "curl/8.5": "A browser",
    "<script>" * 5000: "A browser",
    "": "A browser",
}  # fmt: skip


@pytest.fixture
def person() -> User:
    return UserFactory(email="gems@example.org")


def browser(person: User, user_agent: str = "") -> Client:
    client = Client(headers={"user-agent": user_agent})
    log_in(client, person.email)
    return client


def prove(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def rows(client: Client) -> list[str]:
    """What stands in each row of the table, in plain text."""
    found = re.findall(r"<tr>(.*?)</tr>", client.get(PAGE).text.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


@pytest.mark.parametrize(("user_agent", "words"), DEVICES.items(), ids=range(len(DEVICES)))
def test_a_device_is_said_in_words(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words


def test_one_sees_where_one_is_signed_in_this_one_first(person: User) -> None:
    phone, here = browser(person, PHONE), browser(person)
    browser(UserFactory())
    assert is_signed_in(phone)
    mine = rows(here)
    assert len(mine) == 2
    assert mine[0].startswith("A browser")
    assert mine[0].endswith("Now This device")
    assert mine[1].startswith("Safari on an iPhone")
    assert "End this session of Safari on an iPhone" in mine[1]


def test_what_is_over_is_not_listed() -> None:
    """A moderator's other session ends after half an hour; its cookie may still lie there."""
    staff = moderator()
    browser(staff, PHONE)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert len(rows(browser(staff))) == 1


def test_neither_a_key_nor_a_network_address_is_shown_or_kept(person: User) -> None:
    phone, here = browser(person, PHONE), browser(person)
    page = here.get(PAGE).text
    assert phone.cookies["sessionid"].value not in page
    assert "127.0.0.1" not in page
    for session in Session.objects.all():
        kept = f"{session.get_decoded()} {vars(session)}"
        assert "127.0.0.1" not in kept
        assert "AppleWebKit" not in kept


def test_ending_one_takes_the_password_and_its_cookie_dies_at_once(person: User) -> None:
    """T-AU-15, T-AU-17"""
    phone, tablet, here = browser(person, PHONE), browser(person), browser(person)
    name = Session.objects.get(pk=phone.cookies["sessionid"].value).name
    asked = here.post(PAGE, {"end": name})
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fsessions%2F"
    assert is_signed_in(phone)
    here.post(asked["Location"], {"password": PASSWORD})
    assert not is_signed_in(phone)
    assert is_signed_in(tablet)
    assert is_signed_in(here)
    again = here.post(PAGE, {"end": name}, follow=True)
    assert "That session was over already." in again.text


def test_ending_the_others_leaves_this_one(person: User) -> None:
    """T-AU-17"""
    others, here, stranger = [browser(person) for _ in range(3)], browser(person), browser(UserFactory())
    prove(here)
    page = here.post(PAGE, {"end": "others"}, follow=True).text
    assert "Signed out on 3 other devices." in page
    assert "End the others" not in page
    assert [is_signed_in(one) for one in (*others, here, stranger)] == [False] * 3 + [True] * 2


def test_nobody_ends_the_session_of_somebody_else(person: User) -> None:
    """T-AU-17, T-AZ-03"""
    here, stranger = browser(person), browser(UserFactory())
    prove(here)
    theirs = stranger.cookies["sessionid"].value
    for wanted in (Session.objects.get(pk=theirs).name, theirs, "", "x" * 5000):
        here.post(PAGE, {"end": wanted})
    assert is_signed_in(stranger)


@pytest.mark.parametrize("by_mail", [False, True])
def test_a_new_password_leaves_no_other_session_behind(person: User, by_mail: bool) -> None:
    """T-AU-09"""
    phone, here = browser(person, PHONE), browser(person)
    new = {"password1": "violet engine harbour 3", "password2": "violet engine harbour 3"}
    if by_mail:
        stranger = Client()
        stranger.post("/accounts/password/reset/", {"email": person.email})
        stranger.post(stranger.get(link(), follow=True).request["PATH_INFO"], new)
        assert not person.sessions.exists()
    else:
        here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
        assert len(rows(here)) == 1
    assert not is_signed_in(phone)


def test_a_closed_account_has_no_session_that_could_come_back(person: User) -> None:
    """T-AU-10"""
    phone = browser(person, PHONE)
    boss = moderator(is_superuser=True)
    impose(person=person, by=boss, kind="closure", reason="Sold things.")
    assert not person.sessions.exists()
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert not is_signed_in(phone)


def test_last_used_is_noted_once_an_hour_and_lengthens_nothing(person: User) -> None:
    client = browser(person)
    key = client.cookies["sessionid"].value
    before = Session.objects.get(pk=key)
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        client.get("/")
        assert Session.objects.get(pk=key).seen_at == before.seen_at
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        response = client.get("/")
        after = Session.objects.get(pk=key)
    assert after.seen_at - before.seen_at > timedelta(hours=2)
    assert (after.expire_date, after.session_data) == (before.expire_date, before.session_data)
    assert "sessionid" not in response.cookies
    assert after.began_at == before.began_at


def test_a_visitor_without_an_account_has_a_session_of_nobodys() -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": "nobody@example.org"})
    session = Session.objects.get()
    assert (session.user_id, session.device) == (None, "")
