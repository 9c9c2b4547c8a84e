"""What becomes of a doctor's profile and writing: published answers stay as they were signed, the rest goes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from accounts.models import User
from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion
from config.privacy.trail import Traces
from core.enums import State
from core.models import Amendment, AuditEntry, Signal
from doctors.casework import end
from doctors.enums import EndedBy
from doctors.models import Case, ConsentPaper, Doctor, ProfileClaim, ReviewReply
from doctors.withdrawing import NAME_GONE, PROFILE_GONE, clear


def take_apart(user: User, traces: Traces) -> set[int]:
    """Keys of the threads that readers see otherwise now."""
    _claims(user, traces)
    _withdrawn(user, traces)
    doctor = Doctor.objects.filter(user=user).first()
    if doctor is None:
        return set()
    touched = set(Answer.objects.filter(doctor=doctor).values_list("question", flat=True))
    touched |= set(SecondOpinion.objects.filter(doctor=doctor).values_list("answer__question", flat=True))
    _writing(doctor, traces)
    _cases(doctor, user, traces)
    _profile(doctor, traces, signs=_signs(doctor))
    return touched


def _claims(user: User, traces: Traces) -> None:
    """With what was sent to prove them. Whose a profile became is said by the profile."""
    claims = ProfileClaim.objects.filter(claimant=user)
    for claim in claims:
        traces.goes(claim)
    claims.delete()


def _withdrawn(user: User, traces: Traces) -> None:
    """An application that was taken back is nobody's by now; what was said of it still leads to the person."""
    label = Doctor._meta.label_lower
    taken_back = AuditEntry.objects.filter(actor=user, action="withdraw", object_type=label)
    for doctor in Doctor.objects.filter(pk__in=taken_back.values("object_id"), user=None):
        traces.goes(doctor)


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
    replies = ReviewReply.objects.filter(review__doctor=doctor).exclude(state=State.PUBLISHED)
    given = FactGiven.objects.filter(asked__in=asked)  # nobody could read what it was said to
    for rows in (drafts, opinions, given, asked, answers, replies):
        for row in rows:
            traces.goes(row)
        rows.delete()
    for model in (Answer, SecondOpinion, FactAsked):
        _without_remarks(model._default_manager.filter(doctor=doctor))
    _without_remarks(ReviewReply.objects.filter(review__doctor=doctor))


def _cases(doctor: Doctor, user: User, traces: Traces) -> None:
    """Pictures, words, labels and signed documents go; numbers, dates and the history of consents stay."""
    end(Case.objects.filter(doctor=doctor), ended_by=EndedBy.ERASED, by=user)
    for row in (*doctor.cases.all(), *doctor.consents.all()):
        traces.goes(row)
    ConsentPaper.objects.filter(consent__doctor=doctor).delete()
    doctor.consents.update(label="erased", token_hash=None)


def _without_remarks(kept: QuerySet) -> None:
    """What moderators noticed and changed, and the reasons they gave."""
    label = kept.model._meta.label_lower
    for kind in (Amendment, Signal):
        kind._default_manager.filter(object_type=label, object_id__in=kept.values("pk")).delete()
    kept.update(moderation_reason="")


def _profile(doctor: Doctor, traces: Traces, *, signs: bool) -> None:
    for rows in (doctor.revisions.all(), doctor.portraits.all()):
        for row in rows:
            traces.goes(row)
        rows.delete()
    clear(doctor)
    if not signs:
        traces.words.add(doctor.name)
        traces.goes(doctor)
        keeps = (doctor.verifications, doctor.consents, doctor.reviews)
        if not any(rows.exists() for rows in keeps):
            doctor.delete()
            return
    slug = f"former-{get_random_string(12).lower()}"
    named: dict[str, Any] = {} if signs else {**NAME_GONE, "name": "A former member", "slug": slug}
    Doctor.objects.filter(pk=doctor.pk).update(**PROFILE_GONE, **named)
