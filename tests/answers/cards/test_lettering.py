"""Which words can be drawn, and where lines break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.cards.lettering import drawable, font, has, lines

FACE = font("Semibold", 44)


@pytest.mark.parametrize(
    "text", ["Ça m’inquiète", "Żółć, ő, ğ, č", "Μπορεί το μποτόξ;", "Можно ли ботокс?", "30 € – 50 %"]
)
def test_latin_with_accents_greek_and_cyrillic_are_drawn(text: str) -> None:
    assert drawable(text) == text
    assert all(has(letter) for letter in text if letter != " ")


@pytest.mark.parametrize(
    "text", ["هل البوتوكس آمن؟", "האם זה מסוכן?", "肉毒杆菌安全吗", "보톡스", "Botox 安全?", "ไทย"]
)
def test_other_scripts_are_left_out_rather_than_boxed(text: str) -> None:
    assert drawable(text) == ""


def test_emoji_and_what_cannot_be_seen_are_dropped() -> None:
    assert drawable("Week 5: 🔥 shed\u200bding\n\u202ered 👩‍👩‍👧") == "Week 5: shed ding red"


@given(st.text(max_size=400), st.sampled_from([200, 1056]), st.integers(1, 4))
def test_any_text_fits_its_lines(text: str, width: int, most: int) -> None:
    wrapped = lines(drawable(text), FACE, width, most)
    assert len(wrapped) <= most
    assert all(FACE.getlength(line) <= width for line in wrapped)
    if wrapped and not wrapped[-1].endswith("…"):
        assert "".join(wrapped).replace(" ", "") == drawable(text).replace(" ", "")
