"""Verbs of a case: a draft that is filled in step by step, sent when it is complete, withdrawn, ended.

Whoever is not the doctor, or comes when it is with the moderators or readers, is refused by ``Closed``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from core.audit import record
from core.enums import State
from core.images import photos as pictures
from core.images.models import Photo
from core.models import Signal
from core.moderation import transition
from core.writing import require_writer
from doctors.enums import Role, View
from doctors.models import Case, CasePhoto, Consent, Doctor
from doctors.permissions import NOT_SHOWN, may_show_cases

if TYPE_CHECKING:
    from accounts.models import User
    from doctors.enums import EndedBy
    from doctors.models import CaseQuerySet

PAIRS, OPEN = 6, (State.DRAFT, State.WITHDRAWN)
# Of what has ended, nothing but that it was.
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("technique", "product", "amount", "age_band", "skin_type", "sex", "words"), ""),
    **dict.fromkeys(("use", "body_area", "days_after"), None),
    "alike": [],
    "moderation_reason": "",
}


class Closed(Exception):
    """There is nothing to fill in: the case is with the moderators or with readers, gone, or somebody else's."""


@contextmanager
def open_case(case: Case, *, by: User) -> Iterator[Case]:
    """The case as it stands now, nobody else's until the block ends. Raises Closed."""
    require_writer(by)
    with transaction.atomic():
        row = Case.locked(case.pk)
        if row.author_user_id() != by.pk or row.state not in OPEN or row.has_ended:
            raise Closed
        yield row


def begin(*, doctor: Doctor, by: User, consent: Consent) -> Case:
    """A draft under a consent of this doctor's; it may still be waiting for the person's yes. Raises Closed."""
    require_writer(by)
    with transaction.atomic():
        row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if doctor.user_id != by.pk or row.doctor_id != doctor.pk or row.revoked_at is not None:
            raise Closed
        if not may_show_cases(by, doctor):
            raise ValidationError(NOT_SHOWN)
        return Case.objects.create(doctor=doctor, consent=row)


def describe(*, case: Case, by: User, fields: Mapping[str, Any]) -> Case:
    """Write what the doctor says of it into the draft."""
    with open_case(case, by=by) as row:
        if fields.get("consent") is not None:
            _require_given_to(row.doctor_id, fields["consent"])
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return row


def _require_given_to(doctor: int, consent: Consent) -> None:
    """Nobody takes it back while the case comes to rest on it. Raises Closed."""
    row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if row.doctor_id != doctor or row.revoked_at is not None:
        raise Closed


def add_pair(*, case: Case, by: User, view: str, before: Photo, after: Photo) -> None:
    """Two pictures of one view, in the place of those that were there. Raises ValidationError.

    How long after is counted from when they were taken, where both say so; then that is forgotten.
    """
    with open_case(case, by=by) as row:
        old = _of_view(row, view)
        if not old and row.photos.values("view").distinct().count() >= PAIRS:
            raise ValidationError(f"At most {PAIRS} views, please. Take one out to add another.")
        sides = pictures.take([before.name, after.name], by=by, kind=CasePhoto)
        if days := _days_between(*sides):
            if days < timedelta(0):
                raise ValidationError("The picture after was taken before the other one. Are they swapped?")
            if row.days_after is None:
                row.days_after = days.days
        elif days is not None and row.days_after is None:
            row.days_after = 0
        pictures.purge(old)
        place = (row.photos.aggregate(last=Max("position"))["last"] or 0) + 1
        for number, (role, photo) in enumerate(zip(Role, sides, strict=True)):
            CasePhoto.objects.create(case=row, photo=photo, role=role, view=view, position=place + number)
        pictures.forget_days(sides)
        row.save(update_fields=["days_after"])


def drop_pair(*, case: Case, by: User, view: str) -> None:
    with open_case(case, by=by) as row:
        pictures.purge(_of_view(row, view))


