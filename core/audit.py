"""Writing the audit trail. Reading it is the moderation desk's business; changing it nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from django.db.models import Model, QuerySet

    from accounts.models import User


class ActorMissing(ValueError):
    """Nothing is recorded without somebody who did it."""


def build(
    *,
    actor: User,
    action: str,
    obj: Model,
    before: str = "",
    after: str = "",
    reason: str = "",
    code: str = "",
    waited: timedelta | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """An unsaved entry about ``obj``, for those who write many at once."""
    if actor is None or actor.pk is None:
        raise ActorMissing("An audit entry needs a saved account as its actor.")
    return AuditEntry(
        at=at or timezone.now(),
        actor=actor,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        from_state=before,
        to_state=after,
        version=getattr(obj, "version", None),
        reason=reason,
        reason_code=code,
        waited=waited,
    )


def record(
    *,
    actor: User,
    action: str,
    obj: Model,
    before: str = "",
    after: str = "",
    reason: str = "",
    code: str = "",
    waited: timedelta | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Write one entry about ``obj``; call it in the transaction of the deed itself.

    ``code`` names the listed reason, ``waited`` is how long the decision took: both are what may be counted
    in public.
    """
    entry = build(
        actor=actor,
        action=action,
        obj=obj,
        before=before,
        after=after,
        reason=reason,
        code=code,
        waited=waited,
        at=at,
    )
    entry.save(force_insert=True)
    return entry


def trail(obj: Model) -> QuerySet[AuditEntry]:
    """Everything ever decided about ``obj``, latest first."""
    return _trail(obj, [obj.pk])


def trail_with_former(obj: Model, former: Mapping[int, str]) -> list[AuditEntry]:
    """The same, and all that was decided about what became part of it: ``former`` has the name of each by its key."""
    entries = list(_trail(obj, [obj.pk, *former]))
    for entry in entries:
        entry.formerly = former.get(entry.object_id, "")
    return entries


def _trail(obj: Model, keys: list[int]) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(object_type=obj._meta.label_lower, object_id__in=keys)
    return entries.select_related("actor")
