"""Setting up a second factor and using it, in a real browser: app and security key, with and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from core.audit import record
from tests.accounts.test_code import mailed_code
from tests.accounts.test_second_factor import code_of
from tests.factories import PASSWORD, moderator
from tests.journeys.conftest import accessibility_problems

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(visitor: Any, settings: Any) -> Any:
    """A moderator at the door. A key belongs to a name, so the address is localhost and not a number."""
    settings.SECOND_FACTOR = True
    moderator(email="desk@example.org", handle="desk-hand")

    def open_browser(**options: Any) -> Any:
        one = visitor(**options)
        one.origin = one.origin.replace("127.0.0.1", "localhost")
        return one

    return open_browser


def sign_in(person: Any) -> None:
    person.go("/accounts/login/")
    person.fill(login="desk@example.org", password=PASSWORD)
    person.press("Sign in")


def confirm(person: Any) -> None:
    """The password once more, where it is asked for."""
    if "/reauthenticate/" in person.page.url:
        person.fill(password=PASSWORD)
        person.press("Go on")


def looked_at(person: Any) -> None:
    """No page is wider than its screen, and axe finds nothing, light or dark."""
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        person.page.wait_for_timeout(300)  # colours change softly
        assert accessibility_problems(person.page) == [], f"{person.page.url} {scheme}"
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), person.page.url


def test_an_app_is_set_up_and_used(person: Any, javascript: bool) -> None:
    one = person(javascript=javascript, width=390)
    seen = looked_at if javascript else lambda _: None
    sign_in(one)
    assert one.page.url.endswith("/accounts/2fa/")
    seen(one)
    one.follow("Set up an app")
    seen(one)
    confirm(one)
    assert one.page.get_by_role("img", name="Code for your authenticator app").bounding_box()["width"] >= 200
    seen(one)
    secret = re.search(r"Key: (\w+)", one.text())
    assert secret
    one.fill(code="000000")
    one.press("Set up")
    assert "not right" in one.text()
    one.fill(code=code_of(secret[1]))
    one.press("Set up")
    codes = re.findall(r"^\d{8}$", one.text(), re.MULTILINE)
    assert len(codes) == 10
    seen(one)
    one.follow("Make new ones")
    seen(one)
    one.go("/accounts/2fa/")
    seen(one)
    one.follow("On to the queue")
    assert one.page.url.endswith("/admin/")
    other = person(javascript=javascript, width=390)
    sign_in(other)
    assert "Your second factor" in other.text()
    seen(other)
    other.fill(code=codes[0])
    other.press("Sign in")
    assert other.page.url.endswith("/admin/")
    one.go("/accounts/2fa/totp/deactivate/")
    seen(one)
    one.press("Remove it")
    one.go("/admin/")
    assert one.page.url.endswith("/accounts/2fa/")


def give_a_key(one: Any) -> None:
    """A virtual one that knows its owner's finger."""
    devices = one.context.new_cdp_session(one.page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def add_a_key(one: Any, name: str, *, alone: bool) -> None:
    one.go("/accounts/2fa/webauthn/add/")
    confirm(one)
    looked_at(one)
    one.fill(name=name)
    one.page.locator('[name="passwordless"]').set_checked(alone)
    one.page.get_by_role("button", name="Add the key").click()
    one.page.wait_for_url("**/accounts/2fa/recovery-codes/")


def test_a_security_key_is_added_and_used(person: Any) -> None:
    one = person(width=1280)
    give_a_key(one)
    sign_in(one)
    add_a_key(one, "blue key", alone=False)
    one.follow("On to the queue")
    assert one.page.url.endswith("/admin/")
    for path in ("/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/reauthenticate/"):
        one.go(path)
        looked_at(one)
    one.context.clear_cookies()
    sign_in(one)
    looked_at(one)
    one.page.get_by_role("button", name="Use a security key").click()
    one.page.wait_for_url("**/admin/")
    one.go("/accounts/2fa/webauthn/")
    assert "blue key" in one.text()
    one.follow("Rename")
    confirm(one)
    looked_at(one)
    one.fill(name="red key")
    one.press("Rename it")
    assert "red key" in one.text()
    one.follow("Remove")
    confirm(one)
    looked_at(one)
    one.press("Remove it")
    assert "You have no security key here" in one.text()


def test_a_key_alone_opens_the_desk(person: Any) -> None:
    """And ends the session of another device there, which came in by a code from the mail, without JavaScript."""
    one, other = person(width=320), person(width=320, javascript=False)
    give_a_key(one)
    sign_in(one)
    add_a_key(one, "thumb", alone=True)
    one.context.clear_cookies()
    one.go("/accounts/login/?next=/accounts/sessions/")
    one.page.get_by_role("button", name="Use a security key").press("Enter")
    one.page.wait_for_url(f"{one.origin}/accounts/sessions/")
    one.go("/admin/")
    assert one.page.url.endswith("/admin/")
    one.go("/accounts/2fa/webauthn/")
    assert "thumb (signs in alone)" in one.text()

    other.go("/accounts/login/")
    assert "A security key needs JavaScript. A code by mail does without." in other.text()
    other.follow("Have a code sent by mail")
    other.fill(email="desk@example.org")
    other.press("Send a code")
    other.fill(code=mailed_code())
    other.press("Sign in")
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    other.fill(code=codes[0])
    other.press("Sign in")
    assert other.page.url.endswith("/admin/")

    one.go("/accounts/sessions/")
    looked_at(one)
    one.press("End this session of Chrome on Linux")
    confirm(one)
    assert "That device is signed out." in one.text()
    other.go("/admin/")
    assert "/accounts/login/" in other.page.url


def test_the_page_of_a_code_is_accessible_and_leads_back(person: Any) -> None:
    one = person(width=320)
    one.go("/accounts/login/code/")
    one.fill(email="desk@example.org")
    one.press("Send a code")
    one.fill(code="BBBB-BBBB")
    one.press("Sign in")
    assert "not the code of the newest message" in one.text()
    looked_at(one)
    one.press("Use your password instead")
    assert one.page.url.endswith("/accounts/login/")


def test_a_key_that_does_not_answer_is_said(person: Any) -> None:
    one = person(width=390)
    devices = one.context.new_cdp_session(one.page)
    devices.send("WebAuthn.enable")
    sign_in(one)
    one.follow("Add a key")
    confirm(one)
    one.page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    one.page.get_by_role("button", name="Add the key").click()
    one.page.get_by_role("alert").wait_for()
    assert "has not got an answer from the key" in one.text()


@pytest.mark.parametrize("width", [768, 1280])
def test_the_dashboard_fits_and_is_accessible(person: Any, settings: Any, width: int) -> None:
    settings.SECOND_FACTOR = False
    one = person(width=width)
    sign_in(one)
    user = moderator(handle="another-hand")
    for action in ("publish", "reject", "publish"):
        record(actor=user, action=action, obj=user)
    one.go("/admin/moderation/dashboard/")
    looked_at(one)
