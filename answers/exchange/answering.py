"""The answers of one line. Several by one doctor become one, joined in the order given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from answers.enums import Confidence, Reason, Stance
from answers.exchange import fields
from answers.exchange.fields import Refused
from answers.exchange.joining import joined_texts
from answers.exchange.people import IncomingDoctor, read_credentials, read_doctor
from answers.exchange.seconding import IncomingOpinion, kept_of, read_opinions
from answers.exchange.versions import IncomingVersion, read_versions
from answers.models import SUMMARY_LENGTH
from answers.validators import validate_citations
from core.enums import BodyFormat
from core.text import clean_line, render

STANCES, REASONS, CONFIDENCES = tuple(Stance.values), tuple(Reason.values), tuple(Confidence.values)
FORMATS = tuple(BodyFormat.values)
CONFLICT_LENGTH = 500
TEXT_KEYS = (
    "stance",
    "reason",
    "confidence",
    "summary",
    "body",
    "body_format",
    "citations",
    "conflict_of_interest",
)


@dataclass(slots=True)
class IncomingAnswer:
    """``ids`` are all the names it had elsewhere; ``text`` holds the fields of ``AnswerText``."""

    ids: list[str]
    doctor: IncomingDoctor
    text: dict[str, Any]
    answered_at: datetime | None
    helpful_count: int
    accepted: bool
    snapshot: dict[str, Any]
    versions: list[IncomingVersion]
    opinions: list[IncomingOpinion]


def read_answers(given: list[dict[str, Any]], *, thread_id: str) -> list[IncomingAnswer]:
    """One answer per doctor, in the order in which the doctors first speak."""
    read: list[IncomingAnswer] = []
    for number, data in enumerate(given, 1):
        if is_blank(data):
            continue
        try:
            read.append(_read_answer(data))
        except Refused as refusal:
            raise Refused(f"answer {number}: {refusal}") from refusal
    _name_the_nameless(read, thread_id)
    by_doctor: dict[tuple[str, str, str], list[IncomingAnswer]] = {}
    for answer in read:
        by_doctor.setdefault(answer.doctor.key, []).append(answer)
    answers = [_joined(group) for group in by_doctor.values()]
    if sum(answer.accepted for answer in answers) > 1:
        raise Refused("more than one answer is accepted")
    return answers


def is_blank(data: dict[str, Any]) -> bool:
    """An answer that was given with no words in it: left out, and said so. One without a body is refused."""
    return isinstance(data.get("body"), str) and not data["body"].strip()


def _read_answer(data: dict[str, Any]) -> IncomingAnswer:
    first = fields.identifier(data)
    text = read_text(data)
    doctor = read_doctor(data)
    snapshot = read_credentials(data)
    return IncomingAnswer(
        ids=[first, *_joined_ids(data)],
        doctor=doctor,
        text=text,
        answered_at=fields.moment(data, "answered_at"),
        helpful_count=fields.count(data, "helpful_count"),
        accepted=fields.flag(data, "accepted"),
        snapshot=doctor.snapshot() if snapshot is None else snapshot,
        versions=read_versions(
            data, keys=TEXT_KEYS, read=read_text, current=text, read_snapshot=read_credentials
        ),
        opinions=kept_of(read_opinions(data), author=doctor),
    )


def read_text(data: dict[str, Any]) -> dict[str, Any]:
    source = fields.body(data)
    if not source:
        raise Refused("body is missing")
    body_format = fields.choice(data, "body_format", FORMATS, default=BodyFormat.TEXT)
    return {
        "stance": fields.choice(data, "stance", STANCES),
        "reason": fields.choice(data, "reason", REASONS),
        "confidence": fields.choice(data, "confidence", CONFIDENCES),
        "summary": fields.line(data, "summary", limit=SUMMARY_LENGTH),
        "body": source,
        "body_format": body_format,
        "body_html": render(source, body_format),
        "citations": _citations(data.get("citations")),
        "conflict_of_interest": fields.line(data, "conflict_of_interest", limit=CONFLICT_LENGTH),
    }


def _citations(given: Any) -> list[dict[str, str]]:
    if not given:
        return []
    try:
        validate_citations(given)
    except ValidationError as error:
        raise Refused(f"citations: {error.messages[0]}") from error
    if any(clean_line(value) != value for citation in given for value in citation.values()):
        raise Refused("citations: invisible characters or space around a value")
    return given


def _joined_ids(data: dict[str, Any]) -> list[str]:
    given = data.get("joined_ids") or []
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise Refused("joined_ids is not a list of ids")
    return [fields.fit_id(name, "a joined id") for name in given]


def _name_the_nameless(answers: list[IncomingAnswer], thread_id: str) -> None:
    """Give answers without an id the next free ``<thread>-a<n>``; refuse an id that occurs twice."""
    taken = [name for answer in answers for name in answer.ids if name]
    known = set(taken)
    if len(known) < len(taken):
        raise Refused("an answer id occurs twice in this thread")
    number = 0
    for answer in answers:
        while not answer.ids[0]:
            number += 1
            if (name := f"{thread_id}-a{number}") not in known:
                answer.ids[0] = name


def _joined(group: list[IncomingAnswer]) -> IncomingAnswer:
    """One answer of them all: texts in order, the latest position, votes and dates of all."""
    if len(group) == 1:
        return group[0]
    return IncomingAnswer(
        ids=[name for answer in group for name in answer.ids],
        doctor=group[0].doctor,
        text=joined_texts([answer.text for answer in group]),
        answered_at=min((a.answered_at for a in group if a.answered_at), default=None),
        helpful_count=min(sum(answer.helpful_count for answer in group), fields.MAX_COUNT),
        accepted=any(answer.accepted for answer in group),
        snapshot=group[0].snapshot,
        versions=[],
        opinions=kept_of(
            [opinion for answer in group for opinion in answer.opinions], author=group[0].doctor
        ),
    )
