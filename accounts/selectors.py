"""What somebody has been told, as the pages show it: each function a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps

from accounts.models import Notification, User, Wish
from accounts.notifications import KINDS, OF_DOCTORS, Kind

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

# Beyond this the exact number tells nobody anything.
COUNTED_TO = 100


def told_to(user: User) -> QuerySet[Notification]:
    """Kinds that this release no longer knows cannot be put in words, and are left out."""
    return Notification.objects.filter(to=user, kind__in=KINDS)


def unread_count(user: User) -> int:
    """At most ``COUNTED_TO``. One query."""
    return told_to(user).filter(read_at=None)[:COUNTED_TO].count()


def due_among(rows: Iterable[Notification]) -> dict[int, Model]:
    """What those notifications are about that are still due, by their own keys. One query a kind of thing."""
    concerned: dict[tuple[str, str], list[Notification]] = defaultdict(list)
    for row in rows:
        concerned[row.kind, row.object_type].append(row)
    found: dict[int, Model] = {}
    for (name, label), alike in concerned.items():
        things = _still_due(KINDS[name], label, {row.object_id for row in alike})
        found |= {row.pk: things[row.object_id] for row in alike if row.object_id in things}
    return found


def _still_due(kind: Kind, label: str, ids: set[int]) -> dict[int, Model]:
    rows = apps.get_model(label)._default_manager.filter(pk__in=ids)
    return {row.pk: row for row in kind.still_due(rows).select_related(*kind.related)}


def with_words(rows: Iterable[Notification]) -> list[Any]:
    """The same, each with its line (``said``), ``is_due`` and the ``name`` of what it is about while it is due."""
    listed: list[Any] = list(rows)
    due = due_among(listed)
    for row in listed:
        kind = KINDS[row.kind]
        row.said, row.is_due = kind.subject, row.pk in due
        row.name = kind.name_of(due[row.pk]) if row.is_due else ""
    return listed


def topics_for(user: User) -> dict[str, Kind]:
    """What this person can choose about: one kind for each choice, by the name of the choice."""
    kinds = (kind for kind in KINDS.values() if user.is_doctor or kind.group not in OF_DOCTORS)
    return {kind.setting: kind for kind in kinds}


def rhythms_of(user: User) -> dict[str, str]:
    """How soon they want to hear of what, by topic. One query."""
    usual = {kind.setting: str(kind.rhythm) for kind in KINDS.values()}
    return usual | dict(Wish.objects.filter(user=user, topic__in=usual).values_list("topic", "rhythm"))
