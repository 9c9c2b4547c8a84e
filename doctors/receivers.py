"""Doctors are told what becomes of their profile; scopes go along when two treatments are merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.urls import reverse

from accounts.notify import tell, tell_author
from core.enums import State
from core.signals import transitioned
from doctors.claiming import hand_over, take_back
from doctors.models import (
    Case,
    Doctor,
    DoctorRevision,
    Portrait,
    ProfileClaim,
    Review,
    ReviewEntry,
    ReviewReply,
    Specialty,
    VisitProof,
)
from doctors.notifications import REPLIED, REVIEWED
from doctors.reviewing import join_reviews, settle_proof
from treatments.merging import Companion, Merge, goes_along
from treatments.models import Treatment

if TYPE_CHECKING:
    from accounts.models import User


@receiver(transitioned, sender=Doctor)
def profile_decided(obj: Doctor, before: str, after: str, **_: Any) -> None:
    tell_author(obj=obj, before=before, after=after, noun="profile", url=obj.get_absolute_url())


@receiver(transitioned, sender=DoctorRevision)
def edit_of_profile_decided(obj: DoctorRevision, before: str, after: str, **_: Any) -> None:
    tell_author(obj=obj, before=before, after=after, noun="profile-edit", url=obj.get_absolute_url())


@receiver(transitioned, sender=Portrait)
def portrait_decided(obj: Portrait, before: str, after: str, **_: Any) -> None:
    tell_author(obj=obj, before=before, after=after, noun="portrait", url=obj.get_absolute_url())


@receiver(transitioned, sender=ProfileClaim)
def claim_decided(obj: ProfileClaim, before: str, after: str, by: User, **_: Any) -> None:
    """What is granted is handed over in the transaction of the decision, and taken back with it."""
    if after == State.PUBLISHED:
        hand_over(obj, by=by)
    elif before == State.PUBLISHED:
        take_back(obj)
    tell_author(
        obj=obj,
        before=before,
        after=after,
        noun="claim",
        url=reverse("doctors:claim", args=[obj.doctor.slug]),
    )


@receiver(transitioned, sender=Case)
def case_decided(obj: Case, before: str, after: str, **_: Any) -> None:
    tell_author(
        obj=obj, before=before, after=after, noun="case", url=reverse("doctors:own-case", args=[obj.pk])
    )


@receiver(transitioned, sender=ReviewEntry)
def review_decided(obj: ReviewEntry, before: str, after: str, **_: Any) -> None:
    """Its author is told; once it is public the doctor is, who may reply."""
    tell_author(obj=obj, before=before, after=after, noun="review", url=obj.own_url)
    doctor = obj.review.doctor
    if after == State.PUBLISHED and doctor.user is not None:
        event, url = f"reviewentry-{obj.pk} public", reverse("doctors:reply", args=[obj.review_id])
        tell(to=doctor.user, kind=REVIEWED.name, about=obj, event=event, url=url)


@receiver(transitioned, sender=ReviewReply)
def reply_decided(obj: ReviewReply, before: str, after: str, **_: Any) -> None:
    tell_author(obj=obj, before=before, after=after, noun="review-reply", url=obj.own_url)
    if after == State.PUBLISHED:
        event, url = f"reviewreply-{obj.pk} public", obj.get_absolute_url()
        tell(to=obj.review.author, kind=REPLIED.name, about=obj, event=event, url=url)


@receiver(transitioned, sender=VisitProof)
def proof_decided(obj: VisitProof, before: str, after: str, **_: Any) -> None:
    """The file goes in the transaction of the decision."""
    settle_proof(obj)
    tell_author(obj=obj, before=before, after=after, noun="visit-proof", url=obj.own_url)


def told(source: Treatment, target: Treatment) -> Iterator[str]:
    """Which specialties a merge touches, and how many cases it moves."""
    if number := Case.objects.filter(treatment=source).count():
        yield f"Cases with pictures that move: {number}."
    specialties = Specialty.objects.filter(in_scope=source)
    names = ", ".join(specialties.values_list("name", flat=True)) or "none"
    yield f"Specialties that have it in their scope: {names}."
    added = ", ".join(specialties.exclude(in_scope=target).values_list("name", flat=True))
    if added:
        yield f"Of these, {target} is new to the scope of: {added}."
    reviews = Review.objects.filter(treatment=source).count()
    if reviews:
        yield (
            f"Reviews that move: {reviews}. Where somebody reviewed a doctor for both, the two become one; not while "
            "an entry of each waits: decide on one of them first."
        )


def moved(merge: Merge) -> None:
    """A scope has a treatment once; cases go over with the use they name."""
    for ended, stays in merge.uses.items():
        Case.objects.filter(use=ended).update(use=stays)
    Case.objects.filter(treatment=merge.source).update(treatment=merge.target)
    scopes = Specialty.in_scope.through._default_manager
    source = scopes.filter(treatment=merge.source)
    source.filter(Exists(scopes.filter(specialty=OuterRef("specialty"), treatment=merge.target))).delete()
    source.update(treatment=merge.target)
    join_reviews(merge)


goes_along(Companion(told, moved))
