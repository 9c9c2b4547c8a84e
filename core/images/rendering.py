"""What pages show of a picture is made beside them, once for each state of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.images import files, store
from core.images.models import Photo, Rendition
from core.images.renditions import renditions


def render(photo: Photo) -> None:
    """Does nothing where it is done, or the picture has gone. May run twice at once: the second leaves no trace.

    Raises OSError where the store is away or full.
    """
    made: list[Rendition] = []
    try:
        for each in renditions(store.read(photo.name)):
            made.append(
                Rendition(photo=photo, name=each.name, kind=each.kind, width=each.width, height=each.height)
            )
            files.write(each.name, each.content)
        _record(photo, made)
    except BaseException:
        files.doom(each.name for each in made)
        raise


def render_by_key(pk: int) -> None:
    """Of a picture that has no renditions, if it is there. One that was redrawn meanwhile has a task of its own."""
    photo = Photo.objects.filter(pk=pk, rendered_at=None).first()
    if photo is None:
        return
    try:
        render(photo)
    except (files.Changed, FileNotFoundError):
        if Photo.objects.filter(pk=pk, name=photo.name, rendered_at=None).exists():
            raise
        files.sweep()


@transaction.atomic
def _record(photo: Photo, made: list[Rendition]) -> None:
    row = Photo.objects.select_for_update().filter(pk=photo.pk, name=photo.name, rendered_at=None).first()
    if row is None:
        raise files.Changed
    files.settle([each.name for each in made])
    Rendition.objects.bulk_create(made)
    row.rendered_at = timezone.now()
    row.save(update_fields=["rendered_at"])
