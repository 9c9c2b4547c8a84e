"""Threads kept without an account: their ids, in one signed cookie of the reader's own browser.

Nothing of it is stored on the server. A cookie that was changed, or signed for something else, counts as empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponseBase

KEPT_AT_MOST = 50
KEPT_SECONDS = 365 * 24 * 3600
SALT = "questions.kept"


def cookie_name() -> str:
    """As the session's: where cookies are secure, bound to this very host."""
    return "__Host-kept" if settings.SESSION_COOKIE_SECURE else "kept"


def kept_in(request: HttpRequest) -> list[int]:
    """The ids of the threads this browser keeps, in the order in which they were kept."""
    try:
        ids = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return ids[:KEPT_AT_MOST]


def keep_in(response: HttpResponseBase, ids: Sequence[int]) -> None:
    """Have the browser keep these and no others."""
    if not ids:
        forget_in(response)
        return
    response.set_cookie(
        cookie_name(),
        signing.dumps(list(ids)[:KEPT_AT_MOST], salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_in(response: HttpResponseBase) -> None:
    """Have the browser drop the cookie."""
    response.delete_cookie(cookie_name(), samesite="Lax")
