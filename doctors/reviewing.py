"""What is done with reviews: written, gone on with, taken back, replied to. Each verb is one transaction with an actor.

All of them lock the review first, so that two tabs, or a patient and a doctor, come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from core.editing import edit
from core.enums import State
from core.images import photos as pictures
from core.images.models import Photo
from core.moderation import transition
from core.rules.running import hold
from core.writing import require_writer
from doctors import evidence as files
from doctors.models import (
    DECLARATION,
    Review,
    ReviewCost,
    ReviewEntry,
    ReviewPhoto,
    ReviewReply,
    VisitPaper,
    VisitProof,
)
from doctors.permissions import (
    may_change_entry,
    may_change_reply,
    may_reply,
    may_review,
    may_review_more,
    may_show_visit,
)
from treatments.merging import Merge, treatment_now, use_now

if TYPE_CHECKING:
    from doctors.evidence import Paper
    from doctors.models import Doctor
    from treatments.models import Treatment

Costs = Mapping[str, Decimal]
OPEN = (State.DRAFT, State.PENDING)


class TooManyWaiting(PermissionDenied):
    """As many of somebody's reviews wait for a moderator as may."""


class Waiting(PermissionDenied):
    """What was said last is still with a moderator."""


def review_doctor(
    *,
    by: User,
    doctor: Doctor,
    treatment: Treatment,
    about: Mapping[str, Any],
    said: Mapping[str, Any],
    costs: Costs,
    photos: Sequence[Photo],
) -> ReviewEntry:
    """A first entry awaiting review. Sent again, the entry it made before.

    ``about``: use, treated_on, alias. ``said``: verdict, weighed, text, ratings, currency, paid_in; all cleaned.
    Raises PermissionDenied, TooManyWaiting, or ValidationError where a picture is not there any more.
    """
    require_writer(by)
    with transaction.atomic():
        treatment, use = treatment_now(treatment), use_now(about.get("use"))
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two requests of one person wait here
        earlier = Review.objects.filter(author=by, doctor=doctor, treatment=treatment).first()
        if earlier is not None:
            return _first_of(earlier)
        if not may_review(by, doctor):
            raise PermissionDenied("This profile cannot be reviewed from this account.")
        if not may_review_more(by):
            raise TooManyWaiting
        review = Review.objects.create(
            author=by,
            doctor=doctor,
            treatment=treatment,
            declaration=DECLARATION,
            **{**about, "use": use},
        )
        return _said(review, by=by, said=said, costs=costs, photos=photos)


def _first_of(review: Review) -> ReviewEntry:
    first = review.entries.order_by("pk").first()
    if first is None:
        raise PermissionDenied("Your review of this was erased.")
    return first


def add_entry(
    *, review: Review, by: User, said: Mapping[str, Any], costs: Costs, photos: Sequence[Photo]
) -> ReviewEntry:
    """How it is by now, awaiting review; what was said before stays. Raises PermissionDenied, or Waiting."""
    require_writer(by)
    with transaction.atomic():
        row = Review.locked(review.pk)
        if row.author_id != by.pk or not may_review(by, row.doctor):
            raise PermissionDenied("Only its author goes on with a review.")
        if row.entries.filter(state__in=OPEN).exists():
            raise Waiting("What you wrote last is still with a moderator. Change that instead.")
        return _said(row, by=by, said=said, costs=costs, photos=photos)


def _said(
    review: Review, *, by: User, said: Mapping[str, Any], costs: Costs, photos: Sequence[Photo]
) -> ReviewEntry:
    entry = ReviewEntry.objects.create(review=review, day=review.days_since, **said)
    _keep_costs(entry, costs)
    _hold_photos(entry, photos, by=by)
    transition(entry, to=State.PENDING, by=by)
    return entry


def _keep_costs(entry: ReviewEntry, costs: Costs) -> None:
    entry.costs.all().delete()
    ReviewCost.objects.bulk_create(
        ReviewCost(entry=entry, part=part, amount=amount) for part, amount in costs.items()
    )


def _hold_photos(entry: ReviewEntry, photos: Sequence[Photo], *, by: User) -> None:
    """Those that are new to it come last; of when they were taken nothing is kept."""
    held = set(entry.photos.values_list("photo", flat=True))
    new = [photo.name for photo in photos if photo.pk not in held]
    taken = pictures.take(new, by=by, kind=ReviewPhoto)
    for position, photo in enumerate(taken, len(held)):
        ReviewPhoto.objects.create(entry=entry, photo=photo, position=position)
    pictures.forget_days(taken)


def change_entry(
    *, entry: ReviewEntry, by: User, said: Mapping[str, Any], costs: Costs, photos: Sequence[Photo] = ()
) -> ReviewEntry:
    """Say it otherwise while it waits, or again after it was sent back. Raises PermissionDenied."""
    require_writer(by)
    with transaction.atomic():
        row = ReviewEntry.locked(entry.pk)
        if not may_change_entry(by, row):
            raise PermissionDenied("A moderator has decided about this. Add how it is by now instead.")
        if dict(row.costs.values_list("part", "amount")) != dict(costs) or photos:
            _keep_costs(row, costs)
            _hold_photos(row, photos, by=by)
            row.version = F("version") + 1
            row.save(update_fields=["version"])
            row.refresh_from_db()
            ReviewEntry.objects.filter(pk=row.pk).update(risk=hold(row))
        changed: ReviewEntry = edit(row, by=by, may=may_change_entry, fields=said, prepare=lambda _: None)
    return changed


