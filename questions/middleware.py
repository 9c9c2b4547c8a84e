"""What a browser kept before its owner signed in goes to the account, whichever way the sign-in took."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase

from questions.keeping import take_over
from questions.kept import cookie_name, forget_in, kept_in


def kept_threads(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """Once: the cookie is dropped with the answer. Requests without it cost nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        is_taken_over = cookie_name() in request.COOKIES and _taken_over(request)
        response = get_response(request)
        if is_taken_over:
            forget_in(response)
        return response

    return middleware


def _taken_over(request: HttpRequest) -> bool:
    """Whether somebody is signed in and has it all now; while the database is away the cookie stays."""
    try:
        if not request.user.is_authenticated:
            return False
        if ids := kept_in(request):
            take_over(questions=ids, by=request.user)
    except (OperationalError, InterfaceError):
        return False
    return True
