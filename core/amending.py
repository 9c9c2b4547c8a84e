"""Publishing what a moderator has changed: the author's text is kept beside what readers get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.diff import passages_changed
from core.enums import State
from core.models import Amendment
from core.moderation import NotPossible, ReasonMissing, Stale, transition

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated

# The author is told so many changes, each shortened to this; the rest is counted.
TOLD, SHOWN = 12, 80


def amend_and_publish(
    obj: Moderated,
    *,
    by: User,
    fields: Mapping[str, Any],
    labels: Mapping[str, str],
    prepare: Callable[[Any], None],
    reason: str,
    code: str = "",
    version: int,
) -> Amendment:
    """Write ``fields`` into what waits, publish it, and keep both texts; the author is told each change.

    ``prepare`` gets what is about to be saved. Raises a TransitionError, and then nothing has happened.
    """
    if not reason.strip():
        raise ReasonMissing("Tell the author why you changed their text.")
    with transaction.atomic():
        row: Any = type(obj).locked(obj.pk)
        if row.version != version:
            raise Stale(
                "The author changed this while you were reading. Nothing was published; look at it again."
            )
        changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if not changed:
            raise NotPossible("You changed nothing of the text: publish it as it is.")
        before = {name: getattr(row, name) for name in fields}
        for name, value in changed.items():
            setattr(row, name, value)
        prepare(row)
        row.version += 1
        row.save()
        told = f"{what_changed(before, fields, labels)}\n\n{reason.strip()}"
        transition(row, to=State.PUBLISHED, by=by, reason=told, code=code, version=row.version)
        amendment = Amendment.objects.create(
            object_type=row._meta.label_lower,
            object_id=row.pk,
            version=version,
            by=by,
            before=before,
            after=dict(fields),
            reason=reason.strip(),
        )
    obj.refresh_from_db()
    return amendment


def what_changed(before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """In words for the author: each passage that was changed, put in or taken out."""
    lines = [
        f"{labels[name]}: {_said(old, new)}"
        for name in after
        for old, new in passages_changed(before[name], after[name])
    ]
    more = len(lines) - TOLD
    told = [*lines[:TOLD], *([f"and {more} more"] if more > 0 else [])]
    return "\n".join(["A moderator changed this before it was published.", *told])


def _said(old: str, new: str) -> str:
    if not new:
        return f"taken out “{_short(old)}”"
    return f"“{_short(old)}” became “{_short(new)}”" if old else f"put in “{_short(new)}”"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
