"""The picture itself."""

from __future__ import annotations

import time
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from answers.cards import HEIGHT, WIDTH, Card, draw
from answers.cards.drawing import COLOURS, MARGIN, PAPER
from answers.consensus import MARKS_AT_MOST
from answers.enums import Stance

CARD = Card(
    title="Can Botox make the muscles of my legs or arms smaller?",
    about="Botox · Leg and arm muscles",
    sentence="8 of 10 doctors advise against it",
    few=False,
    marks=(("conditions", "HC"), *((("against", "JR"),) * 8), ("exam", "RF")),
    segments=(),
)
STANCES = st.sampled_from(Stance.values)
CARDS = st.builds(
    Card,
    title=st.text(max_size=300),
    about=st.text(max_size=250),
    sentence=st.text(max_size=120),
    few=st.booleans(),
    marks=st.lists(st.tuples(STANCES, st.text(max_size=2)), max_size=MARKS_AT_MOST).map(tuple),
    segments=st.lists(st.tuples(STANCES, st.integers(1, 5000)), max_size=5).map(tuple),
)


def opened(card: Card) -> Image.Image:
    picture = Image.open(BytesIO(draw(card)))
    assert picture.format == "PNG"
    return picture.convert("RGB")


@settings(max_examples=60, deadline=None)
@given(CARDS)
def test_anything_is_drawn_within_its_margins(card: Card) -> None:
    picture = opened(card)
    assert picture.size == (WIDTH, HEIGHT)
    paper = picture.getpixel((5, 300))
    for edge in (
        (0, 20, MARGIN - 8, HEIGHT),
        (WIDTH - MARGIN + 8, 20, WIDTH, HEIGHT),
        (0, HEIGHT - 12, WIDTH, HEIGHT),
    ):
        assert picture.crop(edge).getcolors(1) == [((edge[2] - edge[0]) * (edge[3] - edge[1]), paper)]


def test_it_has_the_colours_of_the_positions_taken() -> None:
    colours = {colour for _, colour in opened(CARD).getcolors(100_000)}

    def near(colour: str) -> bool:
        wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return any(all(abs(a - b) <= 10 for a, b in zip(wanted, one, strict=True)) for one in colours)

    assert near(COLOURS[Stance.AGAINST])
    assert near(COLOURS[Stance.CONDITIONS])
    assert not near(COLOURS[Stance.SUPPORTS])


def test_a_title_that_cannot_be_drawn_gives_its_place_to_what_it_is_about() -> None:
    without = opened(replace(CARD, title="هل البوتوكس آمن للساقين؟"))
    assert without.tobytes() == opened(replace(CARD, title="Botox · Leg and arm muscles", about="")).tobytes()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another?"},
        {"about": "Xeomin"},
        {"sentence": "All doctors agree"},
        {"few": True},
        {"marks": CARD.marks[1:]},
        {"marks": (("conditions", "XX"), *CARD.marks[1:])},
        {"segments": (("against", 9),)},
    ],
)
def test_the_version_changes_with_everything_drawn(change: dict) -> None:
    assert replace(CARD, **change).version != CARD.version
    assert replace(CARD).version == CARD.version


def test_it_is_quick() -> None:
    draw(CARD)
    took = []
    for _ in range(5):
        start = time.process_time()
        draw(CARD)
        took.append(time.process_time() - start)
    assert min(took) < 0.15


def test_the_colours_are_those_of_the_tokens(settings) -> None:
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    for colour in (*COLOURS.values(), PAPER):
        assert f"light-dark({colour}," in tokens
