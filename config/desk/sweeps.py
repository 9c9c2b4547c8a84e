"""Removing everything one person posted, and undoing that: many decisions, each through the one door, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.permissions import may_sanction
from accounts.sanctions import REFUSED
from config.desk.kinds import KINDS
from core.audit import record, trail
from core.enums import State
from core.models import AuditEntry, Batch, Moderated
from core.moderation import NotPossible, ReasonMissing, TransitionError, transition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from config.desk.kinds import Kind

# What becomes of what waits, and of what readers see.
AWAY = {State.PENDING: State.REJECTED, State.PUBLISHED: State.REMOVED}
BACK = {State.REJECTED: State.PENDING, State.REMOVED: State.PUBLISHED}


def remove_everything(*, person: User, by: User, reason: str, code: str = "") -> Batch:
    """Remove what readers see of this person and reject what waits, edits first; all of it or, on an error, nothing.

    Raises PermissionDenied, or a TransitionError whose message can be shown.
    """
    if not may_sanction(by, person):
        raise PermissionDenied(REFUSED)
    if not reason.strip():
        raise ReasonMissing("Give a reason; the author reads it.")
    with transaction.atomic():
        batch = Batch.objects.create(about=person, by=by, reason=reason.strip())
        entries = [
            _decided(obj, to=AWAY[State(obj.state)], by=by, reason=reason, code=code)
            for kind in _edits_first()
            for obj in _concerned(kind, person)
        ]
        if not entries:
            raise NotPossible("Nothing of theirs is public or waits. Nothing was done.")
        batch.entries.set(entries)
        record(
            actor=by,
            action="remove everything",
            obj=person,
            reason=f"{len(entries)} things. {batch.reason}",
            code=code,
        )
    return batch


def restore_batch(*, batch: Batch, by: User, reason: str) -> int:
    """Give back what ``batch`` took, as far as nobody has touched it since; how many things that were.

    Raises PermissionDenied, or a TransitionError whose message can be shown.
    """
    if not may_sanction(by, batch.about):
        raise PermissionDenied(REFUSED)
    if not reason.strip():
        raise ReasonMissing("Say why it is undone.")
    with transaction.atomic():
        row = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if row.undone_at is not None:
            raise NotPossible("This was undone already.")
        restored = sum(_given_back(entry, by=by, reason=reason) for entry in row.entries.order_by("-pk"))
        row.undone_at, row.undone_by, row.undone_reason = timezone.now(), by, reason.strip()
        row.save()
        said = f"{restored} of {row.entries.count()} things. {row.undone_reason}"
        record(actor=by, action="restore everything", obj=row.about, reason=said)
    batch.refresh_from_db()
    return restored


def _edits_first() -> list[Kind]:
    """A version that was public is part of the history of what it belongs to: of edits, only those that wait."""
    kinds = [kind for kind in KINDS.values() if issubclass(kind.model, Moderated)]
    return sorted(kinds, key=lambda kind: not kind.parent)


def _concerned(kind: Kind, person: User) -> QuerySet:
    states = [State.PENDING] if kind.parent else list(AWAY)
    model = cast("type[Moderated]", kind.model)
    rows: QuerySet = model._base_manager.filter(state__in=states, **{kind.model.AUTHOR_PATH: person})
    return rows.order_by("pk")


def _decided(obj: Any, *, to: State, by: User, reason: str, code: str) -> AuditEntry:
    transition(obj, to=to, by=by, reason=reason, code=code, version=obj.version)
    return trail(obj)[0]


def _given_back(entry: AuditEntry, *, by: User, reason: str) -> bool:
    """Whether the thing stood as this entry left it, and could be given back."""
    model: type[Moderated] = apps.get_model(entry.object_type)
    obj = model._base_manager.filter(pk=entry.object_id).first()
    if obj is None or trail(obj).values_list("pk", flat=True)[0] != entry.pk:
        return False
    try:
        with transaction.atomic():
            transition(obj, to=BACK[State(entry.to_state)], by=by, reason=reason, version=entry.version)
    except TransitionError:
        return False
    return True
