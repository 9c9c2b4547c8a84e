"""Words that may describe an emergency after a treatment, from the reviewed list beside this module.

``list.json`` holds the symptoms: which families of treatments they concern (none: every one), phrases in the language
of ``core.rules.phrases``, a sentence of advice, the public document it rests on and the day it was reviewed. It runs on
the server when a question is previewed and submitted. A hit shows the emergency card and puts the question on top of
the queue; it never stops anybody from posting. What is denied ("no trouble breathing") does not fire.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.rules.denial import is_denied
from core.rules.phrases import Match, Phrases, Words, compiled
from core.rules.reading import Hit, Reading

if TYPE_CHECKING:
    from treatments.models import Treatment

FILE = Path(__file__).parent / "list.json"
LOOK_AT_ONCE = 3
MOST_HITS = 6


@dataclass(frozen=True)
class Document:
    """A public document with its own date, empty where it has none."""

    title: str
    publisher: str
    dated: str
    url: str


@dataclass(frozen=True)
class RedFlag:
    """``families`` are slugs of treatments or parents; empty means any treatment."""

    name: str
    advice: str
    families: frozenset[str]
    source: Document
    reviewed_on: str
    phrases: str
    exceptions: str

    def concerns(self, families: Iterable[str]) -> bool:
        """Without a treatment every flag is tried."""
        return not self.families or not families or bool(self.families.intersection(families))


def _read() -> tuple[int, tuple[RedFlag, ...]]:
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))

    def lines(rows: list[str]) -> str:
        return "\n".join([*data["lists"], *rows]) if rows else ""

    return data["version"], tuple(
        RedFlag(
            name=row["name"],
            advice=row["advice"],
            families=frozenset(slug for family in row["families"] for slug in data["families"][family]),
            source=Document(**data["sources"][row["source"]]),
            reviewed_on=row["reviewed_on"],
            phrases=lines(row["phrases"]),
            exceptions=lines(row["exceptions"]),
        )
        for row in data["flags"]
    )


VERSION, RED_FLAGS = _read()
SYMPTOMS: Phrases = compiled(*(flag.phrases for flag in RED_FLAGS))
EXCEPTIONS: Phrases = compiled(*(flag.exceptions for flag in RED_FLAGS))


def matching(text: str, *, treatment: Treatment | None) -> list[RedFlag]:
    """The flags that ``text`` raises for a question about ``treatment``; without one, every flag is tried."""
    return list(_raised(Words(text), families_of(treatment)))


def words_of(flag: RedFlag, text: str) -> list[str]:
    """The words of ``text`` that raise ``flag``, for whoever has to judge whether it means what it says."""
    words = Words(text)
    return [_hit(words, match).words for match in _raised(words, flag.families).get(flag, ())]


def families_of(treatment: Treatment | None) -> frozenset[str]:
    """The slugs by which flags know a treatment: its own, its parent's, and those of what was merged into either."""
    if treatment is None:
        return frozenset()
    return frozenset([*treatment.slugs, *(treatment.parent.slugs if treatment.parent else ())])


def detect(reading: Reading) -> list[Hit]:
    """For the rule that holds a question: the words of every flag that is raised, each once."""
    raised = _raised(reading.words, reading.about)
    hits = {_hit(reading.words, matches[0]) for matches in raised.values()}
    return sorted(hits, key=lambda hit: hit.start)


def _raised(words: Words, families: Iterable[str]) -> dict[RedFlag, list[Match]]:
    """Every flag that is raised, in the order of the list, with the places where it is."""
    found: dict[int, list[Match]] = {}
    excepted: list[Match] | None = None
    for match in SYMPTOMS.find(words):
        matches = found.setdefault(match.owner, [])
        if (
            len(matches) == MOST_HITS
            or not RED_FLAGS[match.owner].concerns(families)
            or is_denied(words, match)
        ):
            continue
        if excepted is None:
            excepted = list(EXCEPTIONS.find(words))
        if not any(_overlap(match, other) for other in excepted):
            matches.append(match)
    return {RED_FLAGS[owner]: found[owner] for owner in sorted(found) if found[owner]}


def _overlap(match: Match, other: Match) -> bool:
    return match.owner == other.owner and match.first <= other.last and other.first <= match.last


def _hit(words: Words, match: Match) -> Hit:
    return Hit.at(words.text, words.all[match.first].start, words.all[match.last].end)
