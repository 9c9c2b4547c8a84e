"""What is done with a picture: taken in, changed by its owner, given to what holds it, taken away for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from core.enums import State
from core.images import alike, files, store
from core.images.accepting import Readable, accept
from core.images.likeness import views
from core.images.models import HeldPhoto, Photo, Rendition
from core.images.redrawing import Area, redrawn
from core.images.refusals import Refusal, Refused
from core.images.renditions import Kind, opaque_name
from core.images.tasks import render_photo, sweep_files
from core.uploads import FULL

if TYPE_CHECKING:
    from accounts.models import User

GONE = "A picture is not there any more: until they are sent they are kept for a day. Choose it again."


def keep(file: Readable, *, by: User) -> Photo:
    """Take a picture in; nobody but ``by`` sees it. Raises Refused, with words for whoever sent it."""
    picture = accept(file)
    name = _written(picture.content)
    with transaction.atomic():
        photo = Photo(owner=by, taken_on=picture.taken_on)
        _draw_as(photo, name, picture.content, (picture.width, picture.height))
    return photo


def redraw(photo: Photo, *, turn: int = 0, crop: Area | None = None, cover: Sequence[Area] = ()) -> Photo:
    """Cover areas for good, turn it to the right, cut it, in this order; nothing of how it was stays.

    Everything has new names then. Raises Refused, ValueError (too little would be left) or files.Changed.
    """
    try:
        content, width, height = redrawn(store.read(photo.name), turn=turn, crop=crop, cover=cover)
    except FileNotFoundError as error:
        raise files.Changed from error
    except OSError as error:
        raise Refused(Refusal.NOT_KEPT) from error
    name = _written(content)
    try:
        with transaction.atomic():
            _require_unseen(photo)
            as_seen = Photo.objects.filter(pk=photo.pk, name=photo.name, holder=photo.holder)
            row = as_seen.select_for_update().first()
            if row is None:
                raise files.Changed
            _doom([row])
            row.renditions.all().delete()
            row.rendered_at = None
            _draw_as(row, name, content, (width, height))
    except files.Changed:
        files.doom([name])
        raise
    return row


def _require_unseen(photo: Photo) -> None:
    """What holds it is its owner's draft, and stays so meanwhile. Raises files.Changed."""
    holding = photo.holding()
    held = holding.first() if holding is not None else None
    if held is not None and type(held.held_by).locked(held.held_by.pk).state != State.DRAFT:
        raise files.Changed


def take(names: Iterable[str], *, by: User, kind: type[HeldPhoto]) -> list[Photo]:
    """The owner's own free photos, in this order, held from now on: for the transaction that makes the holding rows.

    Raises ValidationError where one of them is not there.
    """
    wanted = list(names)
    free = Photo.objects.select_for_update().free().filter(owner=by, name__in=wanted)
    found = {photo.name: photo for photo in free}
    if len(found) != len(wanted):
        raise ValidationError(GONE)
    for photo in found.values():
        photo.holder = kind._meta.label_lower
        photo.save(update_fields=["holder"])
    return [found[name] for name in wanted]


def forget_days(photos: Iterable[Photo]) -> None:
    """Of when they were taken nothing is kept once what holds them is sent."""
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(taken_on=None)


@transaction.atomic
def purge(photos: Iterable[Photo]) -> None:
    """Rows go with this transaction, which ends every address; files follow as soon as a worker is free."""
    rows = list(
        Photo.objects.select_for_update().filter(pk__in=[photo.pk for photo in photos]).order_by("pk")
    )
    _doom(rows)
    for row in rows:
        alike.forget(row)
    Photo.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _written(content: bytes) -> str:
    name = opaque_name(Kind.JPEG)
    try:
        files.write(name, content)
    except OSError as error:
        raise Refused(Refusal.NO_ROOM if error.errno in FULL else Refusal.NOT_KEPT) from error
    return name


def _draw_as(photo: Photo, name: str, content: bytes, size: tuple[int, int]) -> None:
    """From here on the row names this file, and is found by how it looks."""
    seen = views(content)
    photo.name, (photo.width, photo.height) = name, size
    photo.mirrored = alike.signed(seen.mirrored) if seen else None
    photo.save()
    files.settle([name])
    alike.remember(photo, seen)
    render_photo.enqueue(photo.pk)


def _doom(rows: Sequence[Photo]) -> None:
    """The files of these rows, which change or go in this transaction."""
    names = [row.name for row in rows]
    files.doom([*names, *Rendition.objects.filter(photo__in=rows).values_list("name", flat=True)])
    if names:
        sweep_files.enqueue()
