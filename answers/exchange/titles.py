"""Titles that are longer than a title may be: shortened, with the whole at the head of the body."""

from __future__ import annotations

import html
import re
from typing import Any

from answers.exchange.fields import Refused, written_line
from core.enums import BodyFormat
from core.text import MAX_BODY
from questions.models import IMPORTED_TITLE_LENGTH

SHORTENED = f"title shortened to {IMPORTED_TITLE_LENGTH} characters; the whole stands at the head of the body"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def is_long(title: str) -> bool:
    return len(title) > IMPORTED_TITLE_LENGTH


def fit_title(text: dict[str, Any]) -> None:
    """Bring title and body of ``text`` within their limits without losing a word; raises :class:`Refused`."""
    title = text["title"]
    if not is_long(title):
        return
    whole = _as_source(title, text["body_format"])
    text["body"] = f"{whole}\n\n{text['body']}".rstrip()
    if len(text["body"]) > MAX_BODY:
        raise Refused(f"title and body are longer than {MAX_BODY:,} characters together")
    head = title[: IMPORTED_TITLE_LENGTH - 1]
    text["title"] = (head.rsplit(" ", 1)[0] if " " in head else head).rstrip() + "…"


def _as_source(title: str, body_format: str) -> str:
    """The title as a paragraph of the given format, with nothing in it read as markup."""
    if body_format == BodyFormat.HTML:
        return f"<p>{html.escape(title, quote=False)}</p>"
    if body_format == BodyFormat.MARKDOWN:
        return _PUNCTUATION.sub(r"\\\1", title)
    return written_line(title) or ""
