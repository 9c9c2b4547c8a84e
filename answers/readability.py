"""How hard a text is to read: the Flesch–Kincaid grade, from counts of sentences, words and syllables.

J. P. Kincaid et al., Derivation of New Readability Formulas for Navy Enlisted Personnel (1975). It is made for
English and rough for anything short.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.!?…:]+(?=\s|$)|\n{2,}")
_VOWELS = re.compile(r"[aeiouy]+")
# Fewer words say nothing.
FEWEST_WORDS = 20
HARD = 10


def syllables(word: str) -> int:
    """Runs of vowels, without the e that nobody says."""
    plain = word.lower()
    if plain.endswith(("es", "ed")) and not plain.endswith(("ted", "ded", "ses", "ces", "zes", "ges", "les")):
        plain = plain[:-2]
    elif plain.endswith("e") and not plain.endswith("le"):
        plain = plain[:-1]
    return max(len(_VOWELS.findall(plain)), 1)


def grade(text: str) -> int | None:
    """The year of school at which a text is read with ease; ``None`` for one too short to tell."""
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = len([part for part in _END.split(text) if _WORD.search(part)])
    per_sentence = len(words) / max(sentences, 1)
    per_word = sum(map(syllables, words)) / len(words)
    return max(round(0.39 * per_sentence + 11.8 * per_word - 15.59), 1)


def advice(text: str) -> str:
    """The grade in a sentence, and what helps where it is high; empty for a text too short to tell."""
    found = grade(text)
    if found is None:
        return ""
    said = f"Reads like school grade {found}."
    if found > HARD:
        return f"{said} Many readers are worried and tired: shorter sentences and plainer words help."
    return f"{said} Most adults read that with ease."
