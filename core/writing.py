"""Whether an account may write at all: every verb that posts, votes, reports or edits asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Viewer


class MayNotWrite(PermissionDenied):
    """The account is suspended. The message says until when and why, to the person themselves."""


def may_write(user: Viewer) -> bool:
    """Signed in, not closed, and not suspended at this moment."""
    return bool(user.is_authenticated and user.may_write)


def require_writer(user: User) -> None:
    """Raises MayNotWrite for an account that may not write now."""
    if not may_write(user):
        raise MayNotWrite(user.why_not_writing())
