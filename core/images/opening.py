"""A picture out of hostile bytes, by an explicit list of decoders. Runs in the decoder’s process; knows no Django."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from math import ceil
from typing import NamedTuple

import pi_heif
from PIL import AvifImagePlugin, Image, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from core.images.refusals import Refusal, Refused

# All that is needed later, while this process may still read files: the list also holds what Pillow loads late.
PLUGINS = (AvifImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
# Millions of pixels by format: what each decoder can draw in the memory it is given, as measured in docs/images.md.
MOST = {"JPEG": 40, "MPO": 40, "progressive": 14, "PNG": 24, "HEIC": 25, "AVIF": 12, "WEBP": 10}
MILLION = 1_000_000
# A JPEG of several pictures, as telephones write it, comes out as MPO: the first of them is the photo.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
# So begins what would be a JPEG or a PNG if it were whole.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG")
SEQUENCES = {"image/heic-sequence", "image/heif-sequence"}
# JPEG is drawn smaller while it is decoded, never below this.
LONGEST = 2560

ORIENTATION, EXIF_BLOCK, TAKEN, DIGITISED = 0x0112, 0x8769, 0x9003, 0x9004
# Before it, the clock of a camera was never set.
FIRST_YEAR = 1990


class Opened(NamedTuple):
    """Its pixels row by row as they lie in the file, and what the file says of them."""

    size: tuple[int, int]
    rows: Callable[[int, int], Image.Image]
    orientation: int
    profile: bytes | None
    taken_on: date | None


def prepare() -> None:
    """Load what is loaded late otherwise, and let nothing start threads that need not."""
    Image.preinit()
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = max(MOST.values()) * MILLION
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pi_heif.options.DECODE_THREADS = 1


def opened(content: bytes) -> Opened:
    """Raises Refused, or whatever a decoder raises over bytes that are broken."""
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
    except Image.UnidentifiedImageError:
        return _heic(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.PIXELS) from error
    _hold_to_limits(picture)
    ratio = max(picture.size) / LONGEST
    if ratio > 1:  # only a JPEG heeds it
        picture.draft(None, (ceil(picture.width / ratio), ceil(picture.height / ratio)))
    picture.load()  # before its EXIF is read: that loads too, and would keep to itself what is broken
    exif = _exif_of(picture)
    return Opened(
        picture.size,
        lambda top, bottom: picture.crop((0, top, picture.width, bottom)),
        _orientation(exif),
        picture.info.get("icc_profile"),
        _taken_on(exif),
    )


def _hold_to_limits(picture: Image.Image) -> None:
    kind = picture.format or ""
    if kind != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refused(Refusal.MOVES)
    _hold_to_pixels("progressive" if "progressive" in picture.info else kind, picture.size)


def _heic(content: bytes) -> Opened:
    """HEIC is turned upright by its decoder; what EXIF says of its orientation does not count."""
    if not pi_heif.is_supported(content):
        raise Refused(Refusal.DAMAGED if content.startswith(BEGINNINGS) else Refusal.KIND)
    if pi_heif.get_file_mimetype(content) in SEQUENCES:
        raise Refused(Refusal.MOVES)
    held = pi_heif.open_heif(BytesIO(content), convert_hdr_to_8bit=True)
    picture = held[held.primary_index]
    _hold_to_pixels("HEIC", picture.size)
    exif = Image.Exif()
    with suppress(Exception):
        exif.load(picture.info.get("exif") or b"")
    data, stride = picture.data, picture.stride

    def rows(top: int, bottom: int) -> Image.Image:
        """Names the picture itself, which owns the memory and would free it once nobody did."""
        part, size = data[top * stride : bottom * stride], (picture.size[0], bottom - top)
        return Image.frombuffer(picture.mode, size, part, "raw", picture.mode, stride, 1)

    return Opened(picture.size, rows, 1, picture.info.get("icc_profile"), _taken_on(exif))


def _hold_to_pixels(kind: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST[kind] * MILLION:
        raise Refused(Refusal.PIXELS)


def _exif_of(picture: Image.Image) -> Image.Exif:
    """Cameras write EXIF that is wrong in any way; a picture is none the worse for it."""
    try:
        return picture.getexif()
    except Exception:
        return Image.Exif()


def _orientation(exif: Image.Exif) -> int:
    found = exif.get(ORIENTATION)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _taken_on(exif: Image.Exif) -> date | None:
    """The day the camera noted, if it is one."""
    for tag in (TAKEN, DIGITISED):
        with suppress(Exception):
            year, month, day = str(exif.get_ifd(EXIF_BLOCK)[tag])[:10].split(":")
            if int(year) >= FIRST_YEAR:
                return date(int(year), int(month), int(day))
    return None
