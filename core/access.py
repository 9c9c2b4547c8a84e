"""Who looked at what is private. A page that shows it calls ``looked_at``; nobody can take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import AccessEntry

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User
    from core.enums import Private


def looked_at(obj: Model, *, by: User, kind: Private, path: str, why: str = "") -> AccessEntry:
    """Record that ``by`` was shown ``obj`` under ``path``; before the page leaves, or it must not leave."""
    return AccessEntry.objects.create(
        actor=by,
        kind=kind,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        path=path[:200],
        why=why[:200],
    )
