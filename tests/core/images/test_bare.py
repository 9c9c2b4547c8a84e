"""A JPEG passes if it is nothing but a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.bare import NotBare, size_of
from tests.core.images.samples import JPEG, SIZE, drawn, held, written


def test_the_size_of_a_bare_picture_is_read() -> None:
    assert size_of(JPEG) == SIZE
    assert size_of(written(drawn((300, 7)), "JPEG", subsampling="4:4:4")) == (300, 7)


@pytest.mark.parametrize(
    "content",
    [
        held(1),
        written(drawn(), "JPEG", comment="words"),
        written(drawn(), "JPEG", icc_profile=b"words"),
        written(drawn(), "PNG"),
        JPEG + b"\n",
        JPEG + JPEG,
        JPEG[:-2],
        JPEG[:-40] + b"\xff\xfe\x00\x07words" + JPEG[-40:],
        b"\xff\xd8\xff\xd9",
        b"",
    ],
)
def test_whatever_holds_more_or_less_does_not_pass(content: bytes) -> None:
    with pytest.raises(NotBare):
        size_of(content)


@given(st.binary(max_size=60), st.integers(0, len(JPEG)))
def test_other_bytes_anywhere_are_read_or_not_bare(words: bytes, place: int) -> None:
    try:
        width, height = size_of(JPEG[:place] + words + JPEG[place:])
    except NotBare:
        return
    assert width >= 0 <= height
