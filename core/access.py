"""Who looked at what is private. A page that shows it calls ``looked_at``; nobody can take that back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from core.models import AccessEntry

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from accounts.models import User
    from core.enums import Private

# Looking again within this time is the same look.
ONE_LOOK = timedelta(hours=1)


def looked_at(obj: Model, *, by: User, kind: Private, path: str, why: str = "") -> AccessEntry:
    """Record that ``by`` was shown ``obj`` under ``path``; before the page leaves, or it must not leave.

    Once an hour at most for the same person, page and thing: the entry of that hour is returned. One query then.
    """
    same = looks_at(obj).filter(actor=by, kind=kind, path=path[:200], why=why[:200])
    known = same.filter(at__gt=timezone.now() - ONE_LOOK).first()
    if known is not None:
        return known
    with transaction.atomic(), connection.cursor() as cursor:
        # two windows opened at once are one look
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"look {by.pk} {path}"])
        known = same.filter(at__gt=timezone.now() - ONE_LOOK).first()
        return known or AccessEntry.objects.create(
            actor=by,
            kind=kind,
            object_type=obj._meta.label_lower,
            object_id=obj.pk,
            path=path[:200],
            why=why[:200],
        )


def looks_at(obj: Model) -> QuerySet[AccessEntry]:
    """Who was shown what is private of ``obj``, latest first."""
    entries = AccessEntry.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk)
    return entries.select_related("actor")
