"""What becomes of a doctor's profile and writing: published answers stay as they were signed, the rest goes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from accounts.models import User
from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion
from config.privacy.trail import Traces
from core.enums import State
from core.models import Amendment, Signal
from doctors.enums import Standing
from doctors.models import Credential, Doctor, ProfileClaim, SentFile

PROFILE_GONE = {
    "user": None,
    "bio": "",
    "languages": "",
    "conflicts": "",
    "portrait": "",
    "standing": Standing.UNVERIFIED,
    "verified_on": None,
    "verified_until": None,
    "licence_until": None,
    "away_until": None,
    "moderation_reason": "",
}
NAME_GONE = {
    "name": "A former member",
    "title": "",
    "specialty": None,
    "specialty_as_given": "",
    "city": "",
    "region": "",
    "country": "",
    "state": State.WITHDRAWN,
    "is_imported": False,
}


def take_apart(user: User, traces: Traces) -> set[int]:
    """Keys of the threads that readers see otherwise now."""
    _claims(user, traces)
    doctor = Doctor.objects.filter(user=user).first()
    if doctor is None:
        return set()
    touched = set(Answer.objects.filter(doctor=doctor).values_list("question", flat=True))
    touched |= set(SecondOpinion.objects.filter(doctor=doctor).values_list("answer__question", flat=True))
    _writing(doctor, traces)
    _profile(doctor, traces, signs=_signs(doctor))
    return touched


def _claims(user: User, traces: Traces) -> None:
    """With what was sent to prove them. Whose a profile became is said by the profile."""
    claims = ProfileClaim.objects.filter(claimant=user)
    for claim in claims:
        traces.goes(claim)
    claims.delete()


def _signs(doctor: Doctor) -> bool:
    """Whether anything that stays is signed with the name."""
    return doctor.answers.exists() or doctor.second_opinions.exists() or doctor.facts_asked.exists()


def _writing(doctor: Doctor, traces: Traces) -> None:
    """What is not public goes, also an edit of a public answer that waits."""
    doctor.drafts.all().delete()
    doctor.saved_replies.all().delete()
    drafts = AnswerRevision.objects.filter(answer__doctor=doctor).exclude(
        state__in=[State.PUBLISHED, State.REMOVED]
    )
    answers = Answer.objects.filter(doctor=doctor).exclude(state=State.PUBLISHED)
    opinions = SecondOpinion.objects.filter(doctor=doctor).exclude(state=State.PUBLISHED)
    asked = FactAsked.objects.filter(doctor=doctor).exclude(state=State.PUBLISHED)
    given = FactGiven.objects.filter(asked__in=asked)  # nobody could read what it was said to
    for rows in (drafts, opinions, given, asked, answers):
        for row in rows:
            traces.goes(row)
        rows.delete()
    for model in (Answer, SecondOpinion, FactAsked):
        _without_remarks(model._default_manager.filter(doctor=doctor))


def _without_remarks(kept: QuerySet) -> None:
    """What moderators noticed and changed, and the reasons they gave."""
    label = kept.model._meta.label_lower
    for kind in (Amendment, Signal):
        kind._default_manager.filter(object_type=label, object_id__in=kept.values("pk")).delete()
    kept.update(moderation_reason="")


def _profile(doctor: Doctor, traces: Traces, *, signs: bool) -> None:
    doctor.places.all().delete()
    SentFile.objects.filter(credential__doctor=doctor).delete()
    doctor.credentials.filter(verifications=None).delete()
    for credential in Credential.objects.filter(doctor=doctor):
        credential.number = f"erased {credential.pk}"
        credential.save(update_fields=["number"])
    if not signs:
        traces.words.add(doctor.name)
        traces.goes(doctor)
        if not doctor.verifications.exists():
            doctor.delete()
            return
    named: dict[str, Any] = {} if signs else {**NAME_GONE, "slug": f"former-{get_random_string(12).lower()}"}
    Doctor.objects.filter(pk=doctor.pk).update(**PROFILE_GONE, **named)
