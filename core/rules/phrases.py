"""Phrases that are looked for in what people write: no regular expression, so that none can run away.

One phrase per line, words in their order. Small words (a, my, is, very …) are passed over in both phrase and text.

- ``swell*``      any word with this beginning
- ``red|hot``     one of these
- ``<eye>``       one of a list defined on a line of its own: ``eye = eye|eyes|lid*``
- ``a .. b``      up to three further words between; ``...`` up to six
- ``a & b``       either may come first, up to four words between

A word of six letters or more is also found with one letter missing, added, swapped or, of the vowels, wrong; but for
its first.
No phrase reaches past the end of a sentence, nor over a no or not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

MOST_PHRASES, MOST_SLOTS, LONGEST_WORD, FUZZY_FROM = 600, 8, 40, 6
GAPS = {"..": 3, "...": 6}
EITHER_ORDER = 4
STOP, PAUSE = 2, 1
FILLERS = frozenset(
    """a an the my our your his her their this that these those is are was were be been being am of in on at to and
    with very really so quite just some bit little also kinda feel feels feeling felt get gets getting
    got have has had having i im ive""".split()
)
# Words in their own right that lie one letter from what is looked for.
ORDINARY = frozenset(
    "massage though thorough trough bother angles heres patents parent stoke bride lining cooks brooks".split()
)
_VOWELS = frozenset("aeiouy")
# Between the words of a phrase these say that it is not so: "my lips are not white".
DENYING = frozenset("no not nor never without isnt arent wasnt werent".split())
_TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*|[.!?;\n]|[,:()–—]")
_STOPS = frozenset(".!?;\n")
_ATOM = re.compile(r"[^\W_]+\*?")
_NAME = re.compile(r"<([a-z][a-z0-9-]*)>")
_DEFINITION = re.compile(r"([a-z][a-z0-9-]*)\s*=\s*(.+)")


# The alternatives of each word, and how many others may stand before it.
Phrase = list[tuple[frozenset[str], int]]


class PhraseError(ValueError):
    """A line that is no phrase; the message names it for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, in lower case without apostrophes. ``after``: what stands before it, 2 a sentence's end."""

    norm: str
    start: int
    end: int
    after: int


