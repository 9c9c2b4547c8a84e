"""Drawn letters for the demonstration: what a file of evidence could look like, plainly not a real one."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from doctors.enums import EvidenceKind
from doctors.evidence import Paper

SIZE = (900, 640)
INK, PETROL, SHEET, LINE = "#1c2226", "#0d5c63", "#fffefb", "#e3dfd5"


def letter(heading: str, *lines: str) -> Paper:
    """A sheet with a heading and some lines; the same words give the same picture."""
    sheet = Image.new("RGB", SIZE, SHEET)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((24, 24, SIZE[0] - 24, SIZE[1] - 24), outline=LINE, width=3)
    pen.text((72, 80), heading, PETROL, ImageFont.load_default(34))
    for place, line in enumerate(lines):
        pen.text((72, 190 + 56 * place), line, INK, ImageFont.load_default(26))
    pen.arc((72, 470, 300, 560), 200, 340, INK, 4)
    drawn = BytesIO()
    sheet.save(drawn, "PNG", optimize=True)
    return Paper(drawn.getvalue(), EvidenceKind.PNG)