def withdraw_entry(*, entry: ReviewEntry, by: User) -> None:
    """Take one entry back, with its pictures. Raises a TransitionError."""
    with transaction.atomic():
        row = ReviewEntry.locked(entry.pk)
        transition(row, to=State.WITHDRAWN, by=by)
        pictures.purge(Photo.objects.filter(pk__in=row.photos.values("photo")))


def withdraw_review(*, review: Review, by: User) -> None:
    """Take back all that was said, and a proof that waits. Raises a TransitionError."""
    with transaction.atomic():
        row = Review.locked(review.pk)
        for entry in row.entries.filter(state__in=[*OPEN, State.PUBLISHED]):
            withdraw_entry(entry=entry, by=by)
        for proof in VisitProof.objects.filter(review=row, state__in=OPEN):
            transition(proof, to=State.WITHDRAWN, by=by)


def show_visit(*, review: Review, by: User, paper: Paper) -> VisitProof:
    """Send what shows that one was there; another takes the place of one that waits. Raises PermissionDenied,
    or ValidationError where the disk will not.
    """
    require_writer(by)
    with files.kept(paper) as name, transaction.atomic():
        row = Review.locked(review.pk)
        if not may_show_visit(by, row):
            raise PermissionDenied("A moderator has decided about your proof already.")
        proof, _ = VisitProof.objects.get_or_create(review=row)
        _drop_paper(proof)
        VisitPaper.objects.create(proof=proof, **paper.under(name))
        if proof.state == State.PENDING:
            VisitProof.objects.filter(pk=proof.pk).update(version=F("version") + 1)
        else:
            transition(proof, to=State.PENDING, by=by)
    return proof


def _drop_paper(proof: VisitProof) -> None:
    """The row now, the file once that is certain."""
    papers = VisitPaper.objects.filter(proof=proof)
    files.drop_later(papers.values_list("name", flat=True))
    papers.delete()


def settle_proof(proof: VisitProof) -> None:
    """Once it is decided nobody needs the file."""
    if proof.state != State.PENDING:
        _drop_paper(proof)


def join_reviews(merge: Merge) -> None:
    """Reviews go along when their treatment becomes part of another. Who reviewed a doctor for both has one from then
    on, the one of the target, with the entries of the two in the order in which they were written.
    """
    for use, into in merge.uses.items():
        Review.objects.filter(use=use).update(use=into)
    there = Review.objects.filter(treatment=merge.target)
    for review in Review.objects.filter(treatment=merge.source).select_for_update().order_by("pk"):
        same = there.filter(author=review.author_id, doctor=review.doctor_id).select_for_update().first()
        if same is None:
            Review.objects.filter(pk=review.pk).update(treatment=merge.target)
        else:
            _join(review, same)


def _join(review: Review, into: Review) -> None:
    """Where an entry of each waits, both stay as they are: the merge is refused until one of them is decided."""
    if ReviewEntry.objects.filter(review__in=[review, into], state__in=OPEN).count() > 1:
        return
    review.entries.update(review=into)
    if (
        review.alias and not into.alias
    ):  # nothing that was said under another name comes to stand under the handle
        Review.objects.filter(pk=into.pk).update(alias=review.alias)
    for kind in (ReviewReply, VisitProof):
        if not kind._default_manager.filter(review=into).exists():
            kind._default_manager.filter(review=review).update(review=into)
    for proof in VisitProof.objects.filter(review=review):
        _drop_paper(proof)
    review.delete()


def reply(*, review: Review, by: User, text: str, template: str = "") -> ReviewReply:
    """The doctor's one reply, awaiting review; also said otherwise while it waits, or again after it was sent back
    or withdrawn. Raises PermissionDenied.
    """
    require_writer(by)
    with transaction.atomic():
        row = Review.locked(review.pk)
        if not may_reply(by, row):
            raise PermissionDenied("Only the doctor who is reviewed replies, while readers see the review.")
        fields = {"text": text, "template": template}
        standing = ReviewReply.objects.filter(review=row).first()
        if standing is not None:
            changed: ReviewReply = edit(
                standing, by=by, may=may_change_reply, fields=fields, prepare=lambda _: None
            )
            return changed
        try:
            made = ReviewReply.objects.create(review=row, **fields)
        except IntegrityError as error:
            raise PermissionDenied("There is one reply to a review.") from error
        transition(made, to=State.PENDING, by=by)
    return made


def withdraw_reply(*, reply: ReviewReply, by: User) -> None:
    """Take it back. Raises a TransitionError."""
    transition(reply, to=State.WITHDRAWN, by=by)
