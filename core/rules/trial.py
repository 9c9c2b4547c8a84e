"""A dry run: what a rule would hold of what was written lately, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from core.rules.models import HoldRule
from core.rules.reading import READERS, Hit
from core.rules.running import findings

LAST = 1000
SHOWN = 25
AROUND = 60


@dataclass(frozen=True)
class Held:
    """One thing that would be held, and its words each with what stands around them."""

    row: Any
    excerpts: list[list[str]]

    @property
    def kind(self) -> str:
        """The name of its screen in addresses."""
        return str(self.row._meta.model_name)


@dataclass
class Tried:
    """Of one kind: how many were read and held, and the latest of those."""

    label: str
    read: int = 0
    held: int = 0
    examples: list[Held] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 100 * self.held / self.read if self.read else 0.0


def try_out(rule: HoldRule, *, last: int = LAST) -> list[Tried]:
    """Read the last things of each kind the rule reads; nothing is written."""
    return [_try_kind(rule, kind, last) for kind in rule.kinds if kind in READERS]


def _try_kind(rule: HoldRule, kind: str, last: int) -> Tried:
    model, reader = apps.get_model(kind), READERS[kind]
    tried = Tried(str(model._meta.verbose_name_plural))
    for row in reader.rows(model).order_by("-pk")[:last].iterator(chunk_size=200):
        tried.read += 1
        reading = reader.read(row)
        for finding in findings(reading, [rule]):
            tried.held += 1
            if len(tried.examples) < SHOWN:
                excerpts = [_excerpt(reading.text, hit) for hit in finding.hits[:3]]
                tried.examples.append(Held(row, excerpts))
    return tried


def _excerpt(text: str, hit: Hit) -> list[str]:
    """The words with what stands around them: ``[before, words, after]``."""
    if hit.start < 0:
        return ["", hit.words, ""]
    before = text[max(hit.start - AROUND, 0) : hit.start]
    after = text[hit.end : hit.end + AROUND]
    cut = "…" if hit.start > AROUND else ""
    return [cut + before, hit.words, after + ("…" if hit.end + AROUND < len(text) else "")]


def rates(rules: list[HoldRule], kinds: list[str]) -> Iterator[tuple[str, str, int, int]]:
    """Over everything there is: ``(kind, code, held, read)`` for each rule; code ``any`` for all of them together."""
    for kind in kinds:
        model, reader = apps.get_model(kind), READERS[kind]
        concerned = [rule for rule in rules if kind in rule.kinds]
        counted, total, held = {rule.code: 0 for rule in concerned}, 0, 0
        for row in reader.rows(model).order_by("pk").iterator(chunk_size=500):
            total += 1
            found = findings(reader.read(row), concerned)
            held += bool(found)
            for finding in found:
                counted[finding.rule.code] += 1
        for code, number in [*counted.items(), ("any", held)]:
            yield kind, code, number, total
