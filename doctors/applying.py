"""Verbs of a doctor's own application: a draft of a profile, saved step by step, sent when it is complete.

Whoever is not the doctor, or comes when the draft has been sent, is refused by ``Closed`` and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max, ProtectedError

from core.audit import record
from core.enums import State
from core.writing import require_writer
from doctors import evidence as files
from doctors.enums import CredentialKind
from doctors.models import Credential, Doctor, PostalPlace, PracticePlace, SentFile
from doctors.permissions import may_apply
from doctors.services import follow_credentials, free_slug, submit_profile

if TYPE_CHECKING:
    from accounts.models import User

CREDENTIALS, PLACES, FILES = 20, 10, 12


class Closed(Exception):
    """There is nothing to fill in: the application is under way, decided, or somebody else's."""


@contextmanager
def open_draft(doctor: Doctor, *, by: User) -> Iterator[Doctor]:
    """The draft as it stands now, nobody else's until the block ends. Raises Closed."""
    require_writer(by)
    with transaction.atomic():
        row = Doctor.locked(doctor.pk)
        if row.user_id != by.pk or row.state != State.DRAFT:
            raise Closed
        yield row


def begin(*, by: User, fields: Mapping[str, Any]) -> Doctor:
    """A draft under the name that was given; the one there is where two windows began at once."""
    require_writer(by)
    if not may_apply(by):
        raise Closed
    try:
        with transaction.atomic():
            return Doctor.objects.create(user=by, slug=free_slug(fields["name"]), **fields)
    except IntegrityError:
        existing = Doctor.objects.filter(user=by).first()
        if existing is None:
            return begin(by=by, fields=fields)  # somebody of the same name began at the same moment
        return describe(doctor=existing, by=by, fields=fields)


def describe(*, doctor: Doctor, by: User, fields: Mapping[str, Any]) -> Doctor:
    """Write fields of the profile into the draft. Its address follows the name until readers know it."""
    with open_draft(doctor, by=by) as row:
        if fields.get("name", row.name) != row.name and row.published_at is None:
            row.slug = free_slug(fields["name"])
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return row


def state_credential(
    *, doctor: Doctor, by: User, credential: Credential, paper: files.Paper | None = None
) -> Credential:
    """Add or change what the doctor holds, with a file as proof if there is one. Raises ValidationError."""
    with files.kept(paper) as name, open_draft(doctor, by=by) as row:
        _refuse_more(row.credentials, CREDENTIALS, credential, "licences and certificates")
        credential.doctor = row
        _save_once(credential)
        if paper:
            _attach(credential, paper, name)
        follow_credentials(doctor=row, by=by)
    return credential


def renew(*, doctor: Doctor, by: User, credential: Credential, paper: files.Paper) -> None:
    """Send a new proof of what a published profile rests on; nothing readers see changes. Raises Closed."""
    require_writer(by)
    with files.kept(paper) as name, transaction.atomic():
        row = Doctor.locked(doctor.pk)
        if row.user_id != by.pk or row.state != State.PUBLISHED or credential.doctor_id != row.pk:
            raise Closed
        _attach(credential, paper, name)
        record(actor=by, action="sent proof", obj=row, reason=str(credential))


def drop_credential(*, doctor: Doctor, by: User, credential: Credential) -> None:
    """Take one back that nobody has checked, its files with it. Raises ValidationError."""
    with open_draft(doctor, by=by):
        names = list(credential.papers.values_list("name", flat=True))
        try:
            credential.delete()
        except ProtectedError as error:
            raise ValidationError(
                "A moderator has checked this already; it stays. Change it instead."
            ) from error
        files.drop_later(names)


def drop_file(*, doctor: Doctor, by: User, file: SentFile) -> None:
    """Take back one file; what was kept of it is gone."""
    with open_draft(doctor, by=by):
        file.delete()
        files.drop_later([file.name])


def add_place(*, doctor: Doctor, by: User, place: PracticePlace) -> PracticePlace:
    """Add or change where the doctor practises. Raises ValidationError."""
    with open_draft(doctor, by=by) as row:
        _refuse_more(row.places, PLACES, place, "places")
        place.doctor = row
        locate(place)
        place.save()
        _show_first_place(row)
    return place


def drop_place(*, doctor: Doctor, by: User, place: PracticePlace) -> None:
    with open_draft(doctor, by=by) as row:
        place.delete()
        _show_first_place(row)


def locate(place: PracticePlace) -> None:
    """Put it on the map by its postal code, where we know that one; elsewhere it has a name and no coordinates."""
    found = None
    if place.country == "US":
        found = PostalPlace.objects.filter(pk=place.postal_code[:5]).first()
    place.latitude, place.longitude = (found.latitude, found.longitude) if found else (None, None)


def missing(doctor: Doctor) -> dict[str, str]:
    """What keeps an application from being sent, by the step that mends it."""
    kinds = set(doctor.credentials.values_list("kind", flat=True))
    found = {}
    if doctor.specialty_id is None or not doctor.title:
        found["you"] = "Say which title you hold and what your specialty is."
    if CredentialKind.LICENCE not in kinds:
        found["credentials"] = "Enter at least one licence: nobody is verified without one."
    elif not SentFile.objects.filter(credential__doctor=doctor).exists():
        found["credentials"] = "Add a file as proof to at least one licence or certificate."
    if not doctor.places.exists():
        found["places"] = "Name at least one place where you practise."
    return found


def send(*, doctor: Doctor, by: User) -> Doctor:
    """Put a complete application before the moderators, again if it was sent back. Raises ValidationError."""
    with open_draft(doctor, by=by) as row:
        if problems := missing(row):
            raise ValidationError(list(problems.values()))
        if row.moderated_at is not None:
            Doctor.objects.filter(pk=row.pk).update(version=F("version") + 1)
            row.refresh_from_db()
        return submit_profile(doctor=row, by=by)


def _attach(credential: Credential, paper: files.Paper, name: str) -> None:
    """So many at once: what has been checked makes room for the proof of the next time."""
    checked_at = credential.verifications.aggregate(last=Max("recorded_at"))["last"]
    unseen = credential.papers.filter(kept_at__gt=checked_at) if checked_at else credential.papers
    _refuse_more(unseen, FILES, None, "files for one credential")
    SentFile.objects.create(credential=credential, **paper.under(name))


def _refuse_more(rows: Any, most: int, one: Any, what: str) -> None:
    if (one is None or one.pk is None) and rows.count() >= most:
        raise ValidationError(f"At most {most} {what}, please. Take one back to add another.")


def _save_once(credential: Credential) -> None:
    try:
        with transaction.atomic():
            credential.save()
    except IntegrityError as error:
        raise ValidationError({"number": "You have entered this one already."}) from error


def _show_first_place(doctor: Doctor) -> None:
    """The profile is of the place that was named first."""
    first = doctor.places.first()
    doctor.city, doctor.region, doctor.country = (
        (first.city, first.region, first.country) if first else ("", "", "")
    )
    doctor.save(update_fields=["city", "region", "country"])
