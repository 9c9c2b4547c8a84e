"""Verbs of a portrait: cut to a square, sent, taken down.

A picture is its owner's alone until it is sent, and is cut before: what moderators look at changes no more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from core.decided import APPEAL_DAYS
from core.enums import State
from core.images import photos
from core.images.redrawing import Area
from core.models import Appeal
from core.moderation import transition
from doctors.models import Doctor, Portrait, PortraitPhoto
from doctors.permissions import may_edit

if TYPE_CHECKING:
    from accounts.models import User
    from core.images.models import Photo

# Twice what the largest place of a page shows.
LEAST = 200
# Of a square that was cut to whole pixels.
OFF_SQUARE = 2
TOO_SMALL = (
    f"A portrait has at least {LEAST} pixels each way, or it is blurred. Leave more, or choose a larger one."
)
WAITS = "A portrait is with the moderators already. Withdraw it first to send another."


def cut(photo: Photo, *, left: float = 0, right: float = 0, top: float = 0, bottom: float = 0) -> Photo:
    """Take these shares off its edges, and of what is left the square in the middle; nothing else is kept.

    Raises ValidationError where too little is left, and what ``photos.redraw`` raises.
    """
    wide, high = photo.width * (1 - left - right), photo.height * (1 - top - bottom)
    side = int(min(wide, high))
    if side < LEAST:
        raise ValidationError(TOO_SMALL)
    if max(photo.width, photo.height) - side <= OFF_SQUARE:
        return photo
    x = int(photo.width * left + (wide - side) / 2)
    y = int(photo.height * top + (high - side) / 2)
    area = Area.of(
        x / photo.width,
        y / photo.height,
        min(1, (x + side) / photo.width),
        min(1, (y + side) / photo.height),
    )
    return photos.redraw(photo, crop=area)


def send(*, doctor: Doctor, by: User, photo: Photo) -> Portrait:
    """Put a picture before the moderators, cut to a square, in the place of one that was sent back.

    Raises PermissionDenied, ValidationError, and what ``photos.redraw`` raises.
    """
    if not may_edit(by, doctor):
        raise PermissionDenied("Only the doctor sends their portrait.")
    name = cut(photo).name
    with transaction.atomic():
        row = Doctor.locked(doctor.pk)
        if not may_edit(by, row):
            raise PermissionDenied("Only the doctor sends their portrait.")
        portrait = _draft(row)
        taken = photos.take([name], by=by, kind=PortraitPhoto)
        for each in taken:
            PortraitPhoto.objects.create(portrait=portrait, photo=each)
        photos.forget_days(taken)
        transition(portrait, to=State.PENDING, by=by)
    return portrait


def withdraw(*, portrait: Portrait, by: User) -> None:
    """Take it down, or back: its picture is deleted at once. Raises a TransitionError."""
    transition(portrait, to=State.WITHDRAWN, by=by)


def let_go() -> str:
    """Pictures that a moderator decided against, once their doctor can appeal no more."""
    since = timezone.now() - timedelta(days=APPEAL_DAYS)
    appealed = Appeal.objects.open().filter(object_type=Portrait._meta.label_lower).values("object_id")
    refused = Portrait.objects.going().filter(state__in=[State.REJECTED, State.REMOVED])
    over = list(refused.filter(moderated_at__lt=since).exclude(pk__in=appealed).values_list("pk", flat=True))
    for pk in over:
        with transaction.atomic():
            row = Portrait.locked(pk)
            if row.state in (State.REJECTED, State.REMOVED):
                row.end()
    return f"{len(over)} refused ones deleted"


def _draft(doctor: Doctor) -> Portrait:
    """The one that was sent back, its picture gone, or a new one."""
    mine = Portrait.objects.in_work().filter(doctor=doctor).first()
    if mine is None:
        return Portrait.objects.create(doctor=doctor)
    if mine.state == State.PENDING:
        raise ValidationError(WAITS)
    old = mine.photo
    if old is not None:
        photos.purge([old])
    mine.version += 1
    mine.save(update_fields=["version"])
    return mine
