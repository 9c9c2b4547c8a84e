"""What all pages of allauth share on this site, and what more is asked of those who moderate or answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from accounts.second_factor import is_needed_by, is_set_up, was_used
from accounts.services import end_other_sessions
from accounts.sessions import BEGAN, DEVICE, SessionStore, device_words

# The window of every rate limit but that of wrong passwords, which says its own (accounts.adapter).
PAUSE_SECONDS = 600


class AccountPages:
    """Nothing of an account is cached, or left behind on the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(PAUSE_SECONDS))
        if getattr(request, "has_signed_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        if request.path.startswith("/accounts/"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """allauth's ``site`` would hide ours (config.context) from the frame of the page."""
        context = response.context_data or {}
        if isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response


# How exactly it is known when somebody was last here; more would be a write at every request.
STAFF_SEEN_SECONDS = 60
SEEN_SECONDS = 3600


def begin_session(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """At every sign-in, also of those who moderate only later."""
    if request is not None and hasattr(request, "session"):
        request.session[BEGAN] = time.time()
        request.session[DEVICE] = device_words(request.headers.get("User-Agent", ""))


def end_the_others(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """With a new password. Their cookies are worth nothing by then; this takes them off the list of sessions."""
    end_other_sessions(user=user, but=request.session.session_key)


class SessionsEnd:
    """Notes when a session was last used; those who moderate are signed out when idle, and after half a day."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            self._keep(request, request.user.is_staff, time.time())
        return self.get_response(request)

    def _keep(self, request: HttpRequest, is_staff: bool, now: float) -> None:
        session = cast("SessionStore", request.session)
        began = session.get(BEGAN, 0.0)
        seen = session.seen_at.timestamp() if session.seen_at else 0.0
        if is_staff and (
            now - began > settings.STAFF_SESSION_SECONDS or now - seen > settings.STAFF_IDLE_SECONDS
        ):
            logout(request)
        elif now - seen > (STAFF_SEEN_SECONDS if is_staff else SEEN_SECONDS):
            session.note_use()


class SecondFactor:
    """Who moderates or answers as a doctor does so with a second factor, set up and used in this session.

    Until then their account is that of a reader: no permission counts, and the pages that
    ``SECOND_FACTOR_PATHS`` and ``_VIEWS`` name lead to where it is set up or asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SECOND_FACTOR and settings.SESSION_COOKIE_NAME in request.COOKIES:
            user = request.user
            if isinstance(user, User) and user.is_staff and not was_used(request):
                user.is_held_back = True
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        if not settings.SECOND_FACTOR or not _is_guarded(request):
            return None
        if not isinstance(request.user, User) or not is_needed_by(request.user):
            return None
        if not is_set_up(request.user):
            return redirect("mfa_index")
        if not was_used(request):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return None


def _is_guarded(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_named = match is not None and match.view_name in settings.SECOND_FACTOR_VIEWS
    return is_named or request.path.startswith(settings.SECOND_FACTOR_PATHS)
