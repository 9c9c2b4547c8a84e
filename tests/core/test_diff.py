"""The word-by-word comparison is exact, escaped and bounded."""

from __future__ import annotations

import re
from html import unescape
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diff import words_changed
from tests.timing import is_done_within


def without(tag: str, html: str) -> str:
    """The text that remains when what is marked with ``tag`` is left out."""
    return unescape(re.sub(r"</?(?:ins|del)>", "", re.sub(rf"<{tag}>.*?</{tag}>", "", html, flags=re.DOTALL)))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("two days", "nine days", "<del>two</del><ins>nine</ins> days"),
        ("", "new", "<ins>new</ins>"),
        ("old", "", "<del>old</del>"),
        ("same\nlines", "same\nlines", "same\nlines"),
        ("a < b", "a < c", "a &lt; <del>b</del><ins>c</ins>"),
    ],
)
def test_words_are_marked(before: str, after: str, shown: str) -> None:
    assert words_changed(before, after) == shown


@given(st.text(max_size=200), st.text(max_size=200))
def test_both_texts_can_be_read_off(before: str, after: str) -> None:
    html = words_changed(before, after)
    assert without("del", html) == after
    assert without("ins", html) == before


@given(st.text(alphabet="<>&\"'/ abins", max_size=80), st.text(alphabet="<>&\"'/ abdel", max_size=80))
def test_nothing_but_the_marks_is_markup(before: str, after: str) -> None:
    assert set(re.findall(r"<[^>]*>?", words_changed(before, after))) <= {
        "<ins>",
        "</ins>",
        "<del>",
        "</del>",
    }


def test_long_texts_do_not_take_long() -> None:
    for old, new in (("a b ", "b c "), ("a\n", "b\n")):
        assert is_done_within(1, lambda: words_changed(old * 50_000, new * 50_000), process_time)  # noqa: B023


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 200, "b c a " * 130),
        ("ab\n" * 500, "a\nb\n" * 500),
        (" ".join("ab"[n % 2] for n in range(450)), " ".join("ab"[n // 2 % 2] for n in range(450))),
    ],
    ids=["words", "lines", "halves"],
)
def test_texts_that_repeat_themselves_do_not_take_long(before: str, after: str) -> None:
    """An author must not be able to keep the moderators from opening an edit."""
    old, new = ("\n".join(f"k{n}\n{text}" for n in range(20)) for text in (before, after))
    assert is_done_within(1, lambda: words_changed(old, new), process_time)
    html = words_changed(old, new)
    assert without("del", html) == new
    assert without("ins", html) == old
