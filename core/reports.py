"""Reporting something public, and deciding what comes of it. Each verb is one transaction with a named actor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.enums import ReportKind, ReportState
from core.models import Moderated, Report
from core.moderation import NotPermitted, NotPossible, ReasonMissing
from core.writing import may_write, require_writer

if TYPE_CHECKING:
    from accounts.models import User

# A careful reader finds a handful of things in a day; a flood from one person would hide the urgent ones.
A_DAY_AT_MOST = 10
# What may be hurting somebody now stands at the head of the queue; old advice before everything else. Whoever says to
# be in a picture is heard first, too; by itself that hides nothing, or anybody could hide anything by saying so.
RISK = {ReportKind.SAFETY: 3, ReportKind.ME: 3, ReportKind.WORK: 2, ReportKind.OUTDATED: 1}
# Said of what has pictures, and of nothing else.
OF_PICTURES = frozenset({ReportKind.ME, ReportKind.WORK})


class TooManyReports(Exception):
    """This person has reported enough for today."""


def file_report(*, target: Moderated, by: User, kind: str, text: str = "") -> Report:
    """An open report on something public. Sent twice, it is one report: the first that arrived.

    ``text`` is cleaned. Raises TooManyReports, and PermissionDenied for what is not public.
    """
    with transaction.atomic():
        # One report of a person at a time: neither the second click nor a burst gets past the count.
        get_user_model()._base_manager.select_for_update(no_key=True).get(pk=by.pk)
        earlier = Report.objects.open().about(target).filter(reporter=by).first()
        if earlier is not None:
            return earlier
        require_writer(by)
        if not type(target)._default_manager.public().filter(pk=target.pk).exists():
            raise PermissionDenied("Only what is public can be reported.")
        if not may_report(by):
            raise TooManyReports
        report = Report.objects.create(
            reporter=by,
            object_type=target._meta.label_lower,
            object_id=target.pk,
            version=target.version,
            kind=kind,
            text=text,
            risk=RISK.get(ReportKind(kind), 0),
        )
        record(
            actor=by, action="report", obj=report, after=report.state, reason=ReportKind(kind).label
        )  # not the words: they may hold what should never have been public, and this row stays
    return report


def decide_reports(*, report: Report, by: User, to: str, reason: str, seen: int) -> list[Report]:
    """Close every open report on the thing that ``report`` is about, up to number ``seen``, with one reason.

    Reports that came in while the moderator was reading stay open. The thing itself is not touched.
    Raises a TransitionError whose message can be shown.
    """
    if to not in {ReportState.UPHELD, ReportState.DISMISSED}:
        raise NotPossible("A report is upheld or dismissed.")
    if not reason.strip():
        raise ReasonMissing("Tell those who reported it why.")
    with transaction.atomic():
        rows = list(
            Report.objects.open().alike(report).filter(pk__lte=seen).order_by("pk").select_for_update()
        )
        if not rows:
            raise NotPossible("Somebody has decided meanwhile. Nothing was changed.")
        if not may_decide(by, rows):
            raise NotPermitted("Nobody decides on what they reported or wrote.")
        at = timezone.now()
        for row in rows:
            before, row.state = row.state, ReportState(to)
            row.decided_at, row.decided_by, row.reason = at, by, reason.strip()
            row.save()
            action = "uphold" if to == ReportState.UPHELD else "dismiss"
            record(actor=by, action=action, obj=row, before=before, after=to, reason=row.reason, at=at)
    return rows


def may_report(user: User) -> bool:
    """Not above the number of a day, whatever became of them."""
    since = timezone.now() - timedelta(days=1)
    return Report.objects.filter(reporter=user, submitted_at__gt=since).count() < A_DAY_AT_MOST


def may_decide(user: User, reports: list[Report]) -> bool:
    """A moderator who neither reported it nor has a part in it. All ``reports`` are on one thing."""
    if not (may_write(user) and user.has_perm(Report.moderate_permission())):
        return False
    return user.pk not in {report.reporter_id for report in reports} and not is_theirs(user, reports[0])


def is_theirs(user: User, report: Report) -> bool:
    """Whether what the report is about is this person's own affair."""
    target = report.target()
    return isinstance(target, Moderated) and target.concerns(user)
