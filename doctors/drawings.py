"""Drawn pictures of cases for the demonstration: parts of a body made of a few lines, plainly a drawing of nobody.

Everything follows from what is asked for: the same figure is the same picture every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from doctors.portraits import INK, PAPER, SCALE, Pen

WIDTH, HEIGHT = 480, 600
SHOWN = (720, 900)
STAMP = "A drawing. Nobody is shown."
SKIN, SHADE, CLOTH, BACK = "#ead9c6", "#cdb499", "#0d5c63", "#dbe2ea"
Points = list[tuple[float, float]]


def figure(kind: str, *, is_after: bool) -> bytes:
    """A JPEG of one of ``FIGURES``, before or after."""
    canvas = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), BACK)
    draw = ImageDraw.Draw(canvas)
    FIGURES[kind](Pen(draw), is_after)
    draw.rectangle((0, 560 * SCALE, WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    draw.text((16 * SCALE, 568 * SCALE), STAMP, INK, ImageFont.load_default(18 * SCALE))
    stored = BytesIO()
    canvas.resize(SHOWN, Image.Resampling.LANCZOS).save(stored, "JPEG", quality=90)
    return stored.getvalue()


def _forehead(pen: Pen, is_after: bool) -> None:
    """Raised brows: three deep lines, or a faint one."""
    pen.oval((70, 60, 410, 620), SKIN)
    pen.slice((60, 20, 420, 420), 200, 340, INK)
    for place, y in enumerate((190, 222, 254)):
        if not is_after or place == 1:
            pen.arc((120, y, 360, y + 60), 205, 335, width=2 if is_after else 6, fill=SHADE)
    rise = 0 if is_after else 10
    pen.line([(120, 330 - rise), (165, 312 - rise), (215, 322 - rise)], width=9)
    pen.line([(265, 322 - rise), (315, 312 - rise), (360, 330 - rise)], width=9)
    pen.block((100, 350, 380, 420), 10, INK)


def _profile(nose: Sequence[tuple[float, float]], chin: Sequence[tuple[float, float]]) -> Points:
    return [(200, 110), (168, 190), *nose, (120, 350), (132, 372), (112, 400), (140, 440), *chin]


def _nose(pen: Pen, is_after: bool) -> None:
    """From the left: a hump, or a straight bridge."""
    bridge: Points = [(96, 285), (84, 320)] if is_after else [(104, 232), (84, 262), (90, 300), (72, 330)]
    pen.shape([*_profile(bridge, [(180, 470), (260, 470), (280, 560), (460, 560), (430, 90)])], SKIN)
    pen.slice((140, 20, 470, 420), 190, 380, INK)
    pen.block((130, 215, 200, 262), 8, INK)


def _chin(pen: Pen, is_after: bool) -> None:
    """From the left: full under the chin, or not."""
    under: Points = [(210, 452), (300, 430)] if is_after else [(170, 500), (240, 530), (310, 500)]
    outline = _profile([(90, 300), (84, 325)], [*under, (330, 560), (460, 560), (440, 90)])
    pen.shape(outline, SKIN)
    pen.slice((150, 10, 480, 380), 190, 380, INK)
    pen.block((130, 215, 205, 262), 8, INK)
    pen.line([(160, 446), (250, 420 if is_after else 470), (310, 380)], width=3, fill=SHADE)


def _chest(pen: Pen, is_after: bool) -> None:
    """From the front, in lines: heavy, or lighter and higher."""
    pen.shape([(90, 60), (390, 60), (430, 200), (380, 560), (100, 560), (50, 200)], SKIN)
    low, wide = (330, 118) if is_after else (430, 140)
    for middle in (165, 315):
        pen.oval((middle - wide / 2, low - wide * 1.4, middle + wide / 2, low), SKIN, SHADE, 6)
        if is_after:
            pen.line([(middle, low - 70), (middle, low)], width=3, fill=SHADE)
    pen.line([(240, 60), (240, 150)], width=3, fill=SHADE)


FIGURES = {"forehead": _forehead, "nose": _nose, "chin": _chin, "chest": _chest}
