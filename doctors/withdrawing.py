"""Taking back an application, a claim or an edit: what was sent for it goes, and one is free to begin anew.

That there was an application stays, as a row without a person, so that whoever has it open is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.crypto import get_random_string

from core.enums import State
from core.moderation import NotPermitted, NotPossible, transition
from doctors import evidence as files
from doctors.enums import Standing
from doctors.models import Credential, Doctor, DoctorRevision, EvidenceFile, ProfileClaim, SentFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

OPEN = (State.DRAFT, State.PENDING)
NOT_YOURS = "There is no application of yours any more. Nothing was changed."
PUBLIC = (
    "Readers know your profile, so there is no application left to withdraw. If you want to answer nobody for a while, "
    "say on your desk that you are away; what you say of yourself you change under “Edit your profile”; if you want "
    "to leave, erase your account under “Privacy”."
)
DECIDED = (
    "A moderator has decided, so there is nothing to withdraw any more. You can appeal against the decision."
)
GRANTED = (
    "This profile is yours by now, so there is no claim left to withdraw. If it is not you after all, report the "
    "profile, and a moderator takes it off your account."
)
NO_EDIT = (
    "A moderator has decided about this edit meanwhile, so there is nothing to withdraw. You can edit anew."
)
# What a profile no longer says once nobody is behind it, and once nothing is signed with its name.
PROFILE_GONE: dict[str, Any] = {
    "user": None,
    "bio": "",
    "languages": "",
    "conflicts": "",
    "portrait": "",
    "portrait_shown": None,
    "standing": Standing.UNVERIFIED,
    "verified_on": None,
    "verified_until": None,
    "licence_until": None,
    "away_until": None,
    "moderation_reason": "",
}
NAME_GONE: dict[str, Any] = {
    "title": "",
    "specialty": None,
    "specialty_as_given": "",
    "city": "",
    "region": "",
    "country": "",
    "state": State.WITHDRAWN,
    "is_imported": False,
}


def no_application(doctor: Doctor) -> str:
    """Why this profile is no application that could be withdrawn, and what to do instead; empty if it is one."""
    if not doctor.is_public and doctor.state not in OPEN:
        return DECIDED
    return PUBLIC if _was_public(doctor) else ""


def no_claim(claim: ProfileClaim) -> str:
    """The same of a claim."""
    if claim.is_public:
        return GRANTED
    return "" if claim.state in OPEN else DECIDED


def no_edit(edit: DoctorRevision) -> str:
    """The same of an edit of a published profile."""
    return "" if edit.state in OPEN else NO_EDIT


def withdraw_application(*, doctor: Doctor, by: User) -> None:
    """Take back what no reader has seen: name, words, places and proof go. Raises a TransitionError."""
    with transaction.atomic():
        row = Doctor.locked(doctor.pk)
        if row.user_id != by.pk:
            raise NotPermitted(NOT_YOURS)
        if said := no_application(row):
            raise NotPossible(said)
        transition(row, to=State.WITHDRAWN, by=by)
        files.drop_later([*_sent(row), *_seen(row)])
        clear(row)
        gone = {**PROFILE_GONE, **NAME_GONE, "name": "A withdrawn application", "version": F("version") + 1}
        Doctor.objects.filter(pk=row.pk).update(**gone, slug=f"withdrawn-{get_random_string(12).lower()}")


def withdraw_claim(*, claim: ProfileClaim, by: User) -> None:
    """Take back a claim that nobody has granted, with its proof. Raises a TransitionError."""
    with transaction.atomic():
        row = ProfileClaim.locked(claim.pk)
        if said := no_claim(row):
            raise NotPossible(said)
        transition(row, to=State.WITHDRAWN, by=by)
        files.drop_later(row.papers.values_list("name", flat=True))
        row.papers.all().delete()


def withdraw_edit(*, edit: DoctorRevision, by: User) -> None:
    """Take back what waits; readers go on seeing what they see. Raises a TransitionError."""
    with transaction.atomic():
        row = DoctorRevision.locked(edit.pk)
        if said := no_edit(row):
            raise NotPossible(said)
        transition(row, to=State.WITHDRAWN, by=by)


def clear(doctor: Doctor) -> None:
    """Take away what a profile rests on: places, proof and credentials; of one that was checked, the number."""
    doctor.places.all().delete()
    SentFile.objects.filter(credential__doctor=doctor).delete()
    doctor.credentials.filter(verifications=None).delete()
    for credential in Credential.objects.filter(doctor=doctor):
        credential.number = f"erased {credential.pk}"
        credential.save(update_fields=["number"])


def _was_public(doctor: Doctor) -> bool:
    """Whether readers knew it once, or the doctor has written under it."""
    written: Any = doctor  # of a floor above, by their names alone
    answered = written.answers.exists() or written.second_opinions.exists()
    return doctor.published_at is not None or doctor.is_imported or answered


def _sent(doctor: Doctor) -> Iterable[str]:
    return SentFile.objects.filter(credential__doctor=doctor).values_list("name", flat=True)


def _seen(doctor: Doctor) -> Iterable[str]:
    """What moderators were shown when they checked: the papers go, that they saw them stays."""
    return EvidenceFile.objects.filter(verification__doctor=doctor).values_list("name", flat=True)
