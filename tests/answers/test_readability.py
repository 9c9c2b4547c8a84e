"""How hard a text is to read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.readability import advice, grade, syllables

EASY = "You can go home the same day. Rest for a week. Do not lift your child. Call us if it gets red or hot."
HARD = (
    "Administration of botulinum toxin into hypertrophied gastrocnemius musculature necessitates comprehensive "
    "consideration of functional deterioration, particularly regarding ambulatory biomechanics and compensatory "
    "hypertrophy."
)


@pytest.mark.parametrize(
    ("word", "count"),
    [("risk", 1), ("muscle", 2), ("make", 1), ("weakness", 2), ("injection", 3), ("needed", 2), ("y", 1)],
)
def test_syllables_are_counted_as_they_are_said(word: str, count: int) -> None:
    assert syllables(word) == count


def test_long_words_in_long_sentences_are_hard() -> None:
    assert grade(EASY) <= 3
    assert grade(HARD) > 16
    assert "with ease" in advice(EASY)
    assert "plainer words" in advice(HARD)
    assert advice("Too short to tell.") == ""


@settings(max_examples=50)
@given(st.text(max_size=400))
def test_any_text_has_a_grade_or_none(text: str) -> None:
    assert grade(text) is None or grade(text) >= 1
