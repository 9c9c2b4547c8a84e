"""Finding treatments by any of their names, and the word somebody probably meant.

Names are few enough to be read whole for each search, so a new name is found at the next request.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection
from django.urls import reverse
from rapidfuzz.distance import OSA, JaroWinkler

from treatments.models import Treatment

SHOWN = 6
# A word less like every known one than this is left as it is; words hardly less like count as well.
LIKENESS, AS_GOOD = 0.74, 0.06
# Words that name no treatment by themselves, in names of several words.
WEAK = frozenset("a an and at by for from in injection of on or the therapy to treatment with".split())

_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
# Spellings that sound alike are compared beside the letters themselves.
_SOUNDS = (
    *((spelling, "ks") for spelling in ("xc", "cz", "zc", "gz", "cks", "x")),
    *(("ph", "f"), ("ck", "k"), ("ae", "e"), ("oe", "e")),
    *(("ce", "se"), ("ci", "si"), ("cy", "si")),
)
_LETTERS = str.maketrans("yzcq", "iskk")
_TWICE = re.compile(r"(.)\1+")

NAMES = """
SELECT kind, slug, name, treatment_id, treatment_slug, treatment, array_agg(called ORDER BY called) FROM (
    SELECT 'treatment' AS kind, slug, name, id AS treatment_id, slug AS treatment_slug, name AS treatment,
           unnest(ARRAY[name, generic]) AS called
    FROM treatments_treatment WHERE is_reviewed
    UNION ALL
    SELECT 'treatment', t.slug, t.name, t.id, t.slug, t.name, s.name
    FROM treatments_treatmentsynonym s JOIN treatments_treatment t ON t.id = s.treatment_id
    WHERE t.is_reviewed
    UNION ALL
    SELECT 'use', u.slug, u.name, t.id, t.slug, t.name, unnest(ARRAY[u.name, u.lay_name])
    FROM treatments_treatmentuse u JOIN treatments_treatment t ON t.id = u.treatment_id WHERE t.is_reviewed
) names WHERE called <> ''
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY lower(treatment), kind, lower(name)
"""


@dataclass
class Entry:
    """A treatment, or one of its uses, with everything it is called."""

    kind: str
    slug: str
    name: str
    treatment_id: int
    treatment_slug: str
    treatment: str
    names: list[str] = field(default_factory=list)

    @cached_property
    def spelt(self) -> list[frozenset[str]]:
        """The telling words of each name."""
        return [telling(words_of(name)) for name in self.names]

    @property
    def is_use(self) -> bool:
        return self.kind == "use"

    def is_named_in(self, words: Iterable[str]) -> bool:
        """Whether all of one of its names stands there."""
        return any(name <= telling(words) for name in self.spelt)

    def get_absolute_url(self) -> str:
        if self.is_use:
            return reverse("treatments:use", args=[self.treatment_slug, self.slug])
        return reverse("treatments:guide", args=[self.slug])


def fold(text: str) -> str:
    """Lower case without accents, so that NFC, NFD and plain letters are one word; NUL becomes a space."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("\x00", " "))).lower()


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def telling(words: Iterable[str]) -> frozenset[str]:
    """Words that tell treatments apart, singular and plural as one; all of them where none does."""
    singular = frozenset(
        word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "siu" else word for word in words
    )
    return singular - WEAK or singular


def catalogue() -> list[Entry]:
    """Every public treatment with all its names, and every use, alphabetically. One query."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return [Entry(*row) for row in cursor.fetchall()]


def matching(entries: Iterable[Entry], words: Iterable[str], *, limit: int = SHOWN) -> list[Entry]:
    """The entries a search for ``words`` means, best first: a whole name of theirs is among the words,
    or all the telling words are in a name of theirs."""
    asked = telling(words)
    scored = ((max(_meant(asked, name) for name in entry.spelt), entry) for entry in entries)
    ranked = [(score, entry) for score, entry in scored if score]
    ranked.sort(key=lambda item: (-item[0], item[1].is_use, len(item[1].name)))
    return [entry for _, entry in ranked[:limit]]


def named(given: str, *, limit: int = SHOWN) -> tuple[Treatment | None, list[Entry]]:
    """The public treatment of this slug or of any of these names, else those it may have meant. Two queries.

    One more where nothing is called so, which may be an address from before a merge.
    """
    entries = catalogue()
    words = words_of(given)
    treatments = [entry for entry in entries if not entry.is_use]
    exact = (
        [entry for entry in treatments if given == entry.slug]
        or [entry for entry in treatments if words in map(words_of, entry.names)]
        or [entry for entry in entries if words in map(words_of, entry.names)]
    )
    if len({entry.treatment_id for entry in exact}) == 1:
        return Treatment.objects.public().filter(pk=exact[0].treatment_id).first(), []
    if exact:
        return None, exact[:limit]
    merged = Treatment.objects.public().filter(redirects__slug=given).first()
    if merged:
        return merged, []
    known = dict.fromkeys(vocabulary(entries), 1.0)
    spelt = [(nearest(word, known) or [word])[0] if word not in known else word for word in words]
    return None, matching(entries, spelt, limit=limit)


def _meant(asked: frozenset[str], name: frozenset[str]) -> float:
    """From 0 (not at all) to 1 (exactly): the share of both that they have in common."""
    common = len(asked & name)
    if not common or not (name <= asked or asked <= name):
        return 0
    return common / len(asked | name)


def vocabulary(entries: Iterable[Entry]) -> set[str]:
    """The words of all names, for :func:`nearest`."""
    return {word for entry in entries for name in entry.names for word in words_of(name)} - WEAK


def nearest(word: str, known: Mapping[str, float]) -> list[str]:
    """The known words that ``word`` may be a misspelling of, likeliest first; at most three, often none.

    ``known`` maps a folded word to how common it is (any scale); of equally like words the common one wins.
    """
    if len(word) < 4 or not word.isalpha():
        return []
    scored = [
        (likeness(word, other) + math.log10(1 + known[other]) / 100, other)
        for other in known
        if abs(len(other) - len(word)) <= 3 and other != word and other.isalpha()
    ]
    best = sorted((item for item in scored if item[0] >= LIKENESS), reverse=True)[:3]
    return [other for score, other in best if score >= best[0][0] - AS_GOOD]


def likeness(word: str, other: str) -> float:
    """From 0 to 1: by the letters and by the sound, where the first letters weigh more."""
    by_letters = OSA.normalized_similarity(word, other)
    if by_letters < 0.4:
        return 0
    by_sound = OSA.normalized_similarity(_sound(word), _sound(other))
    return 0.35 * by_letters + 0.35 * max(by_letters, by_sound) + 0.3 * JaroWinkler.similarity(word, other)


def _sound(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return _TWICE.sub(r"\1", word.translate(_LETTERS))
