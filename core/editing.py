"""Changing and withdrawing a text: what readers see stays until a moderator has approved the change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.audit import record
from core.enums import State
from core.moderation import transition
from core.rules.running import hold

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated, Versioned


def edit(
    obj: Moderated,
    *,
    by: User,
    may: Callable[[User, Any], bool],
    fields: Mapping[str, Any],
    prepare: Callable[[Any], None],
) -> Any:
    """Change ``obj`` in place and send it to the moderators; while it is published, a revision of its text.

    What keeps no versions is changed while it is not public only: ``may`` says no to the rest.
    ``may`` is asked about the locked row, which somebody may have decided on meanwhile; ``prepare`` gets what
    is about to be saved. The same words sent again while they wait change nothing. Returns what now waits.
    Raises PermissionDenied.
    """
    with transaction.atomic():
        row: Any = type(obj).locked(obj.pk)
        if not may(by, row):
            raise PermissionDenied("Only the author may change this, and not as it stands now.")
        target: Any = row
        if row.is_public:
            target = _revision_in_work(row)
            fields = {name: value for name, value in fields.items() if name in row.TEXT_FIELDS}
        waits = target.state == State.PENDING
        if waits and all(getattr(target, name) == value for name, value in fields.items()):
            return target
        for name, value in fields.items():
            setattr(target, name, value)
        target.version += 1 if target.pk else 0
        prepare(target)
        if waits:
            target.risk = hold(target)
        target.save()
        if waits:
            record(actor=by, action="edit", obj=target, before=target.state, after=target.state)
        else:
            transition(target, to=State.PENDING, by=by)
    obj.refresh_from_db()
    return target


def _revision_in_work(row: Versioned) -> Any:
    """The one edit of ``row`` that waits or was sent back, else an unsaved one with the text of now."""
    waiting = row.revisions.in_work().select_for_update().first()
    belongs = {row.revisions.field.name: row}
    return waiting or row.revisions.model(**belongs, number=row.next_number(), **row.text())


def withdraw(obj: Versioned, *, by: User) -> None:
    """Take something back; an edit of it that waits goes with it. Raises a TransitionError."""
    with transaction.atomic():
        type(obj).locked(obj.pk)
        for revision in obj.revisions.in_work():
            transition(revision, to=State.WITHDRAWN, by=by)
        transition(obj, to=State.WITHDRAWN, by=by)
