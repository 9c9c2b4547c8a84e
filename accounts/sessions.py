"""Where the sessions of the site are kept: in rows that know whose they are, and end by being deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import Session

BEGAN, DEVICE = "began", "device"
# The first that fits: most browsers claim to be others as well.
BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|Chromium/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPad", "an iPad"),
    (r"iPhone|iPod", "an iPhone"),
    (r"Android.+Mobile", "an Android phone"),
    (r"Android", "an Android tablet"),
    (r"CrOS", "a Chromebook"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "a Mac"),
    (r"Linux|X11", "Linux"),
)


def device_words(user_agent: str) -> str:
    """“Firefox on Windows”: enough to know one's own devices by, and no more of the header is kept."""
    browser = _first(BROWSERS, user_agent) or "A browser"
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(kinds: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((word for pattern, word in kinds if re.search(pattern, text)), None)


class SessionStore(DatabaseStore):
    """Django's, in our table. When it was last used is noted beside its content, which stays as it is.

    Saving the content would lengthen the life of the cookie.
    """

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast("Session", super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        if BEGAN in data:
            row.began_at = datetime.fromtimestamp(data[BEGAN], UTC)
        return row

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = row.seen_at if row else None
        return row

    def note_use(self) -> None:
        self.seen_at = timezone.now()
        Session.objects.filter(pk=self.session_key).update(seen_at=self.seen_at)
