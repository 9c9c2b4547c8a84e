"""Detectors that know nothing of a subject: the same text again, and many things at once from a new account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from core.enums import State
from core.models import AuditEntry
from core.rules.phrases import Words
from core.rules.reading import Hit, Reading

# Three words in a row, over the first words of a text: bounded whatever its length.
SHINGLE, MOST_WORDS, FEWEST_WORDS = 3, 1500, 12
LAST_OF_AUTHOR = 30
ALIKE = 0.7
NEW_ACCOUNT, BURST, BURST_WITHIN = timedelta(days=7), 4, timedelta(hours=1)


def near_duplicates(reading: Reading) -> Iterator[Hit]:
    """Another text of the same author that says nearly the same."""
    if reading.author_id is None:
        return
    mine = _shingles(reading.words)
    if len(mine) < FEWEST_WORDS - SHINGLE:
        return
    for other in islice(reading.others(), LAST_OF_AUTHOR):
        theirs = _shingles(Words(other))
        share = len(mine & theirs) / max(len(mine | theirs), 1)
        if share >= ALIKE:
            yield Hit(f"{round(100 * share)} % the same as “{other[:80]}”")
            return


def bursts(reading: Reading) -> Iterator[Hit]:
    """A new account that hands in one thing after another."""
    now = timezone.now()
    if reading.author_id is None or reading.joined_at is None or now - reading.joined_at > NEW_ACCOUNT:
        return
    lately = AuditEntry.objects.filter(
        actor=reading.author_id, to_state=State.PENDING, at__gte=now - BURST_WITHIN
    ).count()
    if lately >= BURST - 1:  # this one is not recorded yet
        yield Hit(f"{lately + 1} texts within an hour, from an account of this week")


def _shingles(words: Words) -> frozenset[tuple[str, ...]]:
    norms = [word.norm for word in words.all[:MOST_WORDS]]
    return frozenset(_windows(norms))


def _windows(norms: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(norms[i:] for i in range(SHINGLE)), strict=False)
