"""One value of a line: of the right kind, cleaned, within its limit, or refused with a reason.

What is empty or absent comes back empty; the callers say what is required. Nothing is cut silently.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.text import MAX_BODY, clean_body, clean_line

# Stands for a text of which nothing visible is left, so that what was there is not taken for nothing.
NOTHING_VISIBLE = "\ufffd"
MAX_ID = 200
MAX_THREAD_ID = 160  # leaves room for the ids that are derived for its answers
MAX_COUNT = 2**31 - 1
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(minutes=10)
_UNFIT_FOR_ID = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)


class Refused(ValueError):
    """Why a line is not taken, in words that fit after its number."""


def identifier(data: dict[str, Any], name: str = "id", *, limit: int = MAX_ID) -> str:
    """An id as it was given: ids are compared, never tidied."""
    value = data.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise Refused(f"{name} is not text")
    return fit_id(value, name, limit=limit)


def fit_id(value: str, name: str, *, limit: int = MAX_ID) -> str:
    if len(value) > limit:
        raise Refused(f"{name} is longer than {limit} characters")
    if _UNFIT_FOR_ID.search(value) or value != value.strip() or not value:
        raise Refused(f"{name} has invisible characters or space around it")
    return value


def line(data: dict[str, Any], name: str, *, limit: int) -> str:
    """One line of text. HTML entities are decoded once: real exports are full of them."""
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"{name} is not text")
    return fit_line(value, name, limit=limit)


def fit_line(value: str, name: str, *, limit: int) -> str:
    # Twice: taking out a zero-width character can bring two others together that compose.
    decoded = html.unescape(value) if "&" in value else value
    cleaned = clean_line(clean_line(decoded))
    if not cleaned and decoded.strip():
        return NOTHING_VISIBLE
    if len(cleaned) > limit:
        raise Refused(f"{name} is longer than {limit} characters")
    return cleaned


def written_line(value: str) -> str | None:
    """The inverse of :func:`line` for an export; ``None`` for an empty one."""
    if "&" in value and html.unescape(value) != value:
        value = value.replace("&", "&amp;")
    return value or None


def body(data: dict[str, Any], name: str = "body") -> str:
    """The source of a long text, cleaned; its entities are decoded where it is rendered."""
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"{name} is not text")
    cleaned = clean_body(value)
    if len(cleaned) > MAX_BODY:
        raise Refused(f"{name} is longer than {MAX_BODY:,} characters")
    return cleaned or (NOTHING_VISIBLE if value.strip() else "")


def choice(data: dict[str, Any], name: str, values: Collection[str], *, default: str = "") -> str:
    """One of ``values``, a plain tuple: an enum's own list is built anew each time it is asked."""
    value = data.get(name)
    if value is None or value == "":
        return default
    if not isinstance(value, str) or value not in values:
        raise Refused(f"{name} is none of {', '.join(values)}")
    return value


def count(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if value is None:
        return 0
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise Refused(f"{name} is not a count")
    return value


def flag(data: dict[str, Any], name: str) -> bool:
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise Refused(f"{name} is neither true nor false")
    return bool(value)


def moment(data: dict[str, Any], name: str) -> datetime | None:
    """An ISO 8601 date and time in UTC; without a zone it is read as UTC."""
    value = data.get(name)
    if value is None:
        return None
    try:
        given = datetime.fromisoformat(value)
        at = given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(f"{name} is not a date") from error
    if at < EARLIEST:
        raise Refused(f"{name} is before {EARLIEST.year}")
    if at > timezone.now() + CLOCKS_DIFFER:
        raise Refused(f"{name} is in the future")
    return at


def written_moment(at: datetime | None) -> str | None:
    """The inverse of :func:`moment`: UTC, as precise as need be."""
    if at is None:
        return None
    if at.microsecond == 0:
        precision = "seconds"
    else:
        precision = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def address(data: dict[str, Any], name: str, *, limit: int = 500) -> str:
    """An http(s) address; anything else could run when it is followed."""
    value = data.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value) or _UNFIT_FOR_ID.search(value):
        raise Refused(f"{name} is not an http or https address")
    if len(value) > limit:
        raise Refused(f"{name} is longer than {limit} characters")
    return value


def objects(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused(f"{name} is not a list of objects")
    return value


def mapping(data: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = data.get(name)
    if value is not None and not isinstance(value, dict):
        raise Refused(f"{name} is not an object")
    return value
