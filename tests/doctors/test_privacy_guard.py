"""Replies that no doctor may give in public are found, and harmless ones are left alone."""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctors.guarding import PREPARED
from doctors.privacy_guard import Finding, Told, findings
from treatments.catalogue.reading import read

REPLIES = json.loads((Path(__file__).parent / "data" / "replies.json").read_text(encoding="utf-8"))
BAR = 0.95


@pytest.fixture(scope="module")
def names() -> list[str]:
    """What treatments are called in the files of the catalogue, more than a thousand names."""
    entries = read().entries.values()
    synonyms = [synonym["name"] for entry in entries for synonym in entry["synonyms"]]
    return [*(entry["name"] for entry in entries), *(entry["generic"] or "" for entry in entries), *synonyms]


@pytest.mark.parametrize("halves", [("tuning",), ("holdout",), ("tuning", "holdout")])
def test_what_it_finds_of_hand_written_replies(halves: tuple[str, ...], names: list[str]) -> None:
    """Sixty bad and sixty harmless ones, written before the rules; the holdout was looked at once, afterwards."""
    bad = [text for half in halves for text in REPLIES[half]["bad"]]
    harmless = [text for half in halves for text in REPLIES[half]["harmless"]]
    right = sum(bool(findings(text, names=names)) for text in bad)
    wrong = sum(bool(findings(text, names=names)) for text in harmless)
    precision, recall = right / (right + wrong), right / len(bad)
    told = f"{' and '.join(halves)}: precision {precision:.3f}, recall {recall:.3f} of {len(bad)} and {len(harmless)}"
    sys.stdout.write(f"{told}\n")
    assert precision >= BAR
    assert recall >= BAR


@pytest.mark.parametrize("text", PREPARED.values(), ids=PREPARED)
def test_what_is_prepared_says_nothing_of_anybody(text: str, names: list[str]) -> None:
    assert findings(text, names=names) == []


@pytest.mark.parametrize(
    ("text", "told", "words"),
    [
        ("Thank you for your visit.", Told.MET, "your visit"),
        ("As your surgeon I disagree.", Told.MET, "your surgeon"),
        ("We did that on 3 March.", Told.DAY, "3 March"),
        ("Dear Anna, thank you.", Told.PERSON, "Anna"),
        ("We are glad, Anna.", Told.PERSON, "Anna"),
        ("The lips settle.", Told.BODY, "lips"),
        ("Botox lasts for months.", Told.DONE, "Botox"),
        ("Sculptra lasts for months.", Told.DONE, "Sculptra"),
    ],
)
def test_each_finding_has_its_words_and_what_to_say_instead(
    text: str, told: Told, words: str, names: list[str]
) -> None:
    found = findings(text, names=names)
    assert told in {each.told for each in found}
    assert any(words in each.words for each in found)
    assert all(each.why and each.instead for each in found)


@settings(max_examples=60)
@given(st.text(max_size=600))
def test_whatever_is_written_findings_lie_apart_and_are_words_of_it(text: str) -> None:
    found: list[Finding] = findings(text, names=["Botox"])
    assert all(text[each.start : each.start + len(each.words)] == each.words for each in found)
    ends = [(each.start, each.start + len(each.words)) for each in found]
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


@pytest.mark.parametrize("unit", ["your ", "you had ", "we saw ", "1/1/", "Dear A", "in the "])
def test_hostile_repetition_costs_no_time(unit: str) -> None:
    begun = time.perf_counter()
    findings(unit * 4000, names=["Botox"])
    assert time.perf_counter() - begun < 2