def missing(case: Case) -> dict[str, str]:
    """What keeps a case from being sent, by the step that mends it."""
    consent, found = case.consent, {}
    if consent is None or consent.revoked_at is not None:
        found["consent"] = "Choose a consent."
    elif consent.is_waiting:
        found["consent"] = "The person has not agreed yet: send them their link."
    elif not consent.is_in_force:
        found["consent"] = "The consent has run out: record a new one for the same person."
    elif not case.is_covered:
        found["consent"] = (
            "The consent is not for what the pictures show. Cover what can be recognised, change what you say of the "
            "pictures, or ask the person for another consent."
        )
    if case.treatment_id is None or not case.technique:
        found["facts"] = "Name the treatment and what was done."
    elif case.days_after is None:
        found["facts"] = "Say how many days after the treatment the later pictures were taken."
    counts = [
        case.photos.filter(view=view).count() for view in set(case.photos.values_list("view", flat=True))
    ]
    if not counts or any(count != len(Role) for count in counts):
        found["pictures"] = "Add at least one view with a picture before and one after."
    if not case.is_unedited:
        found["comparable"] = "Confirm that nothing in the pictures is edited."
    return found


def send(*, case: Case, by: User) -> Case:
    """Put a complete case before the moderators, again if it was sent back or withdrawn. Raises ValidationError."""
    with open_case(case, by=by) as row:
        if not may_show_cases(by, row.doctor):
            raise ValidationError(NOT_SHOWN)
        if problems := missing(row):
            raise ValidationError(list(problems.values()))
        if row.submitted_at is not None:
            Case.objects.filter(pk=row.pk).update(version=F("version") + 1)
            row.refresh_from_db()
        pictures.forget_days(held.photo for held in row.photos.select_related("photo"))
        try:
            with transaction.atomic():
                transition(row, to=State.PENDING, by=by)
        except IntegrityError as error:
            raise ValidationError("The consent does not cover this any more. Nothing was sent.") from error
    return row


def withdraw(*, case: Case, by: User) -> None:
    """Out of sight at once; the draft stays, to be changed and sent again. Raises a TransitionError."""
    transition(case, to=State.WITHDRAWN, by=by)


def discard(*, case: Case, by: User) -> None:
    """Throw a draft away that nobody has seen, with its pictures. Raises Closed."""
    with open_case(case, by=by) as row:
        if row.submitted_at is not None:
            raise Closed
        pictures.purge(_photos(row))
        row.delete()


def look_through(*, case: Case, by: User, version: int) -> None:
    """Put on record that ``by`` has looked for everything that could tell who it is, in this version."""
    with transaction.atomic():
        row = Case.locked(case.pk)
        if row.version == version and row.looked_through != version:
            Case.objects.filter(pk=row.pk).update(looked_through=version)
            record(actor=by, action="looked through", obj=row, reason="Nothing tells who it is.")
    case.looked_through = version


def end(cases: CaseQuerySet, *, ended_by: EndedBy, by: User) -> list[Case]:
    """Delete their pictures and words for good; their numbers stay, so that their addresses can say so."""
    rows = list(cases.going().select_for_update(of=("self",)).order_by("pk"))
    label = Case._meta.label_lower
    for row in rows:
        pictures.purge(_photos(row))
        Signal.objects.filter(object_type=label, object_id=row.pk).delete()
        for name, value in NOTHING.items():
            setattr(row, name, value)
        row.ended_at, row.ended_by = timezone.now(), ended_by
        row.save()
        record(actor=by, action="ended", obj=row, before=row.state, after=row.state, reason=ended_by.label)
    return rows


def view_of(value: str) -> View | None:
    return View(value) if value in View.values else None


def _photos(row: Case) -> list[Photo]:
    return list(Photo.objects.filter(pk__in=row.photos.values("photo")))


def _of_view(row: Case, view: str) -> list[Photo]:
    return list(Photo.objects.filter(pk__in=row.photos.filter(view=view).values("photo")))


def _days_between(before: Photo, after: Photo) -> timedelta | None:
    if before.taken_on is None or after.taken_on is None:
        return None
    return after.taken_on - before.taken_on
