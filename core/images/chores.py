"""What is due every night about pictures: those put nowhere, files without a row, renditions not made."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.images.files import sweep
from core.images.journal import forget_old
from core.images.models import HeldPhoto, Photo
from core.images.photos import purge
from core.images.tasks import render_photo

# How long a picture that was sent and put nowhere is kept for its owner.
FREE_KEPT = timedelta(days=1)
# Without renditions after so long, it has lost its task.
RENDERING_LASTS = timedelta(hours=2)
AT_ONCE = 500


def tidy() -> str:
    """Safe to run twice and to interrupt."""
    now = timezone.now()
    left = _purge_all(Photo.objects.free().filter(added_at__lt=now - FREE_KEPT))
    left += sum(_purge_all(_let_go(kind)) for kind in HeldPhoto.__subclasses__())
    late = Photo.objects.filter(rendered_at=None, added_at__lt=now - RENDERING_LASTS)
    for pk in late.values_list("pk", flat=True):
        render_photo.enqueue(pk)
    forget_old()
    return f"{left} left behind and {sweep()} files deleted, {len(late)} to be rendered again"


def _let_go(kind: type[HeldPhoto]):  # type: ignore[no-untyped-def]
    """Photos whose holder has gone."""
    return Photo.objects.filter(holder=kind._meta.label_lower).exclude(
        pk__in=kind._default_manager.values("photo")
    )


def _purge_all(photos) -> int:  # type: ignore[no-untyped-def]
    gone = 0
    while some := list(photos.order_by("pk")[:AT_ONCE]):
        purge(some)
        gone += len(some)
    return gone
