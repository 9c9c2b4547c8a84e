"""What every request passes."""

import pytest
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.middleware import cache_rules, database_down, hostile_input, security_headers


def passed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("passed")


def through(middleware, **request) -> HttpResponse:
    method = request.pop("method", "GET")
    return middleware(passed)(RequestFactory().generic(method, "/", b"x", **request))


class TestHostileInput:
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
    def test_ordinary_methods_pass(self, method: str) -> None:
        assert through(hostile_input, method=method).content == b"passed"

    @pytest.mark.parametrize(
        "kind",
        [
            "",
            "text/plain",
            "application/json",
            "multipart/form-data; boundary=x",
            "a/b; charset=UTF-8",
            "a/b; charset=ascii",
        ],
    )
    def test_texts_anybody_can_read_pass(self, kind: str) -> None:
        assert through(hostile_input, method="POST", content_type=kind).content == b"passed"

    @pytest.mark.parametrize(
        "charset", ["latin-1", "utf-16", "utf-7", "idna", "nonsense", "rot13", "x" * 500]
    )
    def test_texts_in_foreign_charsets_are_turned_away(self, charset: str) -> None:
        """T-FZ-05"""
        response = through(hostile_input, method="POST", content_type=f"text/plain; charset={charset}")
        assert response.status_code == 400
        assert b"We could not read that request" in response.content


class TestDatabaseDown:
    @pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
    def test_a_lost_database_is_a_pause(self, error: Exception) -> None:
        response = database_down(passed).process_exception(RequestFactory().get("/"), error)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert b"nothing that was confirmed is lost" in response.content

    def test_other_errors_are_not_hidden(self) -> None:
        for error in (ValueError(), DisallowedHost()):
            assert database_down(passed).process_exception(RequestFactory().get("/"), error) is None


class TestCacheRules:
    def test_what_a_page_says_of_itself_stands(self) -> None:
        own = cache_rules(lambda _: HttpResponse(headers={"Cache-Control": "no-cache"}))
        assert own(RequestFactory().get("/"))["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize(
        ("status", "is_shared"),
        [
            (200, True),
            (301, True),
            (304, True),
            (302, False),
            (404, False),
            (422, False),
            (500, False),
            (503, False),
        ],
    )
    def test_only_good_answers_are_shared(self, status: int, is_shared: bool) -> None:
        """T-CA-05"""
        response = cache_rules(lambda _: HttpResponse(status=status))(RequestFactory().get("/"))
        assert ("s-maxage=60" in response["Cache-Control"]) is is_shared
        assert ("no-store" in response["Cache-Control"]) is not is_shared

    def test_an_answer_that_sets_a_cookie_is_nobody_elses(self) -> None:
        response = HttpResponse()
        response.set_cookie("x", "1")
        assert (
            cache_rules(lambda _: response)(RequestFactory().get("/"))["Cache-Control"] == "private, no-store"
        )

    def test_nothing_sent_is_shared(self) -> None:
        assert through(cache_rules, method="POST")["Cache-Control"] == "private, no-store"


def test_a_view_may_loosen_a_header_for_itself() -> None:
    own = security_headers(lambda _: HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"}))
    assert own(RequestFactory().get("/"))["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "camera=()" in through(security_headers)["Permissions-Policy"]
