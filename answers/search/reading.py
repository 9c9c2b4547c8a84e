"""Understanding a query: its stems, how many threads hold each, near spellings, names of what it mentions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from answers.threads import BARE
from treatments.search import Entry, fold, likeness, matching, nearest, vocabulary, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Characters of a query that are read, and words of it that are weighed.
READ, WEIGHED = 1000, 40
# A word tells more the rarer it is; a little more than in proportion to BM25's measure.
RARITY = 1.3
# What another spelling and another name count beside the word itself; so many other names at most.
VARIANT, OTHER_NAME, OTHER_NAMES = 0.5, 0.4, 6
# Words in fewer threads than one of RARE (or in three) may be misspelt or met misspelt.
RARE = 200
# So like each other are two spellings of one word; so much commoner is the right one; so many threads a
# name of the catalogue is worth.
ALIKE, COMMONER, TRUSTED = 0.82, 20, 10_000

# One thing in two numbers without a stem in common: a word and the stem of its other number.
NUMBERS = {"calf": "calv", "calfs": "calv", "calves": "calf", "foot": "feet", "feet": "foot"}
NUMBERS |= {"tooth": "teeth", "teeth": "tooth"}

READ_WORDS = f"""
WITH given AS (SELECT {BARE.format("%(query)s")} AS q),
total AS (SELECT coalesce((SELECT threads FROM answers_word WHERE word = ''), 0) AS threads),
spelt AS (
    SELECT word, stem, place, lead(word) OVER (ORDER BY place) AS next
    FROM (SELECT lexeme AS word, unnest(positions) AS place FROM given, unnest(to_tsvector('simple', q))) s
    LEFT JOIN (
        SELECT lexeme AS stem, unnest(positions) AS place FROM given, unnest(to_tsvector('english', q))
    ) e USING (place)
),
counted AS (
    SELECT s.*, row_number() OVER (ORDER BY s.threads, s.place) AS rank FROM (
        SELECT word, stem, min(place) AS place,
               (SELECT coalesce(sum(w.threads), 0) FROM answers_word w WHERE w.stem = spelt.stem) AS threads
        FROM spelt WHERE stem IS NOT NULL GROUP BY word, stem
    ) s
)
SELECT c.word, c.stem, c.threads, near.words, near.stems, near.threads
FROM (SELECT * FROM counted ORDER BY place) c CROSS JOIN total LEFT JOIN LATERAL (
    SELECT array_agg(w.word) AS words, array_agg(w.stem) AS stems, array_agg(w.threads) AS threads
    FROM answers_word w
    WHERE c.rank <= 6 AND c.threads <= greatest(3, total.threads / {RARE}) AND length(c.word) > 3
      AND "left"(w.word, 1) IN ("left"(c.word, 1), substr(c.word, 2, 1))
      AND length(w.word) BETWEEN length(c.word) - 3 AND length(c.word) + 3
) near ON true
UNION ALL
SELECT w.word, w.stem, w.threads, NULL, NULL, NULL
FROM spelt s JOIN answers_word w ON w.word = s.word || s.next
UNION ALL
SELECT '', n.lexeme, sum(w.threads), NULL, NULL, NULL
FROM unnest(%(names)s::text[]) name, unnest(to_tsvector('english', name)) n
JOIN answers_word w ON w.stem = n.lexeme
GROUP BY n.lexeme
UNION ALL
SELECT NULL, NULL, total.threads, NULL, NULL, ARRAY[(
    SELECT reltuples::bigint FROM pg_class WHERE oid = 'answers_thread'::regclass
)] FROM total
"""  # noqa: S608  # made of constants


@dataclass(frozen=True)
class Term:
    """Something to look for: a query in PostgreSQL's notation, its weight, the threads it stands in."""

    query: str
    weight: float
    threads: float


@dataclass(frozen=True)
class Reading:
    """A query as it was understood. ``words`` leaves out the little ones and puts misspelt ones right."""

    terms: list[Term] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    suggestion: str = ""

    @property
    def any_word(self) -> str:
        return any_of(term.query for term in self.terms)


@dataclass
class _Asked:
    """A word of the query: its stem, the threads it stands in, ``{word: (stem, threads)}`` spelt like it."""

    word: str
    stem: str
    threads: int
    near: dict[str, tuple[str, int]]


