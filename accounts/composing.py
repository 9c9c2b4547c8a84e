"""What a letter says: that there is something, never what it is about, and the way out of such letters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.enums import Rhythm
from accounts.models import Letter, Notification, User
from accounts.notifications import KINDS

# Of what a digest holds, so much is named; the rest stands on the site.
NAMED = 20
DIGESTS = {str(Rhythm.DAILY): "Your daily summary", str(Rhythm.WEEKLY): "Your weekly summary"}
_SIGNER = signing.Signer(salt="accounts.unsubscribe")


def unsubscribe_token(user_pk: int, topic: str) -> str:
    """What the address in a mail carries; it needs no sign-in and has no end."""
    return _SIGNER.sign_object([user_pk, topic])


def read_token(token: str) -> tuple[User, str] | None:
    """Whose mail about what; ``None`` for anything we did not write, and once the account is gone."""
    try:
        pk, topic = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, UnicodeError):
        return None
    user = User.objects.filter(pk=pk).first()
    return (user, topic) if user else None


def message_id(letter: Letter) -> str:
    """The same whenever this letter is sent, so that a mailbox that got it twice can tell."""
    host = urlsplit(settings.SITE_ORIGIN).hostname or "candor.invalid"
    return f"<{hashlib.sha256(f'{letter.to_id} {letter.key}'.encode()).hexdigest()[:40]}@{host}>"


def message_of(letter: Letter, rows: Sequence[Notification]) -> EmailMultiAlternatives:
    """Text and HTML, with the headers by which mail programs offer one click out of it (RFC 8058)."""
    out = settings.SITE_ORIGIN + reverse(
        "accounts:unsubscribe", args=[unsubscribe_token(letter.to_id, letter.topic)]
    )
    subject = DIGESTS.get(letter.topic) or KINDS[rows[0].kind].subject
    lines = _lines(rows)
    context = {
        "site_name": settings.SITE_NAME,
        "site_origin": settings.SITE_ORIGIN,
        "subject": subject,
        "items": [_item(row, is_alone=letter.topic not in DIGESTS) for row in lines[:NAMED]],
        "more": max(len(lines) - NAMED, 0),
        "is_digest": letter.topic in DIGESTS,
        "out": out,
    }
    message = EmailMultiAlternatives(
        subject=f"{settings.SITE_NAME}: {subject}",
        body=render_to_string("notifications/email/letter.txt", context),
        to=[letter.to.email],
        headers={
            "Message-ID": message_id(letter),
            "List-Unsubscribe": f"<{out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("notifications/email/letter.html", context), "text/html")
    return message


def _lines(rows: Sequence[Notification]) -> list[Notification]:
    """What a letter names: of a kind that is said in one line, the latest alone."""
    lines = {row.kind if KINDS[row.kind].in_one_line else row.pk: row for row in reversed(rows)}
    return list(lines.values())[::-1]


def _item(row: Any, *, is_alone: bool) -> dict[str, str]:
    """In a summary the line alone, except for those who cannot read the rest on the site."""
    kind = KINDS[row.kind]
    is_explained = is_alone or kind.reaches_closed
    return {
        "said": kind.subject,
        "sentence": render_to_string(kind.template, {"about": row.about}).strip() if is_explained else "",
        "url": settings.SITE_ORIGIN + reverse("accounts:notification", args=[row.pk]),
    }
