"""Drawn portraits for the demonstration: a head made of a few shapes, plainly a drawing, never a likeness.

Everything follows from a key: the same key gives the same picture and the same unguessable file name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from core.demo import pick

FOLDER = "portraits"
SIZE = 320
# Drawn this much larger and made smaller at the end, for smooth edges.
SCALE = 3
INK = "#1c2226"
PAPER = "#fffefb"
# Backdrop, clothes and hair: tints and shades of the colours in static/css/tokens.css.
SCHEMES = (
    ("#cfe3e2", "#0d5c63", "#1c2226"),
    ("#d3e8e2", "#0f766e", "#6b4a00"),
    ("#f3e3c3", "#a86a00", "#3d2c12"),
    ("#f0d6d1", "#a3352b", "#4a1b16"),
    ("#e2d9f2", "#6d4bb0", "#2b2140"),
    ("#e3dfd5", "#59636b", "#1c2226"),
    ("#fff0cc", "#0d5c63", "#7d3f2a"),
    ("#dbe2ea", "#3f5b78", "#8a8f94"),
    ("#e6e9d4", "#5c6b1f", "#54341d"),
)
Box = tuple[float, float, float, float]


def name_of(key: str) -> str:
    """The stored name: 128 bits that say nothing about whose picture it is."""
    return f"{FOLDER}/{hashlib.sha256(f'demonstration portrait {key}'.encode()).hexdigest()[:32]}.webp"


def keep(key: str, hair: str) -> str:
    """Make sure that the picture is in the media folder; its stored name."""
    name = name_of(key)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(draw(key, hair)))
    return name


def draw(key: str, hair: str) -> bytes:
    """A WebP of 320 × 320 pixels; ``hair`` is one of ``HAIR``."""
    backdrop, cloth, colour = SCHEMES[pick(f"{key} shade", len(SCHEMES))]
    picture = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), backdrop)
    pen = Pen(ImageDraw.Draw(picture))
    _sun(pen, key, backdrop)
    back, front = HAIR[hair]
    back(pen, colour)
    _body(pen, key, cloth)
    _face(pen, key)
    front(pen, colour)
    if pick(f"{key} glasses", 3) == 0:
        _glasses(pen)
    stored = BytesIO()
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(stored, "WEBP", quality=88, method=4)
    return stored.getvalue()


class Pen:
    """Drawing in units of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def oval(self, box: Box, fill: str | None, outline: str | None = None, width: float = 0) -> None:
        self._draw.ellipse(self._box(box), fill, outline, round(width * SCALE))

    def block(self, box: Box, radius: float, fill: str, corners: tuple[bool, ...] = (True,) * 4) -> None:
        self._draw.rounded_rectangle(self._box(box), radius * SCALE, fill, corners=corners)  # type: ignore[arg-type]

    def shape(self, points: list[tuple[float, float]], fill: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def line(self, points: list[tuple[float, float]], width: float = 4, fill: str = INK) -> None:
        self._draw.line([(x * SCALE, y * SCALE) for x, y in points], fill, round(width * SCALE), "curve")

    def arc(self, box: Box, start: float, end: float, width: float = 4, fill: str = INK) -> None:
        self._draw.arc(self._box(box), start, end, fill, round(width * SCALE))

    def slice(self, box: Box, start: float, end: float, fill: str) -> None:
        """The part of an oval cut off by the straight line between two angles."""
        self._draw.chord(self._box(box), start, end, fill)

    @staticmethod
    def _box(box: Box) -> Box:
        left, top, right, bottom = (value * SCALE for value in box)
        return left, top, right, bottom


def _sun(pen: Pen, key: str, backdrop: str) -> None:
    """A large disc behind the head, somewhere else in each picture."""
    x, y, r = 60 + pick(f"{key} x", 200), 70 + pick(f"{key} y", 110), 90 + pick(f"{key} r", 50)
    light = Image.blend(Image.new("RGB", (1, 1), backdrop), Image.new("RGB", (1, 1), PAPER), 0.55)
    red, green, blue = light.tobytes()
    pen.oval((x - r, y - r, x + r, y + r), f"#{red:02x}{green:02x}{blue:02x}")


def _body(pen: Pen, key: str, cloth: str) -> None:
    """Shoulders with a coat, a round neckline or a V."""
    pen.oval((52, 236, 268, 450), cloth)
    style = pick(f"{key} collar", 3)
    if style == 0:
        pen.shape([(122, 246), (198, 246), (176, 330), (144, 330)], PAPER)
        pen.line([(122, 244), (150, 292), (140, 326)], fill=PAPER, width=9)
        pen.line([(198, 244), (170, 292), (180, 326)], fill=PAPER, width=9)
    elif style == 1:
        pen.arc((122, 206, 198, 282), 10, 170, width=8, fill=PAPER)
    else:
        pen.line([(124, 240), (160, 290), (196, 240)], fill=PAPER, width=8)
    pen.block((138, 200, 182, 262), 22, PAPER)


def _face(pen: Pen, key: str) -> None:
    """Paper-coloured, with eyes and a mouth as lines: the drawing takes no guess at anybody's skin."""
    pen.oval((100, 152, 122, 184), PAPER)
    pen.oval((198, 152, 220, 184), PAPER)
    pen.oval((108, 92, 212, 226), PAPER)
    pen.arc((108, 92, 212, 228), 62, 118, width=3)
    if pick(f"{key} eyes", 2):
        pen.oval((133, 156, 143, 167), INK)
        pen.oval((177, 156, 187, 167), INK)
    else:
        pen.arc((128, 154, 148, 172), 200, 340)
        pen.arc((172, 154, 192, 172), 200, 340)
    rise = pick(f"{key} brow", 5)
    pen.line([(127, 146 - rise), (138, 142 - rise), (148, 145 - rise)], width=3)
    pen.line([(172, 145 - rise), (182, 142 - rise), (193, 146 - rise)], width=3)
    pen.line([(160, 162), (155, 182), (163, 184)], width=3)
    smile = 14 + pick(f"{key} smile", 10)
    pen.arc((160 - smile, 186, 160 + smile, 208), 20, 160)


def _glasses(pen: Pen) -> None:
    pen.oval((121, 146, 155, 178), None, INK, 3.5)
    pen.oval((165, 146, 199, 178), None, INK, 3.5)
    pen.line([(155, 160), (160, 157), (165, 160)], width=3)
    pen.line([(121, 160), (106, 156)], width=3)
    pen.line([(199, 160), (214, 156)], width=3)


def _nothing(pen: Pen, colour: str) -> None:
    pass


def _cap(pen: Pen, colour: str, low: float = 200) -> None:
    """Hair on top of the head, cut off at the angle ``low``, and before the ears."""
    pen.slice((102, 74, 218, 224), low, 540 - low, colour)
    pen.block((103, 112, 114, 154), 5, colour)
    pen.block((206, 112, 217, 154), 5, colour)


def _side_parting(pen: Pen, colour: str) -> None:
    pen.slice((102, 76, 218, 222), 196, 330, colour)
    pen.slice((128, 72, 222, 196), 232, 362, colour)


def _curls(pen: Pen, colour: str) -> None:
    for x, y, r in (
        (112, 124, 20),
        (122, 98, 23),
        (145, 82, 24),
        (172, 82, 24),
        (196, 97, 23),
        (208, 124, 20),
    ):
        pen.oval((x - r, y - r, x + r, y + r), colour)
    pen.slice((106, 84, 214, 200), 210, 330, colour)


def _long_back(pen: Pen, colour: str, down: float = 262) -> None:
    pen.oval((88, 68, 232, 228), colour)
    pen.block((88, 146, 232, down), 30, colour)


def _fringe(pen: Pen, colour: str) -> None:
    pen.slice((104, 80, 216, 204), 190, 350, colour)


def _swept(pen: Pen, colour: str) -> None:
    pen.slice((100, 78, 200, 216), 170, 318, colour)
    pen.slice((140, 78, 222, 200), 236, 372, colour)


def _bun_back(pen: Pen, colour: str) -> None:
    pen.oval((130, 44, 190, 104), colour)


def _sides(pen: Pen, colour: str) -> None:
    """Hair over the ears only."""
    pen.slice((100, 110, 132, 186), 90, 300, colour)
    pen.slice((188, 110, 220, 186), 240, 450, colour)


Layer = Callable[[Pen, str], None]
# What is drawn behind the head, and what in front of it.
HAIR: dict[str, tuple[Layer, Layer]] = {
    "short": (_nothing, partial(_cap, low=206)),
    "side": (_nothing, _side_parting),
    "curls": (_nothing, _curls),
    "bald": (_nothing, _sides),
    "bob": (partial(_long_back, down=214), _fringe),
    "long": (_long_back, _swept),
    "bun": (_bun_back, partial(_cap, low=200)),
}
