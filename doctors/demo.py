"""Invented doctors for the demonstration: entered, checked and suspended by the same verbs as real ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from accounts.demo import address, make_account
from accounts.models import User
from core.demo import pick
from core.enums import State
from core.moderation import transition
from core.text import clean_body, clean_line
from doctors.enums import CredentialKind, VerificationResult
from doctors.evidence import Paper
from doctors.letters import letter
from doctors.models import Credential, Doctor, PracticePlace, Specialty
from doctors.portraits import HAIR, keep, name_of
from doctors.services import record_verification

FILE = Path(__file__).parent / "demo_doctors.json"
LINES = ("name", "title", "conflicts", "city", "region", "country")
KEYS = {*LINES, *"key hair specialty languages bio standing boards licences places reason".split()}
STANDINGS = {"verified", "unverified", "suspended", "expired"}
NOTE = "Part of the demonstration: nobody was asked."
# How many days ago it happened; the first check lies before the oldest answer.
ENTERED, FIRST_CHECK, SECOND_CHECK, APPLIED, SUSPENDED = 665, 640, 121, 6, 45
YEAR = 365
# A licence last checked nearly a year ago, and a certificate more than a year ago: due soon, and overdue.
LICENCE_CHECKED, BOARD_CHECKED = {"osei": 345}, {"bell": 380}
# The example of the specification of check digits, and so nobody's number.
NPIS = {"rowe": "1234567893"}
WITH_LETTER = "rowe"


def read(file: Path = FILE) -> list[dict[str, Any]]:
    return json.loads(file.read_text(encoding="utf-8"))


def problems(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the file, one line each; empty when nothing is."""
    specialties = set(Specialty.objects.values_list("slug", flat=True))
    found = []
    for row in rows:
        where = f"{FILE.name}: {row.get('key')}: "
        if set(row) != KEYS:
            found.append(f"{where}missing or unknown: {', '.join(sorted(KEYS ^ set(row)))}")
            continue
        if row["specialty"] not in specialties:
            found.append(f"{where}there is no specialty “{row['specialty']}”")
        if row["standing"] not in STANDINGS or row["hair"] not in HAIR:
            found.append(f"{where}unknown standing or hair")
        if row["standing"] == "suspended" and not row["reason"]:
            found.append(f"{where}a suspension needs a reason")
    return found


def seed(rows: Iterable[Mapping[str, Any]], *, moderator: User, passwords: Mapping[str, str]) -> list[str]:
    """Make those doctors who do not exist yet, checked for the first time; the keys of these.

    ``passwords`` by e-mail address, for the accounts that can sign in.
    """
    known = set(User.objects.filter(doctor__isnull=False).values_list("email", flat=True))
    specialties = Specialty.objects.in_bulk(field_name="slug")
    made = []
    for row in rows:
        if address(row["key"]) not in known:
            _enter(row, specialties[row["specialty"]], moderator=moderator, passwords=passwords)
            made.append(row["key"])
    return made


def restore_portraits(rows: Iterable[Mapping[str, Any]]) -> None:
    """Draw the pictures that are missing in the media folder, all of them on a first run."""
    for row in rows:
        keep(row["key"], row["hair"])


def by_key() -> dict[str, Doctor]:
    """The demonstration's doctors by the key of their file."""
    doctors = Doctor.objects.filter(user__email__endswith=address("")).select_related("user")
    return {doctor.user.email.removesuffix(address("")): doctor for doctor in doctors if doctor.user}


def check_again(rows: Iterable[Mapping[str, Any]], *, made: Iterable[str], moderator: User) -> None:
    """The yearly check of those in good standing, between their older answers and their newer ones."""
    doctors = by_key()
    for row in rows:
        key = row["key"]
        if key not in made or row["standing"] != "verified":
            continue
        usual = SECOND_CHECK + pick(f"{key} second", 20)
        for kind, exceptions in ((CredentialKind.BOARD, BOARD_CHECKED), (None, LICENCE_CHECKED)):
            on = _day(exceptions.get(key, usual))
            paper = _letter_of(doctors[key], on) if kind is None and key == WITH_LETTER else None
            _verify(
                doctors[key], VerificationResult.VERIFIED, on=on, by=moderator, board=bool(kind), paper=paper
            )


def settle(rows: Iterable[Mapping[str, Any]], *, made: Iterable[str], moderator: User) -> None:
    """What befell the others after they had answered: a licence suspended, a licence run out."""
    doctors = by_key()
    for row in rows:
        if row["key"] not in made:
            continue
        doctor = doctors[row["key"]]
        if row["standing"] == "suspended":
            result, on = VerificationResult.SUSPENDED, _day(SUSPENDED)
            _verify(doctor, result, on=on, by=moderator, note=row["reason"], board=False)
        elif row["standing"] == "expired":
            until = _day(-min(given["expires_in_days"] for given in row["licences"]))
            doctor.credentials.filter(kind=CredentialKind.LICENCE).update(expires_on=until)
            on = until - timedelta(days=YEAR)
            _verify(doctor, VerificationResult.VERIFIED, on=on, by=moderator, until=until)


