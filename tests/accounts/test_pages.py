"""Every page about an account: whole, ours, private."""

from html.parser import HTMLParser

import html5lib
import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.models import Session
from config.demo import DEMO_ACCOUNTS
from tests.accounts.conftest import link, log_in, sign_up
from tests.factories import UserFactory

ANONYMOUS = {
    "/accounts/login/": "Sign in",
    "/accounts/login/?next=/questions/ask/": "Sign in",
    "/accounts/signup/": "Make an account",
    "/accounts/confirm-email/": "Look in your mail",
    "/accounts/confirm-email/Mg:nothing:real/": "This link does not work any more",
    "/accounts/password/reset/": "Forgot your password?",
    "/accounts/password/reset/done/": "Look in your mail",
    "/accounts/password/reset/key/1-nothing-real/": "This link does not work any more",
    "/accounts/password/reset/key/zzzzzzzzzzzzz-set-password/": "This link does not work any more",
    "/accounts/password/reset/key/done/": "Sign in with the new password",
    "/accounts/inactive/": "This account is closed",
    "/accounts/login/code/": "Sign in with a code",
    "/accounts/under-18/": "Please come back when you are 18",
}
SIGNED_IN = {
    "/accounts/email/": "Your e-mail address",
    "/accounts/password/change/": "Your password",
    "/accounts/password/reset/": "Forgot your password?",
    "/accounts/reauthenticate/": "Your password once more",
    "/accounts/confirm-email/": "Look in your mail",
    "/me/handle/": "Your handle",
    "/accounts/sessions/": "Where you are signed in",
}


class Outline(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.inline: list[str] = []
        self.robots = ""
        self._in_heading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(tag)
        if tag == "meta" and values.get("name") == "robots":
            self.robots = values.get("content") or ""
        if tag == "h1":
            self._in_heading = True
            self.headings.append("")

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.headings[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = self._in_heading and tag != "h1"


def assert_page(response, heading: str, status: int = 200) -> None:
    assert response.status_code == status
    html = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    outline = Outline(html)
    assert outline.headings == [heading]
    assert outline.inline == []
    assert outline.robots == "noindex"
    assert "<title>Candor</title>" not in html
    assert "Demonstration" in html, "the frame does not see our site"
    assert 'rel="canonical"' not in html
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("path", "heading"), ANONYMOUS.items())
def test_everybody_sees_these_pages(client: Client, db: None, path: str, heading: str) -> None:
    assert_page(client.get(path), heading)


@pytest.mark.parametrize(("path", "heading"), SIGNED_IN.items())
def test_signed_in_people_see_these_pages(sign_in, member, path: str, heading: str) -> None:
    assert_page(sign_in(member()).get(path), heading)


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/password/change/", "/me/handle/", "/accounts/reauthenticate/"]
)
def test_strangers_are_asked_to_sign_in_first(client: Client, db: None, path: str) -> None:
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_the_page_of_a_first_password(sign_in, member) -> None:
    user = member()
    user.set_unusable_password()
    user.save()
    assert_page(sign_in(user).get("/accounts/password/set/"), "Your password")


def test_the_page_of_a_genuine_link(client: Client, db: None) -> None:
    sign_up(client, "gems@example.org")
    assert_page(client.get(link()), "Is this your address?")


def test_the_page_of_a_code(client: Client, db: None) -> None:
    client.post("/accounts/login/code/", {"email": "gems@example.org"})
    assert_page(client.get("/accounts/login/code/confirm/"), "The code from your mail")


def test_the_page_for_who_is_not_18_keeps_nothing(client: Client, db: None) -> None:
    assert "/accounts/under-18/" in client.get("/accounts/signup/").text
    young = Client()
    response = young.get("/accounts/under-18/")
    assert not young.cookies
    assert not Session.objects.exists()
    assert "no account was made" in response.text


def test_the_page_of_a_new_password(client: Client, member) -> None:
    client.post("/accounts/password/reset/", {"email": member().email})
    response = client.get(link(), follow=True)
    assert_page(response, "Choose a new password")
    # T-AU-13: the key has left the address, and the address is told to no other site anyway.
    # Not "no-referrer": browsers then send "Origin: null" with the form, which Django rightly refuses.
    assert response.request["PATH_INFO"].endswith("-set-password/")
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "name",
    ["account/signup_closed.html", "account/verified_email_required.html", "allauth/layouts/base.html"],
)
def test_pages_not_offered_today_are_ours_too(db: None, name: str, rf: RequestFactory) -> None:
    request = rf.get("/accounts/")
    assert 'class="site-header"' in render_to_string(name, {"request": request}, None)


def test_mail_as_files_is_said_where_one_looks_for_it(client: Client, sign_in, member) -> None:
    person = sign_in(member())
    person.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    for response in (client.get("/accounts/confirm-email/"), client.get("/accounts/password/reset/done/")):
        assert "<code>var/mail/</code>, and its link" in response.content.decode()


def test_the_demonstration_says_who_can_sign_in(client: Client, db: None, settings) -> None:
    _role, email, password = DEMO_ACCOUNTS[0]
    assert email not in client.get("/accounts/login/").content.decode()
    UserFactory(email=email)
    page = client.get("/accounts/login/").content.decode()
    assert email in page
    assert password in page
    settings.DEMO = False
    assert email not in client.get("/accounts/login/").content.decode()


def test_a_closed_account_is_told_so_and_nobody_else(client: Client, member) -> None:
    user = member(is_active=False)
    assert log_in(client, user.email)["Location"] == "/accounts/inactive/"
    assert "do not belong together" in log_in(client, user.email, "plum ladder quartz 82").content.decode()


def test_one_kind_of_answer_whatever_is_asked_for(client: Client, db: None) -> None:
    headers = {"accept": "application/json", "x-requested-with": "XMLHttpRequest"}
    response = client.get("/accounts/login/", headers=headers)
    assert response["Content-Type"].startswith("text/html")


COOKIE_VALUES = [
    "", " ", "a", "0", "null", "'\"", "../../etc/passwd", "x" * 4000, "é", "\\000\\000aaaaaaaa",
    '"\\000aaaaaaaaaaaa"', "%00", "[]", "{}", "1;2", "=", "\\", '"', "<script>", "-1",
]  # fmt: skip


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
def test_corrupt_cookies_are_no_errors(client: Client, db: None, name: str) -> None:
    """T-AU-19"""
    for value in COOKIE_VALUES:
        for path in ("/accounts/login/", "/accounts/signup/", "/me/", "/"):
            assert client.get(path, headers={"cookie": f"{name}={value}"}).status_code < 500, value