def read(query: str, entries: list[Entry]) -> Reading:
    """Understand a query; ``entries`` is the catalogue. One query, none for an empty one."""
    given = fold(query[:READ]).strip()
    if not given:
        return Reading()
    twins = [NUMBERS[word] for word in words_of(given) if word in NUMBERS]
    asked, names, sample, threads = _looked_up(given, [*_names_meant(given, entries), *twins])
    shares, meant = _weighed(asked, catalogue_words=vocabulary(entries), sample=sample)
    for stem, count in names.items():
        shares.setdefault(stem, (1 if stem in twins else OTHER_NAME, count))
    scale = threads / max(sample, 1)
    terms = [
        Term(quoted(stem), share * rarity(count, sample), count * scale)
        for stem, (share, count) in shares.items()
    ]
    terms.sort(key=lambda term: (term.threads, term.query))
    words = [better for word in asked for better in meant.get(word.word, [word.word])]
    return Reading(terms[:WEIGHED], words, list(shares), _suggestion(given, meant))


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it back, whatever stands in it."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def any_of(queries: Iterable[str]) -> str:
    return " | ".join(queries)


def rarity(threads: float, sample: float) -> float:
    """What a word in ``threads`` of ``sample`` threads says of a text: BM25's measure, a little sharpened."""
    return math.log(1 + max(sample - threads + 0.5, 0.1) / (threads + 0.5)) ** RARITY


def _names_meant(given: str, entries: list[Entry]) -> list[str]:
    """What else the treatments are called whose whole name stands in the query.

    Names of one word only: phrases cost too much, and a thread has all names of its own treatments anyway.
    """
    words = words_of(given)
    named = [entry for entry in matching(entries, words, limit=3) if entry.is_named_in(words)]
    names = [name for entry in named if not entry.is_use for name in map(fold, entry.names)]
    return [name for name in dict.fromkeys(names) if name.isalnum() and name not in words][:OTHER_NAMES]


def _looked_up(given: str, names: list[str]) -> tuple[list[_Asked], dict[str, int], int, int]:
    """The words in their order, ``{stem: threads}`` of ``names``, threads counted, threads on the site."""
    with connection.cursor() as cursor:
        cursor.execute(READ_WORDS, {"query": given, "names": names})
        *rows, (_, _, sample, _, _, (stored,)) = cursor.fetchall()
    asked = [
        _Asked(
            word, stem, int(threads), {w: (s, n) for w, s, n in zip(*near, strict=True)} if near[0] else {}
        )
        for word, stem, threads, *near in rows
        if word
    ]
    return (
        asked,
        {stem: int(threads) for word, stem, threads, *_ in rows if not word},
        sample,
        max(stored, sample),
    )


def _weighed(
    asked: list[_Asked], *, catalogue_words: set[str], sample: int
) -> tuple[dict[str, tuple[float, float]], dict[str, list[str]]]:
    """``{stem: (share, threads)}`` of the words and their spellings, and ``{word: what it may mean}``."""
    shares: dict[str, tuple[float, float]] = {}
    meant: dict[str, list[str]] = {}

    def add(stem: str, share: float, threads: float) -> None:
        shares[stem] = max(shares.get(stem, (0.0, 0.0)), (share, threads))

    for word in asked:
        add(word.stem, 1, word.threads)
        corrected = _corrections(word, catalogue_words) if word.threads <= max(3, sample // RARE) else []
        if corrected:
            meant[word.word] = corrected
        best, least = corrected[0] if corrected else "", 0
        if best in word.near:
            stem, least = word.near[best]
            add(stem, 1, least)
        for other, (stem, threads) in word.near.items():
            if other in corrected or (stem != word.stem and _is_variant(word.word, other)):
                # However rare, it says no more than what was probably meant.
                add(stem, VARIANT, max(threads, least))
    return shares, meant


def _is_variant(word: str, other: str) -> bool:
    return other[0] == word[0] and likeness(word, other) >= ALIKE


def _corrections(word: _Asked, catalogue_words: set[str]) -> list[str]:
    """What a word was probably meant to be. One that finds threads must be a rare double of a common one."""
    if word.word in catalogue_words:
        return []
    known = {other: float(threads) for other, (stem, threads) in word.near.items() if stem != word.stem}
    known |= {other: known.get(other, 0) + TRUSTED for other in catalogue_words}
    likely = nearest(word.word, known)
    if not word.threads:
        return likely
    return [
        other
        for other in likely
        if known[other] >= COMMONER * word.threads and likeness(word.word, other) >= ALIKE
    ]


def _suggestion(given: str, meant: Mapping[str, list[str]]) -> str:
    """The query with its likely misspellings put right, or ``""`` when there are none."""
    if not meant:
        return ""
    return " ".join(meant[word][0] if word in meant else word for word in words_of(given))
