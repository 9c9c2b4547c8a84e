"""Who wrote a text of a line, and what was shown of them beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from answers.exchange import fields
from answers.exchange.fields import Refused
from doctors.enums import StandingNow

CREDENTIAL_LENGTH = 300
CREDENTIALS = ("name", "title", "specialty", "board", "place", "country", "licence", "standing", "checked_on")


@dataclass(slots=True, frozen=True)
class IncomingDoctor:
    name: str
    title: str
    specialty: str
    city: str
    region: str
    country: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes an imported profile one and the same."""
        return self.name, self.title, self.city

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.region, self.country) if part)

    def snapshot(self) -> dict[str, Any]:
        """What the line says of its author, shaped as ``Doctor.snapshot()``; nothing of it is verified."""
        return {
            "name": self.name,
            "title": self.title,
            "specialty": self.specialty,
            "board": "",
            "place": self.place,
            "country": self.country,
            "licence": "",
            "standing": StandingNow.UNVERIFIED.value,
            "checked_on": None,
        }


def read_doctor(data: dict[str, Any]) -> IncomingDoctor:
    given = fields.mapping(data, "doctor")
    if given is None:
        raise Refused("doctor is missing")
    doctor = IncomingDoctor(
        name=fields.line(given, "name", limit=120),
        title=fields.line(given, "title", limit=60),
        specialty=fields.line(given, "specialty", limit=120),
        city=fields.line(given, "city", limit=80),
        region=fields.line(given, "region", limit=80),
        country=fields.line(given, "country", limit=2).upper(),
    )
    if not doctor.name:
        raise Refused("the doctor has no name")
    return doctor


def read_credentials(data: dict[str, Any]) -> dict[str, Any] | None:
    """What was shown of the author when the text was published; it says nothing of today's standing."""
    given = fields.mapping(data, "credentials")
    if given is None:
        return None
    kept: dict[str, Any] = {
        name: fields.line(given, name, limit=CREDENTIAL_LENGTH) for name in CREDENTIALS if name in given
    }
    if kept.get("standing", "unverified") not in StandingNow.values:
        raise Refused("the standing in credentials does not exist")
    if "checked_on" in kept:
        kept["checked_on"] = _day(kept["checked_on"])
    return kept


def _day(given: str) -> str | None:
    try:
        return date.fromisoformat(given).isoformat() if given else None
    except ValueError as error:
        raise Refused("checked_on in credentials is not a date") from error
