"""Phrases find what people mean in bounded time, whatever is typed."""

from __future__ import annotations

import string
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules.denial import is_denied
from core.rules.phrases import PhraseError, Words, compiled, parse
from tests.timing import is_done_within


def found(phrases: str, text: str) -> list[str]:
    words = Words(text)
    return [text[words.all[m.first].start : words.all[m.last].end] for m in compiled(phrases).find(words)]


@pytest.mark.parametrize(
    ("phrases", "text", "words"),
    [
        ("chest pain", "I have chest pain", ["chest pain"]),
        ("pain chest", "a pain in my chest", ["pain in my chest"]),
        ("swell*", "Swelling and SWOLLEN", ["Swelling"]),
        ("red|hot leg", "a hot leg, a red leg", ["hot leg", "red leg"]),
        ("book .. visit", "book an early first visit", ["book an early first visit"]),
        ("fever & wound", "the wound is open, I have a fever", ["wound is open, I have a fever"]),
        ("fever & wound", "fever and a wound", ["fever and a wound"]),
        ("eye = eye|eyes\n<eye> hurt", "my eyes hurt", ["eyes hurt"]),
        ("can't see", "I can’t see, I cant see", ["can’t see", "cant see"]),
        (
            "breathing",
            "brething, breahting, breathign, braething",
            ["brething", "breahting", "breathign", "braething"],
        ),
    ],
)
def test_they_find(phrases: str, text: str, words: list[str]) -> None:
    assert found(phrases, text) == words


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        ("chest pain", "My chest is fine. Pain in the foot"),
        ("chest pain", "a chest\npain"),
        ("book .. visit", "book one two three four visit"),
        ("filler", "a filter, a tiller, the first fill"),
        ("pain", "paint"),
        ("swell*", "well"),
    ],
)
def test_they_leave_alone(phrases: str, text: str) -> None:
    assert found(phrases, text) == []


@pytest.mark.parametrize(
    ("phrases", "said"),
    [
        ("<eye> hurt", "before it is defined"),
        ("my|your page", "passed over"),
        ("is the a", "no word"),
        ("pa(in)+$", "no word"),
        (".*", "no word"),
        ("red & hot & sore", "more than one"),
        (" ".join(["word"] * 9), "too long"),
        ("\n".join(f"word{n}" for n in range(601)), "601 phrases"),
    ],
)
def test_a_line_that_is_no_phrase_is_named(phrases: str, said: str) -> None:
    with pytest.raises(PhraseError, match=said):
        parse(phrases)


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain",
        "never any chest pain",
        "without fever or chest pain",
        "no fever, chest pain or rash",
        "chest pain: no",
        "the risk of chest pain",
        "could it cause chest pain?",
        "denies chest pain",
    ],
)
def test_what_is_denied_or_spoken_of_is_heard(text: str) -> None:
    words = Words(text)
    assert [is_denied(words, match) for match in compiled("chest pain").find(words)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "chest pain",
        "no fever but chest pain",
        "no idea why I have chest pain",
        "never had chest pain like this",
        "no. chest pain",
        "not only chest pain",
        "no help, chest pain",
        "chest pain, no help",
        "what causes my chest pain",
    ],
)
def test_in_doubt_it_is_there(text: str) -> None:
    words = Words(text)
    assert [is_denied(words, match) for match in compiled("chest pain").find(words)] == [False]


ATOM = st.text(string.ascii_lowercase, min_size=1, max_size=9)
PHRASE = st.lists(st.lists(ATOM, min_size=1, max_size=3).map("|".join), min_size=1, max_size=5).map(
    " .. ".join
)


@settings(max_examples=25)
@given(phrases=st.lists(PHRASE, min_size=1, max_size=40), seeds=st.lists(ATOM, min_size=1, max_size=6))
def test_any_phrases_read_the_longest_text_in_bounded_time(phrases: list[str], seeds: list[str]) -> None:
    """Whatever the phrases are and whatever the text repeats, their own words included."""
    lines = "\n".join(phrases)
    try:
        parse(lines)
    except PhraseError:
        return
    own = [atom for phrase in phrases[:5] for atom in phrase.replace(" .. ", "|").split("|")]
    text = " ".join((own + seeds) * 20_000)[:20_000]

    def read() -> None:
        words = Words(text)
        for match in compiled(lines).find(words):
            is_denied(words, match)

    assert is_done_within(2, read, process_time)
