"""One line as one checked thread. What is wrong with it is said as :class:`.fields.Refused`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from answers.exchange import fields
from answers.exchange.answering import IncomingAnswer, is_blank, read_answers
from answers.exchange.fields import Refused
from answers.exchange.titles import SHORTENED, fit_title, is_long
from answers.exchange.versions import IncomingVersion, read_versions
from core.enums import BodyFormat
from core.text import MAX_BODY, render
from questions.enums import AgeBand, Stage

FORMATS = tuple(BodyFormat.values)
STAGES, AGE_BANDS = tuple(Stage.values), tuple(AgeBand.values)
ALIAS_LENGTH = 40
PLACE_LENGTH = 80
NAME_LENGTH = 120
MAX_TREATMENTS = 50
TEXT_KEYS = ("title", "body", "body_format")


@dataclass(slots=True)
class IncomingThread:
    """A question with its answers. ``text``: the fields of ``QuestionText``; ``note``: for the report."""

    id: str
    digest: str
    text: dict[str, Any]
    alias: str
    place: str
    asked_at: datetime | None
    treatments: list[str]
    use: str
    stage: str
    age_band: str
    source_url: str
    answers: list[IncomingAnswer]
    versions: list[IncomingVersion]
    note: str

    def answer_ids(self) -> list[str]:
        return [external_id for answer in self.answers for external_id in answer.ids]

    def dated(self, now: datetime) -> datetime:
        """When it was asked; where nobody said, when it was first answered; else now."""
        return self.asked_at or min((a.answered_at for a in self.answers if a.answered_at), default=now)


def digest_of(data: dict[str, Any]) -> str:
    """The same for the same JSON, whatever its spacing and the order of its keys."""
    packed = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


def read_thread(data: dict[str, Any]) -> IncomingThread:
    """Check everything that can be checked without looking at the database."""
    thread_id = fields.identifier(data, limit=fields.MAX_THREAD_ID)
    if not thread_id:
        raise Refused("id is missing")
    text = read_text(data)
    answers = read_answers(fields.objects(data, "answers"), thread_id=thread_id)
    if data.get("body") is None and not answers:
        raise Refused("neither a body nor an answer")
    asker = fields.mapping(data, "asker") or {}
    return IncomingThread(
        id=thread_id,
        digest=digest_of(data),
        text=text,
        alias=fields.line(asker, "alias", limit=ALIAS_LENGTH),
        place=fields.line(asker, "place", limit=PLACE_LENGTH),
        asked_at=fields.moment(data, "asked_at"),
        treatments=_treatments(data),
        use=fields.line(data, "use", limit=NAME_LENGTH),
        stage=fields.choice(data, "stage", STAGES),
        age_band=fields.choice(data, "age_band", AGE_BANDS),
        source_url=fields.address(data, "source_url"),
        answers=answers,
        versions=read_versions(data, keys=TEXT_KEYS, read=read_text, current=text),
        note=_note(data, answers),
    )


def read_text(data: dict[str, Any]) -> dict[str, Any]:
    text = {
        "title": _title(data),
        "body": fields.body(data),
        "body_format": fields.choice(data, "body_format", FORMATS, default=BodyFormat.TEXT),
    }
    fit_title(text)
    return text | {"body_html": render(text["body"], text["body_format"])}


def _title(data: dict[str, Any]) -> str:
    title = fields.line(data, "title", limit=MAX_BODY)
    if not title:
        raise Refused("title is missing")
    return title


def _note(data: dict[str, Any], answers: list[IncomingAnswer]) -> str:
    """What was done to the line on its way in."""
    given = fields.objects(data, "answers")
    blank = [str(number) for number, item in enumerate(given, 1) if is_blank(item)]
    notes = [SHORTENED] if is_long(_title(data)) else []
    notes += [f"left out, being empty: answer {', '.join(blank)}"] if blank else []
    opinions = sum(len(fields.objects(item, "second_opinions")) for item in given if not is_blank(item))
    more = opinions - sum(len(answer.opinions) for answer in answers)
    notes += [f"second opinions left out, being by somebody who speaks there already: {more}"] if more else []
    return "; ".join(notes)


def _treatments(data: dict[str, Any]) -> list[str]:
    given = data.get("treatments")
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise Refused("treatments is not a list of names")
    if len(given) > MAX_TREATMENTS:
        raise Refused(f"more than {MAX_TREATMENTS} treatments")
    names = [fields.fit_line(name, "a treatment", limit=NAME_LENGTH) for name in given]
    if not all(names):
        raise Refused("a treatment is blank")
    return names
