"""Whoever tries addresses learns nothing: neither by what is answered nor by how long it takes (T-AU-01, T-AU-02).

The figures are printed: ``python -m pytest -n 0 -rP tests/accounts/test_enumeration.py``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import count
from statistics import median

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.accounts.conftest import log_in, sign_up, without_tokens
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TIMES, ALLOWED_MS, ROUNDS = 30, 50, 3
# Of the slower one, where the machine is so busy that everything takes many times as long.
BUSY = 0.15
KNOWN, CLAIMED = "known@example.org", "claimed@example.org"
NUMBERS = count()


def recover(client: Client, email: str) -> HttpResponse:
    return client.post("/accounts/password/reset/", {"email": email})


def ask_for_code(client: Client, email: str) -> HttpResponse:
    return client.post("/accounts/login/code/", {"email": email})


WAYS: dict[str, Callable[[Client, str], HttpResponse]] = {
    "sign-in": lambda client, email: log_in(client, email, "plum ladder quartz 82"),
    "sign-up": lambda client, email: sign_up(client, email, handle=f"gems-{next(NUMBERS)}"),
    "recovery": recover,
    "code by mail": ask_for_code,
}


@pytest.fixture(autouse=True)
def _as_on_the_site(settings) -> None:
    """Hashes that take as long as they do there, and as many tries as one likes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    UserFactory(email=KNOWN)


def unknown() -> str:
    return f"nobody-{next(NUMBERS)}@example.org"


@pytest.mark.parametrize("way", WAYS)
def test_a_known_and_an_unknown_address_get_the_same_bytes(way: str) -> None:
    """And so does one with which somebody has signed up, and which nobody has confirmed."""
    sign_up(Client(), CLAIMED, handle="somebody-else")
    answers = []
    for email in (KNOWN, unknown(), CLAIMED):
        client = Client()
        response = WAYS[way](client, email)
        shown = [response.status_code, response.headers.get("Location"), sorted(response.cookies)]
        page = client.get(response["Location"]) if response.status_code == 302 else response
        answers.append((shown, page.status_code, without_tokens(page).replace(email, "")))
    assert answers[0] == answers[1] == answers[2]


def milliseconds(way: str, email: str) -> float:
    client = Client()
    began = time.perf_counter()
    WAYS[way](client, email)
    return (time.perf_counter() - began) * 1000


def medians(way: str) -> tuple[float, float]:
    """Known and unknown by turns, each first half of the time: what else the machine does meets both."""
    known, strange = [], []
    for number in range(TIMES):
        for mine in (True, False) if number % 2 else (False, True):
            (known if mine else strange).append(milliseconds(way, KNOWN if mine else unknown()))
    return median(known), median(strange)


@pytest.mark.parametrize("way", WAYS)
def test_a_known_and_an_unknown_address_take_the_same_time(way: str) -> None:
    """Within 50 ms, medians of 30; a busy machine may have a second and a third round."""
    for _ in range(ROUNDS):
        known, strange = medians(way)
        apart = abs(known - strange)
        sys.stdout.write(f"{way}: known {known:.1f} ms, unknown {strange:.1f} ms, apart {apart:.1f} ms\n")
        if apart < max(ALLOWED_MS, BUSY * max(known, strange)):
            return
    pytest.fail(f"{way} takes {apart:.0f} ms longer for one of them.")
