"""The second opinions on an answer: co-signatures and disputes, as an export of this site gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from answers.enums import OpinionKind, Reason, Stance
from answers.exchange import fields
from answers.exchange.fields import Refused
from answers.exchange.people import IncomingDoctor, read_credentials, read_doctor
from answers.exchange.versions import MAX_NUMBER
from answers.models import SUMMARY_LENGTH

KINDS, STANCES, REASONS = tuple(OpinionKind.values), tuple(Stance.values), tuple(Reason.values)


@dataclass(slots=True)
class IncomingOpinion:
    """``said`` holds the fields of ``SecondOpinion`` that its author chose."""

    doctor: IncomingDoctor
    said: dict[str, Any]
    published_at: datetime
    snapshot: dict[str, Any]


def read_opinions(data: dict[str, Any]) -> list[IncomingOpinion]:
    """Those given with an answer, in their order."""
    read = []
    for number, given in enumerate(fields.objects(data, "second_opinions"), 1):
        try:
            read.append(_read(given))
        except Refused as refusal:
            raise Refused(f"second opinion {number}: {refusal}") from refusal
    return read


def kept_of(opinions: Iterable[IncomingOpinion], *, author: IncomingDoctor) -> list[IncomingOpinion]:
    """One per doctor, the latest; none by the author of the answer, who may bear the name of another here."""
    latest: dict[tuple[str, str, str], IncomingOpinion] = {}
    for opinion in opinions:
        before = latest.get(opinion.doctor.key)
        if before is None or opinion.published_at >= before.published_at:
            latest[opinion.doctor.key] = opinion
    return [opinion for key, opinion in latest.items() if key != author.key]


def _read(given: dict[str, Any]) -> IncomingOpinion:
    doctor, published_at = read_doctor(given), fields.moment(given, "published_at")
    said: dict[str, Any] = {
        "kind": fields.choice(given, "kind", KINDS),
        "stance": fields.choice(given, "stance", STANCES),
        "reason": fields.choice(given, "reason", REASONS),
        "note": fields.line(given, "note", limit=SUMMARY_LENGTH),
        "about_number": fields.count(given, "about_number") or 1,
    }
    if not (said["kind"] and said["stance"] and published_at):
        raise Refused("kind, stance or published_at is missing")
    if said["kind"] == OpinionKind.DISPUTE and not (said["reason"] and said["note"]):
        raise Refused("a dispute needs a reason and a note")
    if said["about_number"] > MAX_NUMBER:
        raise Refused("about_number is not the number of a version")
    snapshot = read_credentials(given)
    return IncomingOpinion(doctor, said, published_at, doctor.snapshot() if snapshot is None else snapshot)
