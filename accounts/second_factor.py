"""The second factor: how allauth's behaves here, who needs one, and whether it was used in this session."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

import qrcode
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.models import User
from core.audit import record

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# Recovery codes stand in for one of these; they are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_needed_by(user: User) -> bool:
    """Whoever decides about others' texts, or speaks as a doctor."""
    return settings.SECOND_FACTOR and (user.is_staff or user.is_doctor)


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def was_used(request: HttpRequest) -> bool:
    """Whether this session, not some other one of the same person, has seen the second factor."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return any(entry["method"] == "mfa" for entry in records)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or it was used already. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        """A copy of the database is no second factor: without ``SECRET_KEY`` it cannot be read."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> SafeString:
        """The square for the app as markup for the page, since pictures in addresses are not allowed here.

        Dark on light in both themes: not every app reads the reverse.
        """
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        squares = "".join(
            f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return format_html(
            '<svg role="img" aria-label="Code for your authenticator app; the key below says the same" '
            'viewBox="0 0 {0} {0}" width="240" height="240" shape-rendering="crispEdges">'
            '<path fill="white" d="M0,0h{0}v{0}h-{0}z"/><path fill="black" d="{1}"/></svg>',
            len(rows),
            squares,
        )

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Security key {number}"

    def _get_site_name(self) -> str:
        return settings.SITE_NAME


def _box() -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(f"second factor:{settings.SECRET_KEY}".encode()).digest())
    )


def keep_in_trail(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Who sets one up has just used it."""
    record(actor=user, action="set up second factor", obj=user, reason=authenticator.get_type_display())
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def keep_removal_in_trail(sender: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    record(actor=user, action="remove second factor", obj=user, reason=authenticator.get_type_display())
