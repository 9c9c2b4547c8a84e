"""Running the rules on what is handed in. They hold, that is: they raise its place in the queue; nothing is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.rules.denial import is_denied
from core.rules.models import HoldRule, Signal
from core.rules.phrases import compiled
from core.rules.reading import DETECTORS, READERS, STANDING, Hit, Reading

if TYPE_CHECKING:
    from django.db.models import Model

    from core.models import Moderated

MOST_HITS = 6


@dataclass(frozen=True)
class Finding:
    """A rule that fired, and on which words."""

    rule: HoldRule
    hits: tuple[Hit, ...]


def active_rules() -> list[HoldRule]:
    """The rules that are on, and those that must be even where their rows have not been loaded. One query."""
    rules = list(HoldRule.objects.filter(Q(is_active=True) | Q(is_standing=True)))
    present = {rule.code for rule in rules}
    return rules + [HoldRule(**entry) for entry in STANDING if entry["code"] not in present]


def findings(reading: Reading, rules: Sequence[HoldRule]) -> list[Finding]:
    """What fires on ``reading``; with no ``kind`` every rule is tried."""
    rules = [rule for rule in rules if not reading.kind or reading.kind in rule.kinds]
    found = _by_phrases(reading, rules)
    for number, rule in enumerate(rules):
        if rule.detector in DETECTORS:
            found[number] += islice(DETECTORS[rule.detector].find(reading), MOST_HITS)
    return [
        Finding(rule, tuple(hits[:MOST_HITS]))
        for number, rule in enumerate(rules)
        if (hits := _not_excepted(rule, reading, found[number]))
    ]


def hold(row: Moderated) -> int:
    """Run the rules on something handed in or changed, keep what fired, and return its risk.

    Called by ``core.moderation`` and ``core.editing`` inside their transactions, so that no verb can forget it.
    """
    reader = READERS.get(row._meta.label_lower)
    if reader is None:
        return row.risk
    found = findings(reader.read(row), active_rules())
    current = signals_of(row)
    current.filter(object_version=row.version).delete()
    current.update(is_current=False)
    Signal.objects.bulk_create(_signal(row, finding) for finding in found)
    return _risk(found)


def hold_many(model: type[Moderated], keys: Iterable[int]) -> None:
    """The same for rows that were written in one go."""
    reader, keys = READERS.get(model._meta.label_lower), list(keys)
    if reader is None or not keys:
        return
    rules, rows, signals = active_rules(), list(reader.rows(model).filter(pk__in=keys)), []
    for row in rows:
        found = findings(reader.read(row), rules)
        row.risk = _risk(found)
        signals += [_signal(row, finding) for finding in found]
    Signal.objects.bulk_create(signals, batch_size=1000)
    model._base_manager.bulk_update([row for row in rows if row.risk], ["risk"], batch_size=500)


def signals_of(row: Model) -> QuerySet[Signal]:
    """What holds ``row`` as it stands now, the gravest first."""
    return Signal.objects.filter(object_type=row._meta.label_lower, object_id=row.pk, is_current=True)


def has_signals(model: type[Model]) -> Exists:
    """Whether a row of ``model`` is held by rules, for filters and annotations of the queue."""
    label = model._meta.label_lower
    return Exists(Signal.objects.filter(object_type=label, object_id=OuterRef("pk"), is_current=True))


def _by_phrases(reading: Reading, rules: Sequence[HoldRule]) -> list[list[Hit]]:
    """All phrases in one pass; ``found[i]`` are the hits of ``rules[i]``."""
    found: list[list[Hit]] = [[] for _ in rules]
    words = reading.words
    for match in compiled(*(rule.phrases for rule in rules)).find(words):
        hits = found[match.owner]
        if len(hits) < MOST_HITS and not (rules[match.owner].heeds_denial and is_denied(words, match)):
            hit = Hit.at(reading.text, words.all[match.first].start, words.all[match.last].end)
            if all(hit.start >= other.end for other in hits):
                hits.append(hit)
    return found


def _not_excepted(rule: HoldRule, reading: Reading, hits: list[Hit]) -> list[Hit]:
    if not hits or not rule.exceptions:
        return hits
    words = reading.words.all
    spans = [(words[m.first].start, words[m.last].end) for m in compiled(rule.exceptions).find(reading.words)]
    return [hit for hit in hits if not any(start < hit.end and hit.start < end for start, end in spans)]


def _risk(found: list[Finding]) -> int:
    return max((finding.rule.weight for finding in found), default=0)


def _signal(row: Any, finding: Finding) -> Signal:
    rule = finding.rule
    return Signal(
        object_type=row._meta.label_lower,
        object_id=row.pk,
        object_version=row.version,
        rule=rule if rule.pk else None,
        code=rule.code,
        name=rule.name,
        sentence=rule.sentence,
        rule_version=rule.version,
        weight=rule.weight,
        words=list(dict.fromkeys(hit.words for hit in finding.hits)),
    )
