"""What doctors are told about their profile and their credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.enums import Rhythm
from accounts.notifications import YOUR_PROFILE, Kind, register, register_decisions
from doctors.enums import Standing
from doctors.models import verified_today

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHECKS = "Your credentials are checked, or a check of them runs out"
TOPIC = "credentials"

register_decisions(
    "profile",
    "profile",
    topic="profile-decided",
    label="A moderator decides about your profile",
    group=YOUR_PROFILE,
)


def _verified(doctors: QuerySet) -> QuerySet:
    return doctors.filter(verified_today(""))


def _not_verified(doctors: QuerySet) -> QuerySet:
    return doctors.exclude(standing=Standing.VERIFIED)


def run_out(doctors: QuerySet) -> QuerySet:
    """Whose verification was good and ended by itself."""
    return doctors.filter(standing=Standing.VERIFIED, verified_until__lt=timezone.localdate())


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