class Words:
    """A text as its words. ``kept`` are the places of those that are not passed over."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all: list[Word] = []
        after = STOP
        for match in _TOKEN.finditer(text):
            found = match[0]
            if not found[0].isalnum():
                after = max(after, STOP if found in _STOPS else PAUSE)
                continue
            norm = found.lower().replace("'", "").replace("’", "").replace("`", "")
            self.all.append(Word(norm, match.start(), match.end(), after))
            after = 0
        self.kept = [i for i, word in enumerate(self.all) if word.norm not in FILLERS]


@dataclass(frozen=True, slots=True)
class Match:
    """``owner`` is what the phrase was given for; ``first`` and ``last`` are places in ``Words.all``."""

    owner: int
    first: int
    last: int


class Phrases:
    """Many phrases looked for at once, each for an owner."""

    def __init__(self, lists: Iterable[list[Phrase]]) -> None:
        self._slots: dict[frozenset[str], int] = {}
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._begins: dict[str, list[int]] = defaultdict(list)
        self._near: dict[str, set[str]] = defaultdict(set)
        self._starts: dict[int, list[tuple[int, tuple[int, ...], tuple[int, ...]]]] = defaultdict(list)
        for owner, phrases in enumerate(lists):
            for phrase in phrases:
                slots = tuple(self._slot(alternatives) for alternatives, _ in phrase)
                self._starts[slots[0]].append((owner, slots[1:], tuple(gap for _, gap in phrase[1:])))

    def find(self, words: Words) -> Iterator[Match]:
        """Every place where a phrase begins, once per phrase."""
        known: dict[str, frozenset[int]] = {}
        for i in words.kept:
            norm = words.all[i].norm
            if norm not in known:
                known[norm] = self._slots_of(norm)
        present = frozenset().union(*known.values()) if known else frozenset()
        if not present:
            return
        at = [known[words.all[i].norm] for i in words.kept]
        breaks = _stops(words)
        denies = [words.all[i].norm in DENYING for i in words.kept]
        for place, slots in enumerate(at):
            for slot in slots:
                for owner, rest, gaps in self._starts.get(slot, ()):
                    if present.issuperset(rest):
                        last = _follow(at, breaks, denies, place, rest, gaps)
                        if last is not None:
                            yield Match(owner, words.kept[place], words.kept[last])

    def _slot(self, alternatives: frozenset[str]) -> int:
        if alternatives in self._slots:
            return self._slots[alternatives]
        number = self._slots[alternatives] = len(self._slots)
        for atom in alternatives:
            if atom.endswith("*"):
                self._begins[atom[:-1]].append(number)
                continue
            self._exact[atom].append(number)
            if len(atom) >= FUZZY_FROM:
                for shorter in _shortened(atom):
                    self._near[shorter].add(atom)
        return number

    def _slots_of(self, norm: str) -> frozenset[int]:
        found = set(self._exact.get(norm, ()))
        for length in range(2, min(len(norm), LONGEST_WORD) + 1):
            found.update(self._begins.get(norm[:length], ()))
        if not found and FUZZY_FROM - 1 <= len(norm) <= LONGEST_WORD and norm not in ORDINARY:
            for shorter in _shortened(norm):
                for atom in self._near.get(shorter, ()):
                    if _is_misspelt(norm, atom):
                        found.update(self._exact[atom])
        return frozenset(found)


def parse(lines: str) -> list[Phrase]:
    """The phrases of a text of lines, definitions applied. Raises PhraseError."""
    definitions: dict[str, str] = {}
    found: list[Phrase] = []
    for line in filter(None, (raw.strip().lower() for raw in lines.splitlines())):
        if match := _DEFINITION.fullmatch(line):
            definitions[match[1]] = _named(match[2], definitions).replace(" ", "")
        else:
            found += _orders(_named(line, definitions))
    if len(found) > MOST_PHRASES:
        raise PhraseError(f"These are {len(found)} phrases; {MOST_PHRASES} are the most a rule may have.")
    return found


@lru_cache(maxsize=256)
def compiled(*lists: str) -> Phrases:
    """The phrases of each of ``lists``, ready to be looked for; owners are counted from 0."""
    return Phrases([parse(lines) for lines in lists])


def _named(line: str, definitions: Mapping[str, str]) -> str:
    def meaning(match: re.Match[str]) -> str:
        if match[1] not in definitions:
            raise PhraseError(f"“{match[0]}” is used before it is defined, in “{line}”.")
        return definitions[match[1]]

    return _NAME.sub(meaning, line)


def _orders(line: str) -> list[Phrase]:
    """One phrase, or two where either part may come first."""
    parts = [_sequence(part, line) for part in line.split("&")]
    if len(parts) == 1:
        return parts
    if len(parts) > 2:
        raise PhraseError(f"“{line}” has more than one “&”.")
    orders = []
    for first, second in (parts, parts[::-1]):
        alternatives, _ = second[0]
        orders.append([*first, (alternatives, EITHER_ORDER), *second[1:]])
    return orders


def _sequence(part: str, line: str) -> Phrase:
    found: Phrase = []
    gap = 0
    for piece in part.replace("'", "").replace("’", "").split():
        if piece in GAPS:
            gap = GAPS[piece]
            continue
        alternatives = frozenset(piece.split("|"))
        bad = [
            atom
            for atom in alternatives
            if not _ATOM.fullmatch(atom) or len(atom) < 1 + 2 * atom.endswith("*")
        ]
        if bad or any(len(atom) > LONGEST_WORD for atom in alternatives):
            raise PhraseError(f"“{piece}” is no word, in “{line}”.")
        if len(alternatives) > 1 and alternatives & FILLERS:
            small = ", ".join(sorted(alternatives & FILLERS))
            raise PhraseError(f"“{small}” would be passed over and cannot be one of several, in “{line}”.")
        if not alternatives <= FILLERS:
            found.append((alternatives, gap))
            gap = 0
    if not found:
        raise PhraseError(f"“{line}” has no word that would be looked for.")
    if len(found) > MOST_SLOTS:
        raise PhraseError(f"“{line}” is too long: {MOST_SLOTS} words are the most.")
    return found


def _is_misspelt(norm: str, atom: str) -> bool:
    """One letter apart. Another consonant makes another word: filter is no filler."""
    if atom[0] != norm[0] or OSA.distance(atom, norm, score_cutoff=1) > 1:
        return False
    differing = [pair for pair in zip(atom, norm, strict=False) if pair[0] != pair[1]]
    return len(atom) != len(norm) or len(differing) == 2 or _VOWELS.issuperset(differing[0])


def _shortened(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _stops(words: Words) -> list[int]:
    """For each kept word the number of sentences' ends before it."""
    counted, ends, upto = [], 0, 0
    for i in words.kept:
        ends += sum(word.after == STOP for word in words.all[upto : i + 1])
        upto = i + 1
        counted.append(ends)
    return counted


def _follow(
    at: list[frozenset[int]],
    breaks: list[int],
    denies: list[bool],
    place: int,
    rest: tuple[int, ...],
    gaps: tuple[int, ...],
) -> int | None:
    """The place of the last word of a phrase that begins at ``place``; ``None`` where it does not go on."""
    reached = {place}
    for slot, gap in zip(rest, gaps, strict=True):
        reached = {
            there
            for here in reached
            for there in range(here + 1, min(here + gap + 2, len(at)))
            if slot in at[there] and breaks[there] == breaks[place] and not any(denies[here + 1 : there])
        }
        if not reached:
            return None
    return min(reached)
