"""Warning, suspending and closing accounts, and taking that back. Each verb is one transaction with an audit row."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.enums import SanctionKind
from accounts.models import Sanction, User
from accounts.notifications import SANCTION_LIFTED, SANCTIONED, Kind
from accounts.notify import tell
from accounts.permissions import may_sanction
from core.audit import record

REFUSED = "Only senior moderators do this, not to themselves, and not to those who moderate."


def impose(*, person: User, by: User, kind: str, reason: str, until: datetime | None = None) -> Sanction:
    """Warn, suspend until a moment, or close. Felt with the next request of any session of theirs.

    Raises PermissionDenied, and ValidationError for a suspension without an end or a sanction without a reason.
    """
    with transaction.atomic():
        row = _locked(person, by=by)
        sanction = Sanction(user=row, kind=kind, reason=reason.strip(), until=until, imposed_by=by)
        if kind == SanctionKind.CLOSURE and not row.is_active:
            raise ValidationError("This account is closed already.")
        sanction.full_clean()
        sanction.save()
        if kind == SanctionKind.CLOSURE:
            row.is_active = False
        _bring_in_line(row)
        ends = f" until {until:%Y-%m-%d %H:%M}" if until else ""
        record(actor=by, action=f"impose {kind}", obj=row, reason=f"{sanction.reason}{ends}")
        _tell(sanction, SANCTIONED, "imposed")
    person.refresh_from_db()
    return sanction


def lift(*, sanction: Sanction, by: User, reason: str) -> Sanction:
    """Take a sanction back. Raises PermissionDenied, and ValidationError where there is nothing to lift."""
    with transaction.atomic():
        person = _locked(sanction.user, by=by)
        row = Sanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)
        if not row.is_standing:
            raise ValidationError("This is over or lifted already.")
        if not reason.strip():
            raise ValidationError("Say why it is lifted.")
        row.lifted_at, row.lifted_by, row.lifted_reason = timezone.now(), by, reason.strip()
        row.full_clean()
        row.save()
        if row.kind == SanctionKind.CLOSURE:
            person.is_active = not person.sanctions.standing().filter(kind=SanctionKind.CLOSURE).exists()
        _bring_in_line(person)
        record(actor=by, action=f"lift {row.kind}", obj=person, reason=row.lifted_reason)
        _tell(row, SANCTION_LIFTED, "lifted")
    sanction.refresh_from_db()
    return sanction


def _tell(sanction: Sanction, kind: Kind, what: str) -> None:
    event = f"sanction-{sanction.pk} {what}"
    tell(to=sanction.user, kind=kind.name, about=sanction, event=event, url=reverse("questions:mine"))


def _locked(person: User, *, by: User) -> User:
    """The account as it stands now, nobody else's until the transaction ends."""
    row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not may_sanction(by, row):
        raise PermissionDenied(REFUSED)
    return row


def _bring_in_line(person: User) -> None:
    """What is read with every request follows from the sanctions that stand."""
    standing = person.sanctions.standing().filter(kind=SanctionKind.SUSPENSION)
    person.suspended_until = standing.aggregate(last=Max("until"))["last"]
    person.save(update_fields=["is_active", "suspended_until"])
