"""What moderators said to an author about something readers see: what they changed of it and why, where they filed it.

As the statement of reasons it names nobody and is read from the audit trail, so that it says today what was said then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from core.enums import State
from core.models import AuditEntry, Moderated, Versioned

# Steps whose reason stands by what is public then; those against it have a statement of their own.
SAID_BY = ("publish", "restore", "file elsewhere", "remove a picture")
SHOWN = 3


def with_remarks(rows: Iterable[Any]) -> list[Any]:
    """The same things of one kind, each with its ``remarks``: entries of the trail, the latest first, a few at most.

    Of its edits too, which are part of it once they are published. Two queries at most, whatever the number.
    """
    listed = list(rows)
    found = remarks(listed)
    for row in listed:
        row.remarks = found.get(row.pk, [])
    return listed


def remarks(rows: Iterable[Moderated]) -> dict[int, list[AuditEntry]]:
    """By key, for those things of one kind that are public and of which anything was said."""
    public = {row.pk: row for row in rows if row.state == State.PUBLISHED}
    if not public:
        return {}
    model = type(next(iter(public.values())))
    about = Q(object_type=model._meta.label_lower, object_id__in=public)
    edits = edits_of(model, public)
    if edits and issubclass(model, Versioned):
        label = model.revisions.field.model._meta.label_lower
        about |= Q(object_type=label, object_id__in=edits)
    said: dict[int, list[AuditEntry]] = {}
    for entry in AuditEntry.objects.filter(about, action__in=SAID_BY).exclude(reason="").order_by("-pk"):
        own = entry.object_type == model._meta.label_lower
        of_this = said.setdefault(entry.object_id if own else edits[entry.object_id], [])
        if len(of_this) < SHOWN:
            of_this.append(entry)
    return said


def edits_of(model: type[Moderated], keys: Iterable[int]) -> dict[int, int]:
    """``{edit: the thing it changes}`` for all edits of these things, however they were decided."""
    if not issubclass(model, Versioned):
        return {}
    field = model.revisions.field
    edits = field.model._base_manager.filter(**{f"{field.name}__in": list(keys)})
    return dict(edits.values_list("pk", f"{field.name}_id"))
