"""What doctors are told about their profile and their credentials."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.enums import Rhythm
from accounts.notifications import (
    MODERATION,
    YOUR_PROFILE,
    YOUR_REVIEWS,
    Kind,
    public,
    register,
    register_decisions,
)
from core.enums import State
from doctors.enums import Standing
from doctors.models import verified_today

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHECKS = "Your credentials are checked, or a check of them runs out"
TOPIC = "credentials"
# How many days before something ends its doctor is told.
AHEAD = (60, 30, 7)

register_decisions(
    "profile",
    "profile",
    topic="profile-decided",
    label="A moderator decides about your profile",
    group=YOUR_PROFILE,
)
register_decisions(
    "profile-edit",
    "edit of a profile",
    topic="profile-decided",
    label="A moderator decides about your profile",
    group=YOUR_PROFILE,
    related=("doctor",),
)
register_decisions(
    "portrait",
    "portrait",
    topic="profile-decided",
    label="A moderator decides about your profile",
    group=YOUR_PROFILE,
    related=("doctor",),
)
register_decisions(
    "claim",
    "claim to a profile",
    topic="profile-decided",
    label="A moderator decides about your profile",
    group=YOUR_PROFILE,
    related=("doctor",),
)
register_decisions(
    "case",
    "case",
    topic="case-decided",
    label="A moderator decides about a case of yours",
    group=YOUR_PROFILE,
    name_of=lambda case: f"Case {case.pk}",
)


def _verified(doctors: QuerySet) -> QuerySet:
    return doctors.filter(verified_today(""))


def _not_verified(doctors: QuerySet) -> QuerySet:
    return doctors.exclude(standing=Standing.VERIFIED)


def run_out(doctors: QuerySet) -> QuerySet:
    """Whose verification was good and ended by itself."""
    return doctors.filter(standing=Standing.VERIFIED, verified_until__lt=timezone.localdate())


def due_soon(credentials: QuerySet) -> QuerySet:
    """What ends, or is looked at again, within the time for which doctors are told beforehand."""
    today = timezone.localdate()
    return _in_force(credentials).filter(due_on__range=(today, today + timedelta(days=max(AHEAD))))


def overdue(credentials: QuerySet) -> QuerySet:
    """What ended while the profile as a whole is still verified; of the rest, the profile is spoken of."""
    return _in_force(credentials).filter(verified_today("doctor__"), due_on__lt=timezone.localdate())


def _in_force(credentials: QuerySet) -> QuerySet:
    return credentials.filter(doctor__state=State.PUBLISHED, doctor__standing=Standing.VERIFIED)


VERIFIED = register(
    Kind(
        "credentials-verified",
        CHECKS,
        Rhythm.AT_ONCE,
        "Your credentials are verified",
        "notifications/verified.txt",
        _verified,
        TOPIC,
        YOUR_PROFILE,
    )
)
NOT_VERIFIED = register(
    Kind(
        "credentials-not-verified",
        CHECKS,
        Rhythm.AT_ONCE,
        "Your credentials were checked",
        "notifications/not_verified.txt",
        _not_verified,
        TOPIC,
        YOUR_PROFILE,
    )
)
DUE_SOON = register(
    Kind(
        "credential-due-soon",
        CHECKS,
        Rhythm.AT_ONCE,
        "One of your credentials is to be renewed",
        "notifications/credential_due_soon.txt",
        due_soon,
        TOPIC,
        YOUR_PROFILE,
    )
)
DUE_NOW = register(
    Kind(
        "credential-run-out",
        CHECKS,
        Rhythm.AT_ONCE,
        "One of your credentials has run out",
        "notifications/credential_run_out.txt",
        overdue,
        TOPIC,
        YOUR_PROFILE,
    )
)
RUN_OUT = register(
    Kind(
        "credentials-run-out",
        CHECKS,
        Rhythm.AT_ONCE,
        "The check of your credentials has run out",
        "notifications/run_out.txt",
        run_out,
        TOPIC,
        YOUR_PROFILE,
    )
)


def consents_due_soon(consents: QuerySet) -> QuerySet:
    """What cases rest on and ends within the time for which doctors are told beforehand."""
    today = timezone.localdate()
    ends = consents.in_force().filter(until__lte=today + timedelta(days=max(AHEAD)))  # type: ignore[attr-defined]
    return ends.filter(renewals=None)


CONSENT_TOPIC, CONSENTS = "consents", "What a person in your pictures agreed to changes, or ends"
CONSENT_CHANGED = register(
    Kind(
        "consent-changed",
        CONSENTS,
        Rhythm.AT_ONCE,
        "A person in your pictures has decided something",
        "notifications/consent_changed.txt",
        topic=CONSENT_TOPIC,
        group=YOUR_PROFILE,
    )
)
CONSENT_DUE_SOON = register(
    Kind(
        "consent-due-soon",
        CONSENTS,
        Rhythm.AT_ONCE,
        "A consent of a person in your pictures ends soon",
        "notifications/consent_due_soon.txt",
        consents_due_soon,
        CONSENT_TOPIC,
        YOUR_PROFILE,
    )
)
CONSENT_REVOKED = register(
    Kind(
        "consent-revoked",
        "A person in pictures takes their consent back",
        Rhythm.DAILY,
        "A case is gone because the person in it took their consent back",
        "notifications/consent_revoked.txt",
        group=MODERATION,
        name_of=lambda case: f"Case {case.pk}",
    )
)
REVIEW_DECIDED = "A moderator decides about your review"
register_decisions(
    "review",
    "review",
    topic="review-decided",
    label=REVIEW_DECIDED,
    group=YOUR_REVIEWS,
    related=("review__doctor", "review__treatment"),
)
register_decisions(
    "visit-proof",
    "proof of a visit",
    topic="review-decided",
    label=REVIEW_DECIDED,
    group=YOUR_REVIEWS,
    related=("review__doctor", "review__treatment"),
)
register_decisions(
    "review-reply",
    "reply to a review",
    topic="review-reply-decided",
    label="A moderator decides about your reply to a review",
    group=YOUR_PROFILE,
)


def _may_go_on(reviews: QuerySet) -> QuerySet:
    """Readers see it, and nothing of it is with a moderator."""
    return public(reviews).exclude(entries__state__in=[State.DRAFT, State.PENDING])


REVIEWED = register(
    Kind(
        "reviewed",
        "Somebody reviews you",
        Rhythm.DAILY,
        "There is something new to read about you",
        "notifications/reviewed.txt",
        public,
        group=YOUR_PROFILE,
        name_of=lambda _: "",
    )
)
REPLIED = register(
    Kind(
        "review-replied",
        "The doctor replies to your review",
        Rhythm.DAILY,
        "There is a reply to what you wrote",
        "notifications/review_replied.txt",
        public,
        group=YOUR_REVIEWS,
        name_of=lambda _: "",
    )
)
HOW_IS_IT = register(
    Kind(
        "how-is-it",
        "We ask how it is by now: after 14, 90 and 365 days",
        Rhythm.AT_ONCE,
        "How is it by now?",
        "notifications/how_is_it.txt",
        _may_go_on,
        group=YOUR_REVIEWS,
        related=("doctor", "treatment"),
    )
)
