"""Do two pictures look alike: 64 bits of each, of which few differ if it is the same one made smaller, paler or newer.

The bits say where the coarsest waves of brightness lie above their median (a discrete cosine transform of 32 × 32
grey squares). Looked up under three views, kept under two: whoever mirrors a picture, cuts its edges or does both to
it is found; so is the whole of which somebody published a part.
"""

from __future__ import annotations

from io import BytesIO
from math import cos, pi
from typing import NamedTuple

from PIL import Image, ImageOps

SIDE, WAVES = 32, 8
BITS = WAVES * WAVES
# Of each edge: halfway between a picture cut by a tenth in all and by a tenth on each side.
EDGE = 0.075
# Below this span of grey there is nothing to compare: sky, paper, a closed shutter.
SPAN = 16
# Bits that may differ, by the table in docs/images.md.
ALIKE = 10
WAVE = [[cos((2 * x + 1) * u * pi / (2 * SIDE)) for x in range(SIDE)] for u in range(WAVES)]


class Views(NamedTuple):
    """A picture as it is, as in a mirror, and without its edges."""

    upright: int
    mirrored: int
    centre: int


def views(content: bytes) -> Views | None:
    """The hashes of a picture; None if it is one colour all over."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
        opened.draft("L", (SIDE * 8, SIDE * 8))
        grey = opened.convert("L")
    pixels = _squares(grey)
    if max(pixels) - min(pixels) < SPAN:
        return None
    x, y = round(grey.width * EDGE), round(grey.height * EDGE)
    centre = grey.crop((x, y, max(grey.width - x, x + 1), max(grey.height - y, y + 1)))
    return Views(_hash(grey), _hash(ImageOps.mirror(grey)), _hash(centre))


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()


def _squares(grey: Image.Image) -> bytes:
    return grey.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()


def _hash(grey: Image.Image) -> int:
    pixels = _squares(grey)
    lines = [pixels[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    across = [[sum(a * b for a, b in zip(line, wave, strict=True)) for wave in WAVE] for line in lines]
    both = [sum(across[y][u] * wave[y] for y in range(SIDE)) for wave in WAVE for u in range(WAVES)]
    median = sorted(both[1:])[BITS // 2 - 1]  # without the first, which is how bright the whole is
    return sum(1 << place for place, value in enumerate(both) if value > median)
