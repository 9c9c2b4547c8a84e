"""What people are told of from this floor: decisions on their reports and appeals, and that a copy is ready."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from accounts.enums import Rhythm
from accounts.models import User
from accounts.notifications import YOUR_ACCOUNT, Kind, register
from accounts.notify import tell_many
from core.appeals import decide_appeal
from core.models import Appeal, Report
from core.reports import decide_reports

APPEAL_DECIDED = register(
    Kind(
        "appeal-decided",
        "Your appeal is decided",
        Rhythm.AT_ONCE,
        "Your appeal is decided",
        "notifications/appeal.txt",
        group=YOUR_ACCOUNT,
        name_of=lambda _: "",
    )
)
REPORT_DECIDED = register(
    Kind(
        "report-decided",
        "A report you sent is decided",
        Rhythm.DAILY,
        "A report you sent is decided",
        "notifications/report.txt",
        group=YOUR_ACCOUNT,
        name_of=lambda _: "",
    )
)
COPY_READY = register(
    Kind(
        "copy-ready",
        "A copy of your data is ready",
        Rhythm.AT_ONCE,
        "Your copy is ready",
        "notifications/copy_ready.txt",
        lambda rows: rows.open_now(),  # type: ignore[attr-defined]
        group=YOUR_ACCOUNT,
        name_of=lambda _: "",
    )
)


def decide_appeal_and_tell(*, appeal: Appeal, by: User, to: str, reason: str) -> Appeal:
    """``core.appeals.decide_appeal``, of which its author is told in the same transaction."""
    with transaction.atomic():
        decide_appeal(appeal=appeal, by=by, to=to, reason=reason)
        _tell(appeal, APPEAL_DECIDED, [appeal.author_id], reverse("my-appeals"))
    return appeal


def decide_reports_and_tell(*, report: Report, by: User, to: str, reason: str, seen: int) -> list[Report]:
    """``core.reports.decide_reports``, of which each who reported it is told in the same transaction."""
    with transaction.atomic():
        rows = decide_reports(report=report, by=by, to=to, reason=reason, seen=seen)
        for row in rows:
            _tell(row, REPORT_DECIDED, [row.reporter_id], reverse("my-reports"))
    return rows


def _tell(row: Appeal | Report, kind: Kind, people: Iterable[int | None], url: str) -> None:
    """Of those whose account is gone there is nobody to tell."""
    event = f"{row._meta.model_name}-{row.pk} decided"
    there = [pk for pk in people if pk is not None]
    tell_many(to=there, kind=kind.name, about=row, event=event, url=url)
