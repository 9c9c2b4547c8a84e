"""Drawing a card with Pillow: paper, ink, a mark for each doctor, as the thread page has them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from answers.cards.lettering import drawable, font, lines
from answers.consensus import Bar
from answers.enums import Stance

if TYPE_CHECKING:
    from questions.models import Question

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
INNER = WIDTH - 2 * MARGIN
# Changes when the drawing does, so that old pictures are drawn again.
DESIGN = 1
# The light theme of static/css/tokens.css; a picture has only one.
PAPER, CARD, INK, SOFT, LINE, ACCENT = "#fbfaf6", "#fffefb", "#1c2226", "#59636b", "#e3dfd5", "#0d5c63"
COLOURS = {
    Stance.SUPPORTS: "#0f766e",
    Stance.CONDITIONS: "#986100",
    Stance.AGAINST: "#a3352b",
    Stance.UNKNOWN: "#626973",
    Stance.EXAM: "#6d4bb0",
}
HOLLOW = frozenset({Stance.UNKNOWN, Stance.EXAM})
TITLE_SIZES = (66, 58, 50, 44)
TITLE_LINES = 4
# Shapes are drawn this much larger and made smaller, for smooth edges.
SCALE = 4
BRAND = "Candor"
HOW = "Verified doctors only, one position each"


@dataclass(frozen=True)
class Card:
    """Everything that is drawn, and nothing else: what changes here changes the card's version."""

    title: str
    about: str
    sentence: str
    few: bool
    marks: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, question: Question, bar: Bar) -> Card:
        """Of a thread: no word of who asked."""
        about = [str(part) for part in (question.treatment, question.use) if part]
        if question.treatment and not question.treatment.is_reviewed:
            about = []
        return cls(
            title=question.title,
            about=" · ".join(about),
            sentence=bar.sentence,
            few=bar.too_few,
            marks=tuple((mark.stance, mark.initials) for mark in bar.marks),
            segments=tuple((row["stance"], row["count"]) for row in bar.counts) if not bar.marks else (),
        )

    @property
    def version(self) -> str:
        packed = json.dumps([DESIGN, asdict(self)], ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(packed.encode()).hexdigest()[:16]

    @property
    def alt(self) -> str:
        """What the picture says, for those who do not see it."""
        return " – ".join(part for part in (self.about, self.title, self.sentence) if part)


def draw(card: Card) -> bytes:
    """A PNG of 1200 × 630 pixels."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 12), ACCENT)
    _words(pen, card)
    if card.marks:
        _marks(picture, card)
    elif card.segments:
        _segments(pen, card)
    _stand(pen, card)
    stored = BytesIO()
    few = picture.quantize(96, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(stored, "PNG", compress_level=6)
    return stored.getvalue()


def _words(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """What was asked, as large as four lines allow, under what it is about; without drawable words the latter."""
    small = font("Semibold", 32)
    title, about = drawable(card.title), drawable(card.about)
    if title and about:
        pen.text((MARGIN, 52), lines(about, small, INNER, 1)[0], ACCENT, small)
    title = title or about
    for size in TITLE_SIZES:
        large = font("Semibold", size)
        wrapped = lines(title, large, INNER, TITLE_LINES)
        height = round(size * 1.16)
        if len(wrapped) * height <= 280 and not (wrapped and wrapped[-1].endswith("…")):
            break
    for number, line in enumerate(wrapped):
        pen.text((MARGIN, 104 + number * height), line, INK, large)


def _stand(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """The sentence of the bar, then whose page this is."""
    medium = font("Semibold", 38)
    sentence = lines(drawable(card.sentence), medium, INNER, 1)
    if sentence:
        pen.text((MARGIN, 492), sentence[0], INK, medium)
    pen.line((MARGIN, 556, WIDTH - MARGIN, 556), LINE, 2)
    brand, small = font("Semibold", 32), font("Regular", 26)
    pen.text((MARGIN, 570), BRAND, INK, brand)
    pen.text((MARGIN + brand.getlength(BRAND), 570), ".", ACCENT, brand)
    pen.text((WIDTH - MARGIN - small.getlength(HOW), 575), HOW, SOFT, small)


def _marks(picture: Image.Image, card: Card) -> None:
    """One round mark per doctor, in one row of up to fourteen, else in two of smaller ones."""
    size, step, a_row = (64, 76, 14) if len(card.marks) <= 14 else (44, 53, 20)
    rows = (len(card.marks) - 1) // a_row + 1
    top = 478 - rows * step
    pen = ImageDraw.Draw(picture)
    face = font("Semibold", round(size * 0.4))
    for number, (stance, initials) in enumerate(card.marks):
        x, y = MARGIN + number % a_row * step, top + number // a_row * step
        hollow = card.few or stance in HOLLOW
        mark = _disc(stance, size, hollow)
        picture.paste(mark, (x, y), mark)
        ink = COLOURS[Stance(stance)] if hollow else CARD
        pen.text((x + size / 2, y + size / 2), drawable(initials)[:2], ink, face, anchor="mm")


@lru_cache(maxsize=32)
def _disc(stance: str, size: int, hollow: bool) -> Image.Image:
    """Filled, hollow, or dashed for an examination: told apart without colour too."""
    colour, edge = COLOURS[Stance(stance)], size * SCALE
    disc = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    pen = ImageDraw.Draw(disc)
    box = (SCALE, SCALE, edge - SCALE - 1, edge - SCALE - 1)
    if not hollow:
        pen.ellipse(box, colour)
    elif stance == Stance.EXAM:
        for start in range(0, 360, 30):
            pen.arc(box, start, start + 18, colour, 3 * SCALE)
    else:
        pen.ellipse(box, CARD, colour, 3 * SCALE)
    _sign(pen, stance, edge, colour)
    return disc.resize((size, size), Image.Resampling.LANCZOS)


def _sign(pen: ImageDraw.ImageDraw, stance: str, edge: int, colour: str) -> None:
    """The sign of a stance at the lower right of its mark, as on the page."""
    unit, width = edge / 100, round(edge / 22)

    def at(*points: float) -> list[float]:
        return [(66 + point * 0.34) * unit for point in points]

    pen.ellipse(at(0, 0, 99, 99), PAPER)
    if stance == Stance.SUPPORTS:
        pen.line(at(22, 54, 43, 74, 80, 28), colour, width, "curve")
    elif stance == Stance.AGAINST:
        pen.line(at(27, 27, 73, 73), colour, width)
        pen.line(at(27, 73, 73, 27), colour, width)
    elif stance == Stance.CONDITIONS:
        pen.ellipse(at(18, 18, 82, 82), None, colour, width)
        pen.pieslice(at(18, 18, 82, 82), 90, 270, colour)
    elif stance == Stance.UNKNOWN:
        pen.ellipse(at(18, 18, 82, 82), None, colour, width)
    else:
        pen.text((83 * unit, 84 * unit), "?", colour, font("Semibold", round(edge * 0.3)), anchor="mm")


def _segments(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """Above thirty doctors: proportions with their counts."""
    total, left = sum(count for _, count in card.segments), float(MARGIN)
    face = font("Semibold", 30)
    for stance, count in card.segments:
        right = left + INNER * count / total
        colour, hollow = COLOURS[Stance(stance)], stance in HOLLOW
        pen.rectangle((left, 412, max(right - 4, left), 472), None if hollow else colour, colour, 3)
        if face.getlength(str(count)) + 16 < right - left:
            middle = ((left + right) / 2 - 2, 442)
            pen.text(middle, str(count), colour if hollow else CARD, face, anchor="mm")
        left = right
