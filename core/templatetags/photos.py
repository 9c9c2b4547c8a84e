"""A picture on a page: the size a screen needs in the format it knows, in a box that is there before the picture is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from core.images.renditions import Kind

if TYPE_CHECKING:
    from core.images.models import Photo, Rendition

register = template.Library()
# Shown by browsers that know neither srcset nor AVIF; wide enough for any column of text.
FALLBACK = 640
COLUMN = "(min-width: 48rem) 40rem, 100vw"


@register.inclusion_tag("components/photo.html")
def photo(
    photo: Photo, alt: str, sizes: str = COLUMN, *, eager: bool = False, own: bool = False
) -> dict[str, Any]:
    """``photo`` with its ``renditions`` prefetched. ``own``: for who may see it before, too."""
    found: dict[str, list[Rendition]] = {kind: [] for kind in Kind}
    for rendition in photo.renditions.all():
        found[rendition.kind].append(rendition)
    jpegs = sorted(found[Kind.JPEG], key=lambda each: each.width)
    fallback = next((each for each in reversed(jpegs) if each.width <= FALLBACK), jpegs[0] if jpegs else None)
    name = fallback.name if fallback else photo.name if own else ""
    return {
        "photo": photo,
        "alt": alt,
        "sizes": sizes,
        "eager": eager,
        "address": address(name) if name else "",
        "avif": _srcset(found[Kind.AVIF]),
        "jpeg": _srcset(jpegs),
    }


@register.filter
def largest(photo: Photo) -> str:
    """The address of the picture as large as it is shown to everybody; empty while there is none."""
    jpegs = [each for each in photo.renditions.all() if each.kind == Kind.JPEG]
    return address(max(jpegs, key=lambda each: each.width).name) if jpegs else ""


def address(name: str) -> str:
    return reverse("photo", args=[name])


def _srcset(renditions: list[Rendition]) -> str:
    return ", ".join(f"{address(each.name)} {each.width}w" for each in renditions)
