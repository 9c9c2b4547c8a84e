"""What is done to a doctor's standing. Every deed has a person, a source and a row that stays."""

from __future__ import annotations

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
    Raises PermissionDenied for people without the permission and for one's own profile, ValidationError
    where somebody else has changed the standing since ``doctor`` was read.
    """
    if not by.has_perm("doctors.verify_doctor") or doctor.user_id == by.pk:
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
