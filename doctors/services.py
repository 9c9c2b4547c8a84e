"""What is done to a doctor's standing. Every deed has a person, a source and a row that stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from core.audit import record
from core.enums import State
from core.moderation import transition
from doctors.enums import Standing, VerificationResult
from doctors.models import Credential, Doctor, Verification
from doctors.permissions import may_verify

if TYPE_CHECKING:
    from accounts.models import User

STANDING_AFTER = {
    VerificationResult.VERIFIED: Standing.VERIFIED,
    VerificationResult.RESTORED: Standing.VERIFIED,
    VerificationResult.REFUSED: Standing.UNVERIFIED,
    VerificationResult.SUSPENDED: Standing.SUSPENDED,
}


def free_slug(name: str) -> str:
    """The readable end of a profile's address that no other profile has."""
    stem = slugify(name)[:80].strip("-") or "doctor"
    taken = set(Doctor.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if (f"{stem}-{n}" if n > 1 else stem) not in taken)
    return f"{stem}-{number}" if number > 1 else stem


def submit_profile(*, doctor: Doctor, by: User) -> Doctor:
    """Put a profile before the moderators: the doctor's own, or one that ``by`` entered for a doctor.

    Whoever entered it does not decide on it. Raises a TransitionError for everybody else.
    """
    transition(doctor, to=State.PENDING, by=by)
    return doctor


def record_verification(
    *,
    doctor: Doctor,
    by: User,
    result: str,
    source: str,
    note: str = "",
    credential: Credential | None = None,
    checked_on: date | None = None,
    valid_until: date | None = None,
) -> Verification:
    """Add a verification and bring the doctor's standing in line with it, in one transaction.

    A positive result without ``valid_until`` lasts as long as the earliest credential does.
    Raises PermissionDenied for people without the permission, for one's own profile and for one that ``by``
    entered, ValidationError where somebody else has changed the standing since ``doctor`` was read.
    """
    if not may_verify(by, doctor):
        raise PermissionDenied("You may not verify this doctor.")
    result = VerificationResult(result)
    checked_on = checked_on or timezone.localdate()
    with transaction.atomic():
        row = Doctor.objects.select_for_update(of=("self",)).get(pk=doctor.pk)
        if row.standing != doctor.standing:
            raise ValidationError(
                f"This doctor is “{row.get_standing_display()}” by now; nothing was recorded."
            )
        positive = STANDING_AFTER[result] == Standing.VERIFIED
        if positive and valid_until is None:
            valid_until = row.credentials.expiring_first().values_list("expires_on", flat=True).first()
        verification = Verification(
            doctor=row,
            credential=credential,
            result=result,
            source=source,
            note=note,
            checked_by=by,
            checked_on=checked_on,
            valid_until=valid_until if positive else None,
        )
        verification.full_clean()
        verification.save()
        before, row.standing = row.standing, STANDING_AFTER[result]
        if positive:
            row.verified_on, row.verified_until = checked_on, valid_until
        row.save()
        record(
            actor=by,
            action=f"verification: {verification.get_result_display().lower()}",
            obj=row,
            before=before,
            after=row.standing,
            reason=note or source,
        )
    doctor.refresh_from_db()
    return verification


def follow_credentials(*, doctor: Doctor, by: User, changed: Iterable[Credential]) -> None:
    """Let the verification end with the credentials it rests on, now that ``changed`` ones expire otherwise.

    It never ends later than it said itself. What had run out when it was checked counts only if it is
    among ``changed``: it is history that stands in the profile.
    """
    with transaction.atomic():
        row = Doctor.objects.select_for_update(of=("self",)).get(pk=doctor.pk)
        checks = list(row.verifications.all())
        said = next((check for check in checks if check.is_positive), None)
        if row.standing != Standing.VERIFIED or said is None:
            return
        changed_ids = {credential.pk for credential in changed}
        ends = [said.valid_until] if said.valid_until else []
        for credential in row.credentials.exclude(expires_on=None):
            check, end = credential.check_among(checks), credential.expires_on
            if check and end and (end >= check.checked_on or credential.pk in changed_ids):
                ends.append(end)
        before, until = row.verified_until, min(ends, default=None)
        if until == before:
            return
        Doctor.objects.filter(pk=row.pk).update(verified_until=until)
        reason = f"{before or 'no end'} → {until or 'no end'}: an expiry was changed"
        record(actor=by, action="verification moved", obj=row, reason=reason)
    doctor.verified_until = until
