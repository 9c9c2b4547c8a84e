"""The same look in fresh pixels: upright, in sRGB, on white, no larger than needed. Knows no Django."""

from __future__ import annotations

from io import BytesIO
from math import ceil, floor

from PIL import Image, ImageCms

from core.images.opening import LONGEST, Opened

# Rows that are worked on at a time: a second copy of a large picture would not fit.
ROWS = 64
SMOOTH = Image.Resampling.LANCZOS
# How far this looks beyond a row, in rows of the result.
REACH = 3
Transpose = Image.Transpose
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
AS_SEEN = ImageCms.Intent.RELATIVE_COLORIMETRIC
BLACK_STAYS_BLACK = ImageCms.Flags.BLACKPOINTCOMPENSATION


def plain(picture: Opened) -> Image.Image:
    """Nothing but pixels, of mode RGB."""
    seen = _in_srgb(_small(picture), picture.profile)
    if picture.orientation in UPRIGHT:
        seen = seen.transpose(UPRIGHT[picture.orientation])
    fresh = Image.new("RGB", seen.size, "white")
    fresh.paste(seen)
    return fresh


def _small(picture: Opened) -> Image.Image:
    """Opaque, and no longer than needed; a few rows at a time."""
    width, height = picture.size
    ratio = max(1.0, max(picture.size) / LONGEST)
    small = (max(1, round(width / ratio)), max(1, round(height / ratio)))
    scale, fresh = height / small[1], None
    for top in range(0, small[1], ROWS):
        bottom = min(top + ROWS, small[1])
        first = max(0, floor(top * scale - REACH * ratio))
        rows = _opaque(picture.rows(first, min(height, ceil(bottom * scale + REACH * ratio))))
        box = (0, top * scale - first, width, min(rows.height, bottom * scale - first))
        fresh = fresh or Image.new(rows.mode, small)
        fresh.paste(rows.resize((small[0], bottom - top), SMOOTH, box), (0, top))
    if fresh is None:
        raise ValueError("A picture without rows")
    return fresh


def _opaque(rows: Image.Image) -> Image.Image:
    """Eight bits of grey, of red, green and blue, or of printing inks; what was transparent is white."""
    if rows.mode.startswith("I"):
        return rows.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if rows.has_transparency_data:
        see_through = rows.convert("RGBA")
        paper = Image.new("RGB", rows.size, "white")
        paper.paste(see_through, mask=see_through.getchannel("A"))
        return paper
    if rows.mode in ("L", "RGB", "CMYK"):
        return rows
    return rows.convert("L" if rows.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """By the profile of the file, if it is one and fits; else the numbers are taken for sRGB."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile or b""))
        mode = MODES[source.profile.xcolor_space.strip()]
        if (mode == "CMYK") == (picture.mode == "CMYK"):
            seen = ImageCms.profileToProfile(
                picture.convert(mode), source, SRGB, AS_SEEN, "RGB", flags=BLACK_STAYS_BLACK
            )
            if seen is not None:
                return seen
    except (ImageCms.PyCMSError, OSError, KeyError, ValueError, TypeError):
        pass
    return picture.convert("RGB")
