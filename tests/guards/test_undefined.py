"""No template names a variable that nobody gave it: Django would print nothing, and nobody would notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.http import HttpResponseBase
from django.template import engines
from django.test import Client

from core.enums import State
from tests.accounts.conftest import log_in, sign_up
from tests.factories import PASSWORD, CredentialFactory
from tests.guards.test_access import ROLES, path_of, table

pytestmark = pytest.mark.django_db
# Printed in place of what is undefined, with its name.
MARK = "«undefined: %s»"
NEW_PASSWORD = {"password1": "violet engine harbour 3", "password2": "violet engine harbour 3"}
# Forms that come back with what is wrong, by the role that may see them.
REFUSED = {
    "anonymous": ("account_login", "account_signup", "account_reset_password"),
    "patient": (
        "questions:ask", "questions:edit", "account_email", "account_change_password", "accounts:handle",
        "account_reauthenticate",
    ),
    "verified": ("answers:write", "answers:edit"),
    "moderator": (
        "admin:moderation_item", "admin:doctors_doctor_add", "admin:treatments_treatment_merge_into",
    ),
    "senior": ("admin:moderation_verification", "admin:moderation_appeal", "admin:moderation_account"),
}  # fmt: skip
# Further states of pages: lists with filters, with nothing in them, searches.
QUERIES = (
    "/search/?q=botox", "/search/?q=botoxx", "/search/?q=nothing-like-it", "/search/?kind=x", "/questions/?sort=helpful",
    "/questions/?place=nowhere", "/doctors/?name=nobody", "/treatments/botox/questions/?answered=no", "/no-such-page/",
    "/questions/?after=wrong", "/treatments/botox/cases/?skin=6", "/questions/ask/?treatment=botox",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", MARK)


def undefined(text: str) -> Iterator[str]:
    for part in text.split(MARK.partition("%s")[0])[1:]:
        yield part.partition("»")[0]


def found_in(response: HttpResponseBase) -> set[str]:
    if response.streaming:
        b"".join(response)  # reads and closes the file
        return set()
    return set(undefined(response.content.decode(errors="replace").replace("&#171;", "«")))


@pytest.mark.parametrize("role", ROLES)
def test_no_page_names_a_variable_that_does_not_exist(
    role: str,
    world: dict,
    people: dict,
    sign_in: Callable[..., Client],
) -> None:
    CredentialFactory(doctor=world["verified"])

    def client() -> Client:
        return Client() if role == "anonymous" else sign_in(people[role])

    wrong = {
        f"{name} {sorted(found)}"
        for name in table()
        if (found := found_in(client().get(path_of(name, world))))
    }
    browser = client()
    wrong |= {f"{url} {sorted(found)}" for url in QUERIES if (found := found_in(browser.get(url)))}
    for name in REFUSED.get(role, ()):
        if found := found_in(client().post(path_of(name, world), {"to": State.REJECTED})):
            wrong.add(f"POST {name} {sorted(found)}")
    assert not wrong, "\n".join(sorted(wrong))


def test_no_mail_names_a_variable_that_does_not_exist(world: dict) -> None:
    known, browser = world["patient_user"].email, Client()
    sign_up(browser, "unknown@example.org")
    sign_up(Client(), known, handle="another")
    for email in (known, "nobody@example.org"):
        Client().post("/accounts/password/reset/", {"email": email})
    log_in(browser, known)
    browser.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, **NEW_PASSWORD})
    assert len(mail.outbox) == 5
    for message in mail.outbox:
        texts = [message.subject, message.body, *(str(content) for content, _ in message.alternatives)]
        assert [list(undefined(text)) for text in texts] == [[]] * len(texts), message.subject
