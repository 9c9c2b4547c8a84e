"""Types for views behind a sign-in."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """What ``login_required`` leaves: a request whose user is an account."""

    user: User
