"""Who may see a picture: anybody, if what holds it is public; else its owner and whoever sees all that holds it.

A photo itself, before it was made smaller, is never public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.images.models import Photo, Rendition
from core.moderation import NotPossible

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from core.images.models import HeldPhoto
    from core.models.moderated import Viewer


NOT_READY = (
    "A picture of this is still being prepared. Nothing was decided; try again in a minute. "
    "If that lasts, no worker is running: see docs/operations.md."
)


class Shown(NamedTuple):
    """A file by its name, and the photo it shows."""

    name: str
    photo: Photo
    is_rendition: bool


def find(name: str) -> Shown | None:
    rendition = Rendition.objects.filter(name=name).select_related("photo").first()
    if rendition is not None:
        return Shown(name, rendition.photo, True)
    photo = Photo.objects.filter(name=name).first()
    return Shown(name, photo, False) if photo else None


def publicly_held(shown: Shown) -> HeldPhoto | None:
    """Its place in something public; None where anybody else may not see it."""
    holding = shown.photo.holding()
    return holding.public().first() if shown.is_rendition and holding is not None else None


def require_rendered(held: QuerySet) -> None:
    """For publishing what holds these. Raises NotPossible while there is a picture that no page could show."""
    if held.filter(photo__rendered_at=None).exists():
        raise NotPossible(NOT_READY)


def may_see(shown: Shown, user: Viewer) -> bool:
    if not user.is_authenticated:
        return False
    if shown.photo.owner_id == user.pk:
        return True
    holding = shown.photo.holding()
    if holding is None:
        return False
    return holding.moderated_by(user) or (shown.is_rendition and holding.visible_to(user).exists())


def about(shown: Shown) -> Model:
    """What a look at it is a look at."""
    holding = shown.photo.holding()
    held = holding.first() if holding is not None else None
    return held.held_by if held is not None else shown.photo
