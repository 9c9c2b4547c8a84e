"""What people agree to, word for word and version by version, and the verbs that keep who agreed when.

A text that has been shown is never edited here: another version goes on top, and people are asked again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Purpose
from accounts.models import Consent, User


@dataclass(frozen=True)
class Text:
    version: int
    since: date
    words: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.words.encode()).hexdigest()


# The newest first.
TEXTS: dict[Purpose, tuple[Text, ...]] = {
    Purpose.ADULT: (Text(1, date(2026, 11, 1), "I am 18 or older"),),
    Purpose.ACCOUNT: (
        Text(
            1,
            date(2026, 11, 27),
            "By signing up you agree that Candor keeps your e-mail address, your handle and what you write here, "
            "for the purposes and as long as the page “What we keep” says.",
        ),
    ),
    Purpose.HEALTH: (
        Text(
            1,
            date(2026, 11, 27),
            "I agree that what I write here about my health is read by moderators and, once they approve it, "
            "published for anybody to read.",
        ),
    ),
}
# What one may take back and still have an account.
WITHDRAWABLE = (Purpose.HEALTH,)


def text_of(purpose: Purpose, version: int | None = None) -> Text:
    """The text people agree to now, or the one of that version."""
    return next(text for text in TEXTS[purpose] if version in (None, text.version))


def asks_again(user: User) -> bool:
    """Whether somebody agreed to an account under a text that is not the newest."""
    standing = Consent.objects.standing().filter(user=user, purpose=Purpose.ACCOUNT)
    return standing.exclude(version=text_of(Purpose.ACCOUNT).version).exists()


def agree_by_signing_up(user: User) -> None:
    for purpose in (Purpose.ADULT, Purpose.ACCOUNT):
        agree(user=user, purpose=purpose)


def agree(*, user: User, purpose: Purpose) -> Consent:
    """Keep that somebody agrees to the text of now; once for each version until it is taken back."""
    text = text_of(purpose)
    with transaction.atomic():
        standing = Consent.objects.standing().select_for_update().filter(user=user, purpose=purpose).first()
        if standing is not None and standing.version == text.version:
            return standing
        if standing is not None:
            _end(standing)
        return _keep(user, purpose, text)


def _keep(user: User, purpose: Purpose, text: Text) -> Consent:
    """Two forms sent at once agree once."""
    try:
        with transaction.atomic():
            return Consent.objects.create(
                user=user, purpose=purpose, version=text.version, sha256=text.sha256
            )
    except IntegrityError:
        return Consent.objects.standing().get(user=user, purpose=purpose)


def withdraw(*, user: User, purpose: Purpose) -> bool:
    """Take back what was agreed to; whether anything stood."""
    if purpose not in WITHDRAWABLE:
        raise ValueError("Without this there is no account: erase it instead.")
    with transaction.atomic():
        standing = Consent.objects.standing().select_for_update().filter(user=user, purpose=purpose).first()
        if standing is not None:
            _end(standing)
    return standing is not None


def _end(consent: Consent) -> None:
    consent.withdrawn_at = timezone.now()
    consent.save(update_fields=["withdrawn_at"])
