"""What the gallery shows of statements of reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.enums import AppealState
from core.models import Appeal, AuditEntry
from core.statements import Statement


def statements() -> list[Statement]:
    """One that may be appealed against, and one with an appeal that was declined."""
    at = datetime.now(UTC)
    entry = AuditEntry(at=at, action="send back", reason_code="several")
    declined = Appeal(state=AppealState.DECLINED, decided_at=at, reason="Both questions are still there.")
    said = Statement(
        about="question-1",
        what="question",
        entry=entry,
        rule="It asks several things at once.",
        mend="Please keep to one question at a time; it gets better answers.",
        words="Start with the laser.",
        appeal=None,
    )
    return [said, replace(said, entry=AuditEntry(at=at, action="reject"), appeal=declined)]
