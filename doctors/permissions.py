"""Who may do what with a doctor's profile, and with what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.enums import State
from core.writing import may_write
from doctors.models import Doctor, Review, ReviewEntry, ReviewReply, VisitProof

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Viewer

# What its author may still change.
CHANGEABLE = (State.DRAFT, State.PENDING)
REVIEWS_AT_ONCE = 10


def may_verify(user: User, doctor: Doctor) -> bool:
    """Whether the user may vouch for a profile: not for their own, nor for what they entered themselves."""
    own = doctor.user_id == user.pk or user.pk in doctor.entered_by()
    return not own and may_write(user) and user.has_perm("doctors.verify_doctor")


def practising_doctor(user: Viewer) -> Doctor | None:
    """The user's own profile if it is public and verified today, else ``None``."""
    if not user.is_authenticated:
        return None
    return Doctor.objects.public().verified_now().select_related("specialty").filter(user=user).first()


def may_edit(user: Viewer, doctor: Doctor) -> bool:
    """Whether the user says what the profile says: their own, while it is public; before that they apply with it."""
    return user.is_authenticated and doctor.user_id == user.pk and doctor.is_public and may_write(user)


def may_apply(user: User) -> bool:
    """Whether this account may become a doctor's: one that has asked as a patient stays a pseudonym.

    A doctor's name is public, and a name beside the handle would tell whose questions these are.
    """
    return may_write(user) and not user.is_doctor and not has_asked(user)


def has_asked(user: User) -> bool:
    """Whether the account is a patient's: questions or reviews belong to it, in whatever state."""
    questions: Any = user.questions  # of a sibling floor, by its name alone
    return bool(questions.exists()) or user.reviews.exists()


def may_review(user: Viewer, doctor: Doctor) -> bool:
    """Whether this account may say something of that doctor: a patient's, of a profile that readers see.

    A doctor's account reviews nobody: neither itself, nor those it works with, nor those it competes with.
    """
    return user.is_authenticated and may_write(user) and not user.is_doctor and doctor.is_public


def may_review_more(user: User) -> bool:
    """As many reviews wait for a moderator at once as one person needs."""
    open_now = ReviewEntry.objects.filter(review__author=user, state__in=CHANGEABLE)
    return open_now.count() < REVIEWS_AT_ONCE


def may_change_entry(user: Viewer, entry: ReviewEntry) -> bool:
    """Its author, until a moderator has published or refused it."""
    return user.pk == entry.author_user_id() and entry.state in CHANGEABLE


def may_withdraw_entry(user: Viewer, entry: ReviewEntry) -> bool:
    return user.pk == entry.author_user_id() and entry.state in (*CHANGEABLE, State.PUBLISHED)


def may_show_visit(user: Viewer, review: Review) -> bool:
    """Its author, until a moderator has decided; after it was sent back or withdrawn again."""
    if user.pk != review.author_id:
        return False
    proof = VisitProof.objects.filter(review=review).first()
    return proof is None or proof.state in (*CHANGEABLE, State.WITHDRAWN)


def may_reply(user: Viewer, review: Review) -> bool:
    """The doctor who is reviewed, while readers see both; no verification is needed to defend oneself."""
    return user.is_authenticated and user.pk == review.doctor.user_id and review.is_public and may_write(user)


def may_change_reply(user: Viewer, reply: ReviewReply) -> bool:
    return user.pk == reply.author_user_id() and reply.state in (*CHANGEABLE, State.WITHDRAWN)