def backdate(rows: Iterable[Mapping[str, Any]], *, made: Iterable[str]) -> None:
    """Move what the verbs stamped as now to the days on which it is told to have happened."""
    doctors = by_key()
    for row in rows:
        if row["key"] not in made:
            continue
        sent = _sent_at(row)
        decided = sent + timedelta(days=1 + pick(row["key"], 4))
        doctor = Doctor.objects.filter(pk=doctors[row["key"]].pk)
        doctor.update(submitted_at=sent)
        doctor.filter(state=State.PUBLISHED).update(published_at=decided, moderated_at=decided)


def _enter(
    row: Mapping[str, Any], specialty: Specialty, *, moderator: User, passwords: Mapping[str, str]
) -> None:
    password = passwords.get(address(row["key"]))
    joined = _sent_at(row) - timedelta(days=1)
    user = make_account(row["key"], handle=f"dr-{row['key']}", joined=joined, password=password)
    doctor = Doctor.objects.create(
        user=user,
        slug=slugify(row["name"]),
        specialty=specialty,
        languages=", ".join(row["languages"]),
        bio=clean_body(row["bio"]),
        portrait=name_of(row["key"]),
        **{name: clean_line(row[name]) for name in LINES},
    )
    _add_credentials(doctor, row)
    transition(doctor, to=State.PENDING, by=user)
    if row["standing"] == "unverified":
        return
    transition(doctor, to=State.PUBLISHED, by=moderator)
    lasting = [c.expires_on for c in doctor.credentials.expiring_first() if c.expires_on]
    on = _day(FIRST_CHECK + pick(f"{row['key']} first", 20))
    _verify(doctor, VerificationResult.VERIFIED, on=on, by=moderator, until=min(lasting, default=None))


def _add_credentials(doctor: Doctor, row: Mapping[str, Any]) -> None:
    """As they stood when they were entered: what has run out since had no end yet."""
    for kind, listed in ((CredentialKind.BOARD, row["boards"]), (CredentialKind.LICENCE, row["licences"])):
        for given in listed:
            ends_in = given["expires_in_days"]
            Credential.objects.create(
                doctor=doctor,
                kind=kind,
                authority=given["authority"],
                number=given["number"],
                region=given.get("region") or "",
                country=given.get("country") or "",
                expires_on=_day(-ends_in) if ends_in > 0 else None,
            )
    if number := NPIS.get(row["key"]):
        Credential.objects.create(
            doctor=doctor, kind=CredentialKind.NPI, authority="NPPES", number=number, country="US"
        )
    PracticePlace.objects.bulk_create(PracticePlace(doctor=doctor, **place) for place in row["places"])


def _verify(
    doctor: Doctor,
    result: str,
    *,
    on: date,
    by: User,
    until: date | None = None,
    note: str = NOTE,
    board: bool | None = None,
    paper: Paper | None = None,
) -> None:
    """One record for each credential against its issuer's register; what ends a standing concerns the licence.

    ``board`` narrows it to certificates, or to all but these. ``paper`` came with the first licence.
    """
    credentials = doctor.credentials.all()
    if board is not None:
        credentials = (
            credentials.filter(kind=CredentialKind.BOARD)
            if board
            else credentials.exclude(kind=CredentialKind.BOARD)
        )
    if result != VerificationResult.VERIFIED:
        credentials = credentials.filter(kind=CredentialKind.LICENCE)[:1]
    for credential in credentials:
        with_paper = paper if credential.kind == CredentialKind.LICENCE else None
        record_verification(
            doctor=doctor,
            by=by,
            result=result,
            source=f"Letter of the {credential.authority}"
            if with_paper
            else f"Public register, {credential.authority}",
            note=note,
            credential=credential,
            checked_on=on,
            valid_until=until,
            evidence=with_paper,
        )
        paper = None if with_paper else paper


def _letter_of(doctor: Doctor, on: date) -> Paper:
    """The letter of an authority that does not exist, drawn by code."""
    return letter(
        "Demonstration: no authority wrote this.",
        f"To whom it may concern, {on:%-d %B %Y}",
        f"{doctor}, an invented person, holds an invented licence",
        "that is current and without restriction.",
    )


def _sent_at(row: Mapping[str, Any]) -> datetime:
    days = APPLIED if row["standing"] == "unverified" else ENTERED + pick(row["key"], 30)
    return timezone.now() - timedelta(days=days, minutes=pick(row["key"], 600))


def _day(ago: int) -> date:
    return timezone.now().date() - timedelta(days=ago)
