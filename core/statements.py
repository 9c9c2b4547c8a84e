"""The statement of reasons: what an author is told about a decision against something of theirs.

It never says who decided. It is read from the audit trail, so that it says today what was said then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.decided import appeal_until
from core.enums import State
from core.models import Appeal, AuditEntry, Moderated, Reason
from core.moderation import ADVERSE

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

DECIDED = {"send back": "sent back to you", "reject": "rejected", "remove": "removed"}
AGAINST = frozenset({State.DRAFT, State.REJECTED, State.REMOVED})


@dataclass(frozen=True)
class Statement:
    """One decision, as its author reads it: ``rule`` and ``mend`` of the listed reason, ``words`` of the moderator."""

    about: str
    what: str
    entry: AuditEntry
    rule: str
    mend: str
    words: str
    appeal: Appeal | None

    @property
    def decided(self) -> str:
        return DECIDED[self.entry.action]

    @property
    def until(self) -> datetime:
        return appeal_until(self.entry.at)

    @property
    def can_be_appealed(self) -> bool:
        return self.appeal is None and timezone.now() <= self.until


def about(obj: Moderated) -> str:
    """The name of a thing in addresses: ``question-12``."""
    return f"{obj._meta.model_name}-{obj.pk}"


def standing_decision(obj: Moderated) -> AuditEntry | None:
    """The decision against ``obj`` that stands now, if there is one."""
    return _latest([obj]).get(obj.pk)


def statement_of(obj: Moderated) -> Statement | None:
    return statements([obj]).get(obj.pk)


def with_statements(rows: Iterable[Any]) -> list[Any]:
    """The same things of one kind, each with its ``statement`` or None: three queries at most, whatever the number."""
    listed = list(rows)
    found = statements(listed)
    for row in listed:
        row.statement = found.get(row.pk)
    return listed


def statements(rows: Iterable[Moderated]) -> dict[int, Statement]:
    """By key, for those things of one kind against which something is decided."""
    concerned = {row.pk: row for row in rows if row.state in AGAINST and row.moderated_at is not None}
    entries = _latest(concerned.values())
    if not entries:
        return {}
    mends = dict(
        Reason.objects.filter(code__in={e.reason_code for e in entries.values()}).values_list("code", "mend")
    )
    appeals = {appeal.entry_id: appeal for appeal in Appeal.objects.filter(entry__in=entries.values())}
    return {
        pk: _statement(concerned[pk], entry, mends, appeals.get(entry.pk)) for pk, entry in entries.items()
    }


def _statement(obj: Moderated, entry: AuditEntry, mends: dict[str, str], appeal: Appeal | None) -> Statement:
    rule, _, words = entry.reason.partition("\n\n") if entry.reason_code else ("", "", entry.reason)
    return Statement(
        about=about(obj),
        what=str(obj._meta.verbose_name),
        entry=entry,
        rule=rule,
        mend=mends.get(entry.reason_code, ""),
        words=words,
        appeal=appeal,
    )


def _latest(rows: Iterable[Moderated]) -> dict[int, AuditEntry]:
    """The last decision against each thing, where the thing stands as it was decided then."""
    things = {row.pk: row for row in rows}
    if not things:
        return {}
    label = next(iter(things.values()))._meta.label_lower
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(
        object_type=label, object_id__in=things, action__in=ADVERSE
    )
    found = entries.order_by("object_id", "-id").distinct("object_id")
    return {entry.object_id: entry for entry in found if things[entry.object_id].state == entry.to_state}
