"""What is due every night about doctors. Each may run twice, and be interrupted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from accounts.notify import tell
from doctors.consenting import note_expiry
from doctors.enums import ConsentChange
from doctors.evidence import tidy_aside
from doctors.figures.nightly import move_figures
from doctors.models import MILESTONES, Consent, Credential, Doctor, Review
from doctors.notifications import (
    AHEAD,
    CONSENT_DUE_SOON,
    DUE_NOW,
    DUE_SOON,
    HOW_IS_IT,
    RUN_OUT,
    consents_due_soon,
    due_soon,
    overdue,
    run_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.notifications import Kind

# A night that was missed is made up for so long.
LOOKS_BACK = timedelta(days=30)


def tidy_proofs() -> str:
    """Proofs that were accepted beside something wrong, and whose form nobody came back to."""
    return f"{tidy_aside()} that nobody came back for are deleted"


def tell_run_out() -> str:
    """Doctors whose verification has ended by itself, each once."""
    since = timezone.localdate() - LOOKS_BACK
    doctors = run_out(Doctor.objects.claimed()).filter(verified_until__gte=since).select_related("user")
    for doctor in doctors:
        event = f"doctor-{doctor.pk} run out {doctor.verified_until}"
        tell(to=doctor.user, kind=RUN_OUT.name, about=doctor, event=event, url=doctor.get_absolute_url())
    return f"{len(doctors)} verifications ended within {LOOKS_BACK.days} days; their doctors know"


def tell_due() -> str:
    """Credentials that end within 60, 30 and 7 days, and those that have: each doctor once for each of these days.

    Of a night that was missed the nearest day is told, not all that have gone by.
    """
    today, rows = timezone.localdate(), Credential.objects.filter(doctor__user__isnull=False)
    soon = {
        f"credential-{row.pk} due {row.due_on} in {_stage(row, today)}": row
        for row in due_soon(rows).select_related("doctor__user")
    }
    past = overdue(rows).filter(due_on__gte=today - LOOKS_BACK).select_related("doctor__user")
    over = {f"credential-{row.pk} ended {row.due_on}": row for row in past}
    told = _tell_each(soon, DUE_SOON) + _tell_each(over, DUE_NOW)
    return f"{told} doctors told of credentials that end or have ended"


def tell_of_consents() -> str:
    """Doctors of what a consent ends for: 60, 30 and 7 days before, each once; and of what has ended, on record."""
    today = timezone.localdate()
    rows = consents_due_soon(Consent.objects.filter(doctor__user__isnull=False)).select_related(
        "doctor__user"
    )
    events = {f"consent-{row.pk} ends {row.until} in {_days_ahead(row.until, today)}": row for row in rows}
    told = _tell_each(events, CONSENT_DUE_SOON)
    over = Consent.objects.standing().filter(until__lt=today).exclude(events__change=ConsentChange.EXPIRED)
    for row in over:
        note_expiry(row)
    return f"{told} doctors told of consents that end; {len(over)} ended"


def ask_how_it_is() -> str:
    """Authors of public reviews 14, 90 and 365 days after the treatment, each once for each of these days.

    Whoever has said something since that day is not asked for it, nor is anybody of whom something waits.
    """
    today, asked = timezone.localdate(), 0
    for days in MILESTONES:
        since = (today - timedelta(days=days) - LOOKS_BACK, today - timedelta(days=days))
        due = HOW_IS_IT.still_due(Review.objects.filter(treated_on__range=since, latest__day__lt=days))
        events = {f"review-{review.pk} day {days}": review for review in due.select_related("author")}
        known = set(_told_of(events))
        for event in events.keys() - known:
            review = events[event]
            url = reverse("doctors:add-entry", args=[review.pk])
            tell(to=review.author, kind=HOW_IS_IT.name, about=review, event=event, url=url)
        asked += len(events) - len(known)
    return f"{asked} people asked how it is by now"


def _stage(credential: Credential, today: date) -> int:
    return _days_ahead(credential.due_on, today)


def _days_ahead(day: date | None, today: date) -> int:
    """The nearest of the days on which one is told."""
    left = (day - today).days if day else max(AHEAD)
    return min(days for days in AHEAD if left <= days)


def _tell_each(events: Mapping[str, Credential | Consent], kind: Kind) -> int:
    known = set(_told_of(events))
    for event in events.keys() - known:
        row = events[event]
        if row.doctor.user is not None:
            url = row.get_absolute_url() if isinstance(row, Consent) else reverse("answers:desk")
            tell(to=row.doctor.user, kind=kind.name, about=row, event=event, url=url)
    return len(events) - len(known)


def _told_of(events: Iterable[str]) -> Iterable[str]:
    return Notification.objects.filter(event__in=list(events)).values_list("event", flat=True).distinct()


def move_numbers() -> str:
    """What is shown of private details of reviews, wherever enough people are new or somebody left."""
    return f"{move_figures()} figures moved on"
