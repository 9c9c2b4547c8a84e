"""How several texts of one doctor become one, with nothing of them lost."""

from __future__ import annotations

from typing import Any

from answers.exchange.fields import Refused
from answers.validators import MAX_CITATIONS
from core.enums import BodyFormat
from core.text import MAX_BODY, render

POSITION = ("stance", "reason", "confidence", "summary")


def joined_texts(texts: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of ``AnswerText`` for the texts in order. The latest stance is the one that is held."""
    formats = {text["body_format"] for text in texts}
    body_format = formats.pop() if len(formats) == 1 else BodyFormat.HTML
    sources = [text["body" if text["body_format"] == body_format else "body_html"] for text in texts]
    body = "\n\n".join(sources)
    if len(body) > MAX_BODY:
        raise Refused(f"the answers of one doctor are longer than {MAX_BODY:,} characters together")
    latest = next((text for text in reversed(texts) if text["stance"]), texts[-1])
    conflicts = [text["conflict_of_interest"] for text in texts if text["conflict_of_interest"]]
    return {
        **{name: latest[name] for name in POSITION},
        "body": body,
        "body_format": body_format,
        "body_html": render(body, body_format),
        "citations": _all_cited(texts),
        "conflict_of_interest": conflicts[-1] if conflicts else "",
    }


def _all_cited(texts: list[dict[str, Any]]) -> list[dict[str, str]]:
    cited = {(c["kind"], c["value"]): c for text in texts for c in text["citations"]}
    if len(cited) > MAX_CITATIONS:
        raise Refused(f"the answers of one doctor cite more than {MAX_CITATIONS} sources together")
    return list(cited.values())
