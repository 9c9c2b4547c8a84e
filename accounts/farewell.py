"""Asking to be erased, and the way back for a week. What an erasure does is told by ``config.privacy``."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.audit import record


class LastAdministrator(Exception):
    """Nobody would be left to look after the site."""


def ask_erasure(*, user: User, after: timedelta) -> bool:
    """Have somebody erased in a while; until then they read and do not write. Whether that is new.

    Raises LastAdministrator.
    """
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.erasure_due_at is not None:
            return False
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=row.pk)
        if row.is_superuser and not others.exists():
            raise LastAdministrator
        row.erasure_due_at = timezone.now() + after
        row.save(update_fields=["erasure_due_at"])
        record(actor=row, action="ask for erasure", obj=row)
    user.refresh_from_db()
    return True


def undo_erasure(*, user: User) -> bool:
    """Take it back. Whether there was anything to take back."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.erasure_due_at is None:
            return False
        row.erasure_due_at = None
        row.save(update_fields=["erasure_due_at"])
        record(actor=row, action="take erasure back", obj=row)
    user.refresh_from_db()
    return True
