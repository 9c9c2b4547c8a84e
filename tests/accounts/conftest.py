"""What people do about their account, and the links they find in their mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from tests.factories import PASSWORD, UserFactory

NEW = {"handle": "gems", "password1": PASSWORD, "is_adult": "on"}


@pytest.fixture
def member(db: None) -> type[UserFactory]:
    """``member(email=…)`` makes somebody whose address is confirmed."""
    return UserFactory


def log_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def sign_up(client: Client, email: str, **more: Any) -> HttpResponse:
    return client.post("/accounts/signup/", {"email": email, **NEW, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/email/").status_code == 200


def link(message: Any = None) -> str:
    """The path behind the first address of a mail; of the newest without one."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str((message or mail.outbox[-1]).body))
    assert found
    return found[1]


def without_tokens(response: HttpResponse) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
