"""What the detectors find, what they leave alone, and that no text keeps them busy."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.holding.detectors import ages, contacts, links, names
from config.holding.loading import definitions
from core.models import HoldRule
from core.rules.reading import Reading
from core.rules.running import findings
from tests.timing import is_done_within

ALL = (contacts, links, names, ages)
SHIPPED = [
    HoldRule(**entry) for entry in definitions() if entry["detector"] not in {"near-duplicates", "bursts"}
]


def words(detector, text: str) -> list[str]:
    return [hit.words for hit in detector(Reading(text))]


@pytest.mark.parametrize(
    ("detector", "text", "found"),
    [
        (contacts, "a.b+c@mail.example.co.uk", "a.b+c@mail.example.co.uk"),
        (contacts, "jane roe (at) gmail", "roe (at) gmail"),
        (contacts, "call 0161-496-0123 now", "0161-496-0123"),
        (contacts, "or +44 20 7946 0018.", "+44 20 7946 0018"),
        (contacts, "see @some.clinic", "@some.clinic"),
        (links, "at http://x.example/a?b=1", "http://x.example/a?b=1"),
        (links, "on MyNose.com today", "MyNose.com"),
        (links, "fake https://fda.gov.evil.com/x", "https://fda.gov.evil.com/x"),
        (names, "Dr. J. Smithson did it", "Dr. J. Smithson"),
        (names, "with Maria Lopez there", "Maria Lopez"),
        (ages, "I’m 17", "I’m 17"),
        (ages, "my daughter, 15 yo", "15 yo"),
        (ages, "(16F) with acne", "16F"),
    ],
)
def test_they_find(detector, text: str, found: str) -> None:
    assert found in words(detector, text)


@pytest.mark.parametrize(
    ("detector", "text"),
    [
        (contacts, "on 2024-03-12 and 12.03.2024, 1,200,000 won, ratio 0.01207292"),
        (contacts, "@home"[:1] + " noon, 5 @ 3"),
        (links, "https://www.ncbi.nlm.nih.gov/pmc/1 and doi.org/10.1/x and www.fda.gov"),
        (links, "two weeks.Then it was gone, e.g.nothing"),
        (names, "My doctor. She said so. Dr Google, Botox Cosmetic, Pico Laser"),
        (ages, "I'm 32, I am 6 weeks out, she is 12 months post op, I'm 10 years out, 20 units, 1.5 ml"),
    ],
)
def test_they_leave_alone(detector, text: str) -> None:
    assert words(detector, text) == []


@settings(max_examples=60)
@given(st.text(alphabet="a1@. -+(A,'/:www\n", min_size=1, max_size=12))
def test_no_text_keeps_them_busy(piece: str) -> None:
    text = (piece * 20_000)[:20_000]

    def read() -> None:
        for detector in ALL:
            for _ in detector(Reading(text)):
                pass

    assert is_done_within(0.5, read, process_time)


pytestmark = pytest.mark.django_db  # the privacy guard knows treatments by their names
ORDINARY = (
    "I had filler in both cheeks in spring and was happy with it. Since last week there is a small lump on the left "
    "that I can feel when I press. My doctor says to wait. Has anybody had this, and how long did it take to go? "
) * 3


def test_an_ordinary_text_takes_a_few_milliseconds() -> None:
    findings(Reading(ORDINARY), SHIPPED)  # once, to compile the phrases
    assert is_done_within(0.005, lambda: findings(Reading(ORDINARY), SHIPPED), process_time)


@pytest.mark.parametrize(
    "piece",
    [
        ORDINARY,
        "no blind pain chest swell red leg hot fever ",
        "I'm 15 you idiot call me at 0161 496 0123 www.shop.com ",
        "a@a.a",
        "1 ",
        "Aa ",
    ],
)
def test_the_longest_text_takes_less_than_a_fifth_of_a_second(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    findings(Reading(text), SHIPPED)
    assert is_done_within(0.2, lambda: findings(Reading(text), SHIPPED), process_time)
