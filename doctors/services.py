"""What is done to a doctor's standing. Every deed has a person, a source and a row that stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.audit import record
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
    Raises PermissionDenied for people without the permission and for one's own profile.
    """
    if not by.has_perm("doctors.verify_doctor") or doctor.user_id == by.pk:
        raise PermissionDenied("You may not verify this doctor.")
    result = VerificationResult(result)
    checked_on = checked_on or date.today()
    with transaction.atomic():
        row = Doctor.objects.select_for_update(of=("self",)).get(pk=doctor.pk)
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
