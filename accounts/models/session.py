"""Where somebody is signed in."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class Session(AbstractBaseSession):
    """One browser. Its row is the session: without the row the cookie is worth nothing.

    Kept for the list of one's own: what kind of device, since when, last used. No network address.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, related_name="sessions"
    )
    device = models.CharField(max_length=60, blank=True, editable=False)
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore

    @property
    def name(self) -> str:
        """What a page may call it: the key itself would be as good as its cookie."""
        return salted_hmac("accounts.session", self.session_key).hexdigest()[:16]
