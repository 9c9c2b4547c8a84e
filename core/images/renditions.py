"""What pages show of an accepted picture: AVIF and JPEG at the widths they use, never larger than the picture itself.

Drawing them takes a second or two. That is work for a task, not for a request.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image

WIDTHS = (320, 640, 960, 1440)
# 128 bits: an address can neither be guessed nor counted up to, and says nothing of the other sizes.
NAME_BYTES = 16


class Kind(StrEnum):
    """How a rendition is written; the value ends its name."""

    AVIF = "avif"
    JPEG = "jpg"


OPTIONS: dict[Kind, dict[str, Any]] = {
    Kind.AVIF: {"format": "AVIF", "quality": 58, "speed": 8},
    Kind.JPEG: {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}


class Rendition(NamedTuple):
    """One file to store, under a name that nobody can guess."""

    name: str
    kind: Kind
    width: int
    height: int
    content: bytes


def renditions(content: bytes) -> Iterator[Rendition]:
    """Of the JPEG that ``accept`` returned, each size in each format; one at a time, so that few are held at once."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    for width in widths(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        smaller = picture.resize((width, height), Image.Resampling.LANCZOS)
        for kind in Kind:
            yield Rendition(opaque_name(kind), kind, width, height, _written(smaller, kind))


def widths(own: int) -> list[int]:
    """The sizes to make of a picture so wide: those that are smaller, and its own unless it is larger than any."""
    return sorted({min(width, own) for width in WIDTHS})


def opaque_name(kind: Kind) -> str:
    return f"{secrets.token_hex(NAME_BYTES)}.{kind.value}"


def _written(picture: Image.Image, kind: Kind) -> bytes:
    written = BytesIO()
    picture.save(written, **OPTIONS[kind])
    return written.getvalue()
