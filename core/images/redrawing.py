"""What its owner changes of a picture: turned, cut, and areas covered so that nothing of what was there can be seen.

Works on what ``accepting`` has drawn, never on what somebody sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple, Self

from PIL import Image

TURNS = {
    0: None,
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
# So few colours are left of a covered area, across and down, and each no smaller than a twelfth of the picture: no face
# and no letter can be told from them, however many areas lie side by side.
PATCHES, SMALLEST = 5, 12
LEAST_PIXELS = 64
QUALITY = 92


class Area(NamedTuple):
    """A part of a picture; each edge as a share of its width or height, from the left and the top."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, left: float, top: float, right: float, bottom: float) -> Self:
        """Raises ValueError where that is no part of a picture."""
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise ValueError(
                "The edges of an area are shares from 0 to 1, left before right, top before bottom."
            )
        return cls(left, top, right, bottom)

    def pixels(self, picture: Image.Image) -> tuple[int, int, int, int]:
        """Outwards to whole pixels, and never empty."""
        left, top = int(self.left * picture.width), int(self.top * picture.height)
        right = min(picture.width, max(left + 1, -int(-self.right * picture.width)))
        bottom = min(picture.height, max(top + 1, -int(-self.bottom * picture.height)))
        return left, top, right, bottom


def redrawn(
    content: bytes, *, turn: int = 0, crop: Area | None = None, cover: Sequence[Area] = ()
) -> tuple[bytes, int, int]:
    """The new JPEG, its width and height: areas are covered as they stand, then it is turned to the right, then cut."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    for area in cover:
        _cover(picture, area.pixels(picture))
    how = TURNS[turn]
    if how is not None:
        picture = picture.transpose(how)
    if crop is not None:
        picture = picture.crop(crop.pixels(picture))
        if min(picture.size) < LEAST_PIXELS:
            raise ValueError(f"Leave at least {LEAST_PIXELS} pixels of the picture in each direction.")
    drawn = BytesIO()
    picture.save(drawn, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return drawn.getvalue(), *picture.size


def _cover(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    size = (box[2] - box[0], box[3] - box[1])
    patch = max(1, min(picture.size) // SMALLEST)
    few = (max(1, min(PATCHES, size[0] // patch)), max(1, min(PATCHES, size[1] // patch)))
    blurred = picture.crop(box).resize(few, Image.Resampling.BOX).resize(size, Image.Resampling.BICUBIC)
    picture.paste(blurred, box)
