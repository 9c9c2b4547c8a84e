"""Reports of the demonstration: some wait, some were upheld, some dismissed; filed and decided by the same verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from core.enums import ReportKind, ReportState
from core.models import Moderated, Report
from core.reports import decide_reports, file_report


@dataclass(frozen=True)
class Told:
    """``by`` is the asker of a thread, or the patient who can sign in; ``about`` a thread, an answer or a doctor."""

    by: str
    about: str
    kind: ReportKind
    text: str
    hours_ago: int
    state: ReportState = ReportState.OPEN
    reason: str = ""


REPORTS = (
    Told(
        "patient",
        "duarte",
        ReportKind.IDENTITY,
        "I looked the name up: the register of the state says that the licence is suspended.",
        46 * 24,
        ReportState.UPHELD,
        "Thank you. The register says so, and the profile says so now. The answers no longer count.",
    ),
    Told(
        "patient",
        "a-heavy-brows/ortega",
        ReportKind.FACTS,
        "All the others say something else.",
        40 * 24,
        ReportState.DISMISSED,
        "Doctors may differ, and the page shows that they do. What in the text is wrong we could not find.",
    ),
    Told(
        "a-traps-desk",
        "a-masseter-jowls",
        ReportKind.OTHER,
        "I asked nearly the same.",
        30 * 24,
        ReportState.DISMISSED,
        "Nothing is wrong with asking alike. Each of you wrote something the other did not.",
    ),
    Told(
        "patient",
        "a-legs/petrov",
        ReportKind.OUTDATED,
        "Is this still what is known? It has been a while.",
        20,
    ),
    Told("a-neck-cords", "a-legs/petrov", ReportKind.FACTS, "The first sentence and the last do not fit.", 9),
    Told(
        "a-arm-deltoid",
        "d-tattoo-laser-pen-online",
        ReportKind.SAFETY,
        "Somebody who skips the answers may try this at home.",
        3,
    ),
    Told("d-labia-am-i-normal", "marsh", ReportKind.SELLING, "", 30),
)


def seed(
    things: Mapping[str, Moderated],
    *,
    people: Mapping[str, User],
    moderator: User,
    reports: tuple[Told, ...] = REPORTS,
) -> None:
    """File those about ``things`` that have just been made, and decide on those that are decided."""
    for told in reports:
        if told.about not in things or told.by not in people:
            continue
        report = file_report(target=things[told.about], by=people[told.by], kind=told.kind, text=told.text)
        if told.state != ReportState.OPEN:
            decide_reports(report=report, by=moderator, to=told.state, reason=told.reason, seen=report.pk)
        sent = timezone.now() - timedelta(hours=told.hours_ago)
        decided = sent + timedelta(hours=20) if told.state != ReportState.OPEN else None
        Report.objects.filter(pk=report.pk).update(submitted_at=sent, decided_at=decided)
