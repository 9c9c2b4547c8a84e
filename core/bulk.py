"""Deciding on several things at once: one door and one audit row each, and a while in which it can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.claims import settle
from core.enums import State
from core.models import BulkAction, Moderated, Versioned
from core.moderation import UNDO, NotPossible, TransitionError, transition

if TYPE_CHECKING:
    from accounts.models import User

Skipped = list[tuple[int, str]]


def decide_all(
    model: type[Moderated],
    chosen: Iterable[tuple[int, int]],
    *,
    to: str,
    by: User,
    reason: str = "",
    code: str = "",
) -> tuple[BulkAction, Skipped]:
    """Take the same step with each of ``chosen`` (key, version seen); what may not be done is skipped with why.

    Each is a transaction of its own that also notes it for the undo: whatever stops this halfway, what was
    decided can be undone.
    """
    action = BulkAction.objects.create(object_type=model._meta.label_lower, by=by, to=to)
    skipped: Skipped = []
    for pk, version in chosen:
        row = model._base_manager.filter(pk=pk).first()
        if row is None:
            skipped.append((pk, "It is gone."))
            continue
        try:
            with transaction.atomic():
                transition(row, to=to, by=by, reason=reason, code=code, version=version)
                settle(row)
                action.items = [*action.items, _noted(row)]
                action.save(update_fields=["items"])
        except TransitionError as error:
            action.items = [item for item in action.items if item["id"] != pk]
            skipped.append((pk, str(error)))
    return action, skipped


def undoable(by: User) -> BulkAction | None:
    """The last decision of this person about several things, while it can be undone."""
    recent = BulkAction.objects.filter(by=by, undone_at=None, at__gt=timezone.now() - UNDO)
    return recent.exclude(items=[]).first()


def undo(action: BulkAction, *, model: type[Moderated], by: User) -> tuple[int, Skipped]:
    """Put back what nobody has touched since; how many, and what was left with why. Raises NotPossible."""
    with transaction.atomic():
        locked = BulkAction.objects.select_for_update().get(pk=action.pk)
        if locked.by_id != by.pk or locked.undone_at or timezone.now() - locked.at > UNDO:
            raise NotPossible("This can be undone once, for ten minutes, by whoever did it.")
        locked.undone_at = timezone.now()
        locked.save(update_fields=["undone_at"])
        skipped: Skipped = []
        for item in locked.items:
            try:
                _put_back(model, item, to=locked.to, by=by)
            except TransitionError as error:
                skipped.append((item["id"], str(error)))
    return len(locked.items) - len(skipped), skipped


def _noted(row: Moderated) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.version,
        "decided_at": row.moderated_at.isoformat() if row.moderated_at else "",
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
    }


def _put_back(model: type[Moderated], item: dict[str, Any], *, to: str, by: User) -> None:
    with transaction.atomic():
        row = model.locked(item["id"])
        if row.state != to or _noted(row) != item:
            raise NotPossible("Somebody has touched it since.")
        if isinstance(row, Versioned) and row.revisions.in_work().exists():
            raise NotPossible("Its author has sent an edit of it since.")
        transition(
            row,
            to=State.PENDING,
            by=by,
            reason="A decision about several things at once was undone.",
            version=item["version"],
        )
        # as if nothing had been decided: it has waited since it was sent
        since = datetime.fromisoformat(item["submitted_at"]) if item["submitted_at"] else None
        model._base_manager.filter(pk=row.pk).update(submitted_at=since)
