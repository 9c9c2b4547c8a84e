"""What is done to a doctor's standing. Every deed has a person, a source and a row that stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.notify import tell
from core.audit import record
from core.dates import months_later
from core.editing import edit
from core.enums import State
from core.moderation import transition
from doctors import evidence as files
from doctors.checklist import found_of
from doctors.enums import Standing, VerificationResult
from doctors.models import (
    POSITIVE,
    RECHECK_MONTHS,
    Credential,
    Doctor,
    DoctorRevision,
    EvidenceFile,
    Verification,
)
from doctors.notifications import NOT_VERIFIED, VERIFIED
from doctors.permissions import may_edit, may_verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User

NO_LICENCE = (
    "Nobody is verified without a licence that was found as stated and is current: check the licence itself."
)


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


def edit_profile(*, doctor: Doctor, by: User, fields: Mapping[str, str]) -> DoctorRevision | None:
    """Propose what the published profile is to say; ``None`` if readers see just that. See :func:`core.editing.edit`.

    What readers see now is kept as a version first. Raises PermissionDenied.
    """
    with transaction.atomic():
        row = Doctor.locked(doctor.pk)
        if not row.revisions.in_work().exists() and row.text() == fields:
            return None
        if row.published_at is not None:
            row.keep_version(row.published_at)
        waiting: DoctorRevision = edit(row, by=by, may=may_edit, fields=fields, prepare=lambda _: None)
    return waiting


def stay_away(*, doctor: Doctor, by: User, until: date | None) -> None:
    """Say on which day ``doctor`` answers again, or that they are here. Until then nobody routes questions to them."""
    if doctor.user_id != by.pk:
        raise PermissionDenied("Only the doctor says when they are away.")
    Doctor.objects.filter(pk=doctor.pk).update(away_until=until)
    doctor.away_until = until


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
    after: int | None = None,
    evidence: files.Paper | None = None,
) -> Verification:
    """Add a check and bring the doctor's standing in line with all of them, in one transaction.

    A good result without ``valid_until`` holds until the credential ends or for ``RECHECK_MONTHS``, whichever
    comes first. ``after`` is the number of the last check of this credential that ``by`` has seen, 0 for none.
    Raises PermissionDenied for people without the permission, for one's own profile and for one that ``by``
    entered; ValidationError where somebody else was quicker, where nothing vouches for a doctor who is to be
    restored, and where the evidence cannot be kept. Nothing is recorded then.
    """
    if not may_verify(by, doctor):
        raise PermissionDenied("You may not verify this doctor.")
    result = VerificationResult(result)
    with files.kept(evidence) as name, transaction.atomic():
        row = Doctor.objects.select_for_update(of=("self",)).get(pk=doctor.pk)
        _refuse_if_overtaken(row, doctor, credential, after)
        checked_on = checked_on or timezone.localdate()
        if checked_on > timezone.localdate():
            raise ValidationError({"checked_on": "Nothing has been checked on a day to come."})
        if result in POSITIVE and valid_until is None:
            valid_until = _end_of(row, credential, checked_on)
        check = Verification(
            doctor=row,
            credential=credential,
            result=result,
            source=source,
            note=note,
            checked_by=by,
            checked_on=checked_on,
            valid_until=valid_until if result in POSITIVE else None,
        )
        check.full_clean()
        check.save()
        if evidence:
            _attach(check, evidence, name)
        _settle(row, check, by=by)
    doctor.refresh_from_db()
    return check


def _refuse_if_overtaken(row: Doctor, seen: Doctor, credential: Credential | None, after: int | None) -> None:
    if row.standing != seen.standing:
        raise ValidationError(f"This doctor is “{row.get_standing_display()}” by now; nothing was recorded.")
    if credential is None or after is None:
        return
    last = credential.last_among(row.verifications.all())
    if (last.pk if last else 0) != after:
        raise ValidationError(f"{credential} has been checked meanwhile; nothing was recorded about it.")


def _end_of(doctor: Doctor, credential: Credential | None, checked_on: date) -> date | None:
    """When what was checked ends by itself; ``None`` if our own interval is over before that."""
    about = [credential] if credential else list(doctor.credentials.all())
    ends = [row.expires_on for row in about if row.expires_on and row.expires_on >= checked_on]
    first = min(ends, default=None)
    return first if first and first <= months_later(checked_on, RECHECK_MONTHS) else None


def _attach(check: Verification, paper: files.Paper, name: str) -> None:
    kept = EvidenceFile(verification=check, **paper.under(name))
    kept.full_clean()
    kept.save()


def _settle(row: Doctor, check: Verification, *, by: User) -> None:
    """The standing that follows from ``check`` and all before it. A suspension is lifted by a restoration alone."""
    before, was, found = row.standing, row.is_verified_now, found_of(row)
    if check.result == VerificationResult.RESTORED and not (found and found.until >= timezone.localdate()):
        raise ValidationError(NO_LICENCE)
    if check.result == VerificationResult.SUSPENDED:
        row.standing = Standing.SUSPENDED
    elif before != Standing.SUSPENDED or check.result == VerificationResult.RESTORED or _ends_it_all(check):
        row.standing = Standing.VERIFIED if found else Standing.UNVERIFIED
    _mark_due(row)
    if row.standing == Standing.VERIFIED and found:
        row.verified_on, row.verified_until, row.licence_until = found.checked_on, found.until, found.ends_on
    row.save(update_fields=["standing", "verified_on", "verified_until", "licence_until"])
    record(
        actor=by,
        action=f"verification: {check.get_result_display().lower()}",
        obj=row,
        before=before,
        after=row.standing,
        reason=_said(check),
    )
    if row.is_verified_now != was:
        _tell(row, check)


def _tell(row: Doctor, check: Verification) -> None:
    """Once, however many credentials were checked: the account behind the profile, if it has been claimed."""
    if row.user is None:
        return
    kind = VERIFIED if row.is_verified_now else NOT_VERIFIED
    event = f"verification-{check.pk} {kind.name}"
    tell(to=row.user, kind=kind.name, about=row, event=event, url=row.get_absolute_url())


def _said(check: Verification) -> str:
    """What the audit trail keeps of a check."""
    lines = [check.note or check.source]
    if check.credential:
        lines.append(str(check.credential))
    if check.has_evidence:
        lines.append(f"Evidence: {check.evidence}")
    return "\n".join(lines)


def _mark_due(doctor: Doctor) -> None:
    """Keep with each credential when somebody looks at it again."""
    checks = list(doctor.verifications.all())
    for credential in doctor.credentials.all():
        until = credential.vouched_until(checks)
        due_on = until.due_on if until else None
        if credential.due_on != due_on:
            Credential.objects.filter(pk=credential.pk).update(due_on=due_on)


def _ends_it_all(check: Verification) -> bool:
    return check.result == VerificationResult.REFUSED and check.credential_id is None


def follow_credentials(*, doctor: Doctor, by: User) -> None:
    """Let the verification follow the credentials it rests on, now that these were changed in the admin.

    It ends where no licence is left that somebody has checked as it now stands, and it never lasts longer
    than the checks themselves said.
    """
    with transaction.atomic():
        row = Doctor.objects.select_for_update(of=("self",)).get(pk=doctor.pk)
        _mark_due(row)
        if row.standing != Standing.VERIFIED or not row.verifications.exists():
            return
        found, before = found_of(row), row.verified_until
        if found:
            row.verified_until, row.licence_until = found.until, found.ends_on
        else:
            row.standing = Standing.UNVERIFIED
        row.save(update_fields=["standing", "verified_until", "licence_until"])
        if row.standing != Standing.VERIFIED:
            reason = "the licence it rested on was changed: somebody checks it again"
            record(actor=by, action="verification ended", obj=row, reason=reason)
        elif row.verified_until != before:
            reason = f"{before or 'no end'} → {row.verified_until}: a credential was changed"
            record(actor=by, action="verification moved", obj=row, reason=reason)
    doctor.refresh_from_db(fields=["standing", "verified_until", "licence_until"])
