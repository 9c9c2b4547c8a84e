"""Types and doors for views behind a sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from core.writing import require_writer


class SignedInRequest(HttpRequest):
    """What ``login_required`` leaves: a request whose user is an account."""

    user: User


def writing_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages on which one writes: signed in, and not suspended; else the reason and until when, as a 403."""

    @wraps(view)
    def inner(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_writer(request.user)
        return view(request, *args, **kwargs)

    return cast("Callable[..., HttpResponseBase]", login_required(inner))
