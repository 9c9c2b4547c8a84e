"""Words in a picture: the font, which letters it has, and lines that fit a width.

The font comes from an installed package. It has Latin with accents, Greek and Cyrillic; a text in any other
script is not drawn at all rather than as a row of boxes.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import ImageFont

Font = ImageFont.FreeTypeFont
# No assigned character, hence drawn as the box that stands for a missing one.
MISSING = "\U0010fffe"
ELLIPSIS = "…"


@lru_cache(maxsize=32)
def font(weight: str, size: int) -> Font:
    """``weight`` is ``Regular`` or ``Semibold``."""
    source = files("font_source_serif_pro") / "files" / f"SourceSerifPro-{weight}.ttf"
    with as_file(source) as path:
        # Every letter by itself: no text here needs shaping, and the same picture comes out everywhere.
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def has(letter: str) -> bool:
    """Whether the font can draw it."""
    face = font("Regular", 24)
    return bytes(face.getmask(letter)) != bytes(face.getmask(MISSING))


def drawable(text: str) -> str:
    """The text as it can be drawn; empty when it has letters or figures that cannot.

    Marks, emoji and the like that the font does not have are left out.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(c)[0] in "ZC" else c for c in composed)
    lost = {c for c in set(spaced) if c != " " and not has(c)}
    if any(unicodedata.category(c)[0] in "LN" for c in lost):
        return ""
    return " ".join("".join(c for c in spaced if c not in lost).split())


def lines(text: str, face: Font, width: int, most: int) -> list[str]:
    """The text in at most ``most`` lines no wider than ``width``; what does not fit ends in an ellipsis."""
    rest, done = text, list[str]()
    while rest and len(done) < most:
        line = _fitting(rest, face, width)
        done.append(line.strip())
        rest = rest[len(line) :].lstrip()
    if rest:
        kept = done[-1]
        while kept and face.getlength(kept + ELLIPSIS) > width:
            kept = kept[:-1].rstrip()
        done[-1] = kept + ELLIPSIS
    return done


def _fitting(text: str, face: Font, width: int) -> str:
    """The longest beginning that fits, cut between words where there is a space; at least one letter."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(text[:middle]) <= width else (low, middle - 1)
    if low == len(text) or text[low] == " ":
        return text[:low]
    space = text.rfind(" ", 0, low)
    return text[:space] if space > 0 else text[:low]
