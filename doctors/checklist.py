"""What the checks of a doctor's credentials come to: row by row for whoever checks, and for the profile as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from doctors.authorities import Authority
from doctors.enums import CredentialKind
from doctors.models import Credential, Doctor, Until, Verification


@dataclass(frozen=True)
class Row:
    """One credential: what its number looks like, the last word about it, and until when that holds."""

    credential: Credential
    last: Verification | None
    until: Until | None
    is_vouched_for: bool

    @property
    def authority(self) -> Authority | None:
        return self.credential.authority_known

    @property
    def problem(self) -> str:
        """What is wrong with the number's form; empty where nothing is or nobody can tell."""
        number = self.credential.number
        return self.authority.problem_with(number) if self.authority and number else ""

    @property
    def register(self) -> str:
        """What a check of it usually consults, in words for the record."""
        return f"{self.authority.label}: {self.authority.register}" if self.authority else ""

    @property
    def seen(self) -> int:
        """The number of the last check, so that whoever adds one says what they had before them."""
        return self.last.pk if self.last else 0


class Checklist(NamedTuple):
    """The rows, licences first, and every check ever made, the latest first."""

    rows: list[Row]
    history: list[Verification]


@dataclass(frozen=True)
class Found:
    """A profile that may be called verified: when a licence was last checked, and until when that holds."""

    checked_on: date
    until: date
    ends_on: date | None


def checklist_of(doctor: Doctor) -> Checklist:
    """Every credential with the files sent as proof and the last word about it. Three queries."""
    checks = list(doctor.verifications.select_related("checked_by", "credential", "evidence"))
    order = list(CredentialKind)
    credentials = sorted(
        doctor.credentials.prefetch_related("papers"), key=lambda row: order.index(CredentialKind(row.kind))
    )
    rows = [
        Row(row, row.last_among(checks), row.vouched_until(checks), row.is_vouched_for(checks))
        for row in credentials
    ]
    return Checklist(rows, checks)


def found_of(doctor: Doctor) -> Found | None:
    """What the profile as a whole may be called verified by, today or until a day gone by; ``None`` without.

    It rests on licences: at least one was found as stated, and none that has not run out was found otherwise.
    It ends with the first of them; those that were over when somebody last checked a licence are history.
    """
    checks = list(doctor.verifications.all())
    licences = [row for row in doctor.credentials.all() if row.kind == CredentialKind.LICENCE]
    words = {row: row.last_among(checks) for row in licences}
    if any(last and not last.is_positive and row.is_current for row, last in words.items()):
        return None
    good = {row: last for row, last in words.items() if last and last.is_positive}
    ends = [until for row in good if (until := row.vouched_until(checks))]
    if not ends:
        return None
    checked_on = max(last.checked_on for last in good.values())
    counted = [until for until in ends if until.due_on >= checked_on] or [max(ends, key=lambda u: u.due_on)]
    return Found(
        checked_on,
        min(until.due_on for until in counted),
        min((until.ends_on for until in counted if until.ends_on), default=None),
    )
