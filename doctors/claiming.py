"""Claiming an imported profile with proof, and what follows from the decision about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from core.enums import State
from core.moderation import NotPossible, transition
from core.writing import require_writer
from doctors import evidence as files
from doctors.enums import Standing
from doctors.models import Credential, Doctor, ProfileClaim, SentFile
from doctors.permissions import has_asked, may_apply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User

TAKEN = "This profile is somebody else’s by now. Nothing was changed."
ONE_AT_A_TIME = "You claim a profile already. One at a time, please: wait for the decision about that one."
OTHERS_TOLD = "Somebody else has shown that this profile is theirs."
FILES = 6


def claim_profile(
    *, doctor: Doctor, by: User, stated: Mapping[str, Any], words: str, paper: files.Paper | None
) -> ProfileClaim:
    """Claim it, or mend the claim that was sent back, and put that before the moderators.

    Raises ValidationError where it cannot be claimed, or without a file as proof.
    """
    require_writer(by)
    with files.kept(paper) as name, transaction.atomic():
        row = Doctor.locked(doctor.pk)
        if not may_apply(by) or not is_claimable(row):
            raise ValidationError(TAKEN)
        claim = _draft(row, by)
        for field, value in {**stated, "words": words}.items():
            setattr(claim, field, value)
        _save(claim)
        _attach(claim, paper, name)
        transition(claim, to=State.PENDING, by=by)
    return claim


def is_claimable(doctor: Doctor) -> bool:
    """Whether it was imported and is nobody's; where somebody has written since, it had an owner, who is gone."""
    is_nobodys = doctor.is_imported and doctor.is_public and doctor.user_id is None
    answers: Any = doctor.answers  # of a floor above, by its name alone
    return is_nobodys and not answers.filter(is_imported=False).exists()


def _draft(doctor: Doctor, by: User) -> ProfileClaim:
    mine = ProfileClaim.objects.filter(doctor=doctor, claimant=by).order_by("-pk").first()
    if mine is None or mine.state in {State.REJECTED, State.REMOVED, State.WITHDRAWN}:
        return ProfileClaim(doctor=doctor, claimant=by)
    if mine.state != State.DRAFT:
        raise ValidationError("Your claim is with the moderators already.")
    mine.version += 1
    return mine


def _save(claim: ProfileClaim) -> None:
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError as error:
        raise ValidationError(ONE_AT_A_TIME) from error


def _attach(claim: ProfileClaim, paper: files.Paper | None, name: str) -> None:
    if paper is None:
        if not claim.papers.exists():
            raise ValidationError({"evidence": "Add a file that shows it is you."})
        return
    if claim.papers.count() >= FILES:
        raise ValidationError({"evidence": f"At most {FILES} files, please."})
    SentFile.objects.create(claim=claim, **paper.under(name))


def hand_over(claim: ProfileClaim, *, by: User) -> None:
    """The profile is the claimant's, with the credential it was claimed by; who else claims it is told.

    Inside the transaction of the decision, the profile being locked. Raises NotPossible.
    """
    doctor, person = Doctor.locked(claim.doctor_id), claim.claimant
    if person is None or not is_claimable(doctor):
        raise NotPossible(TAKEN)
    if person.is_doctor or has_asked(person):
        raise NotPossible(
            "This account has a profile or questions of its own; it cannot have this profile too."
        )
    Doctor.objects.filter(pk=doctor.pk).update(user=person, version=F("version") + 1)
    stated = claim.credential()
    held, _ = Credential.objects.get_or_create(
        doctor=doctor,
        authority=stated.authority,
        number=stated.number,
        defaults={name: getattr(stated, name) for name in ("kind", "region", "country", "expires_on")},
    )
    claim.papers.update(claim=None, credential=held)
    rivals = ProfileClaim.objects.filter(doctor=doctor, state=State.PENDING).exclude(claimant=by)
    for rival in rivals.order_by("pk"):
        transition(rival, to=State.REJECTED, by=by, reason=OTHERS_TOLD)


def take_back(claim: ProfileClaim) -> None:
    """The profile is nobody's again: what was granted turned out to be wrong.

    What they sent as proof is theirs and goes back to the claim; nobody is verified by it.
    """
    SentFile.objects.filter(credential__doctor=claim.doctor_id).update(credential=None, claim=claim)
    _unsay(Doctor.locked(claim.doctor_id))
    Doctor.objects.filter(pk=claim.doctor_id, user=claim.claimant_id).update(
        user=None,
        standing=Standing.UNVERIFIED,
        verified_on=None,
        verified_until=None,
        licence_until=None,
        away_until=None,
        version=F("version") + 1,
    )


def _unsay(doctor: Doctor) -> None:
    """What they said and showed of themselves goes: the profile reads as before the first edit of theirs."""
    for portrait in doctor.portraits.going():
        portrait.end()
    doctor.portraits.all().delete()
    doctor.refresh_from_db(fields=["portrait_shown"])
    first = doctor.revisions.filter(state=State.PUBLISHED).order_by("number").first()
    if first is not None:
        doctor.take_over(first)
    doctor.revisions.all().delete()
