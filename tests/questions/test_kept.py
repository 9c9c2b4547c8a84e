"""The cookie of those who keep threads without an account: signed, bounded, and nobody else's to write."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone

from questions.kept import KEPT_AT_MOST, KEPT_SECONDS, SALT, cookie_name, keep_in, kept_in


def request_with(value: str):
    request = RequestFactory().get("/")
    request.COOKIES[cookie_name()] = value
    return request


def cookie_of(ids):
    response = HttpResponse()
    keep_in(response, ids)
    return response.cookies[cookie_name()]


def test_what_is_kept_comes_back_in_its_order() -> None:
    assert kept_in(request_with(cookie_of([3, 1, 2]).value)) == [3, 1, 2]


def test_the_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts() -> None:
    """T-AU-18"""
    cookie = cookie_of([1])
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == KEPT_SECONDS == 365 * 24 * 3600
    with override_settings(SESSION_COOKIE_SECURE=True):
        secure = cookie_of([1])
        assert cookie_name() == "__Host-kept"
        assert secure["secure"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1,2,3",
        "W10:x:y",
        # Signed at a moment, so the names of the cases must not hold them: two workers would not agree on them.
        pytest.param(signing.dumps([1, 2], salt="another purpose"), id="another purpose"),
        pytest.param(signing.dumps([1, 2], key="another site", salt=SALT), id="another site"),
        "\x00",
        "é" * 5000,
        "::",
    ],
)
def test_a_foreign_cookie_counts_as_empty(value: str) -> None:
    """T-AU-19"""
    assert kept_in(request_with(value)) == []


def test_a_changed_cookie_counts_as_empty() -> None:
    genuine = cookie_of([1, 2]).value
    for place in range(0, len(genuine), 7):
        other = "A" if genuine[place] != "A" else "B"
        assert kept_in(request_with(genuine[:place] + other + genuine[place + 1 :])) == []


def test_after_a_year_it_is_over() -> None:
    value = cookie_of([1]).value
    with time_machine.travel(timezone.now() + timedelta(seconds=KEPT_SECONDS + 60)):
        assert kept_in(request_with(value)) == []


def test_it_never_holds_more_than_it_may() -> None:
    assert len(kept_in(request_with(cookie_of(range(1, 200)).value))) == KEPT_AT_MOST
    assert len(cookie_of([10**7 + n for n in range(KEPT_AT_MOST)]).value) < 1000


def test_an_empty_list_leaves_no_cookie() -> None:
    assert cookie_of([])["max-age"] == 0
