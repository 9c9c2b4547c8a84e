"""Types and doors for views behind a sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.consents import asks_again
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

    return agreement_required(inner)


def agreement_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Signed in; and where the words one agreed to have changed since, they are read before a form opens.

    What is sent is not held up.
    """

    @wraps(view)
    def inner(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and asks_again(request.user):
            return redirect_to_login(request.get_full_path(), reverse("my-terms"))
        return view(request, *args, **kwargs)

    return cast("Callable[..., HttpResponseBase]", login_required(inner))


def proof_required_to_see(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that show or hand out what only their owner may have: as ``proof_required``, before the page opens."""
    return cast("Callable[..., HttpResponseBase]", login_required(reauthentication_required(view)))


def proof_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For what matters (addresses, sessions, export, erasure): signed in, and for a POST the password or the
    second factor once more, unless it was given within the last five minutes.

    The page itself opens without. What was posted is kept, and done once the proof is given; files are not.
    """
    return cast(
        "Callable[..., HttpResponseBase]", login_required(reauthentication_required(view, allow_get=True))
    )
