"""Which pages of the desk show what is private, of which the trail of looks keeps a line before the page leaves.

A page of the desk or the admin that shows personal data of somebody without a public page belongs into ``PAGES``; the
views themselves know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponseBase

from core.access import looked_at, looks_at
from core.enums import Private
from doctors.models import Doctor, ProfileClaim

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User

# What a page is about, and as what that is on record; None where nothing private of it is shown.
Shown = tuple["Model | None", Private | None]
SHOWN = 20


def _account(context: dict[str, Any], user: User) -> Shown:
    """Administrators are shown the address, moderators what was imposed."""
    return context.get("original"), Private.ACCOUNT if user.is_superuser else Private.RECORD


def _numbers(context: dict[str, Any], user: User) -> Shown:
    """Whole to those who verify; to everybody else they are masked."""
    about = context.get("object")
    whole = isinstance(about, ProfileClaim) or (isinstance(about, Doctor) and context.get("can_verify"))
    return about, Private.LICENCE if whole else None


PAGES: dict[str, Callable[[dict[str, Any], User], Shown]] = {
    "accounts_user_change": _account,
    "accounts_user_history": lambda context, _: (context.get("object"), Private.RECORD),
    "moderation_account": lambda context, _: (context.get("person"), Private.RECORD),
    "moderation_appeal": lambda context, _: (context.get("appeal"), Private.APPEAL),
    "moderation_report": lambda context, _: (context.get("report"), Private.REPORT),
    "moderation_item": _numbers,
    "moderation_verification": _numbers,
    "doctors_doctor_change": lambda context, _: (context.get("original"), Private.LICENCE),
}


def with_looks(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Record what the page shows, and put who looked so far into it for those who may read that."""
    context, match = getattr(response, "context_data", None), request.resolver_match
    if context is None or match is None:
        return response
    user = cast("User", request.user)
    page = PAGES.get(match.url_name or "")
    about, kind = page(context, user) if page else (None, None)
    context["looks"] = []
    if about is not None and kind is not None:
        looked_at(about, by=user, kind=kind, path=request.path)
    if about is not None and user.has_perm("core.view_accessentry"):
        context["looks"] = looks_at(about)[:SHOWN]
    return response
