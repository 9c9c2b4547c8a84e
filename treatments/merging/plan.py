"""What a merge would do to the catalogue, computed from what stands there now; the same plan is shown and done."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from treatments.enums import SynonymKind
from treatments.models import (
    Caution,
    LabelStatus,
    LoadedEntry,
    SafetyNotice,
    Treatment,
    TreatmentSynonym,
    TreatmentUse,
)

# Families lie two deep: what lies deeper would no longer hear the cautions of its first.
DEEPEST = 2


@dataclass(frozen=True)
class UseMatch:
    """A use of the source, and the use of the target that it is; without one it moves along."""

    use: TreatmentUse
    into: TreatmentUse | None
    by: str = ""

    @property
    def stays_as(self) -> TreatmentUse:
        return self.into or self.use


@dataclass(frozen=True)
class LabelGroup:
    """What is said of one use in one jurisdiction from now on: all that was said of it on either side."""

    use: TreatmentUse
    said: tuple[LabelStatus, ...]

    @property
    def key(self) -> str:
        return f"label-{self.use.pk}-{self.said[0].jurisdiction}"

    @cached_property
    def options(self) -> list[LabelStatus]:
        """Each different statement once, the target's first, as it was looked at last."""
        found: dict[tuple[str, int, str], LabelStatus] = {}
        for label in self.said:
            same = found.setdefault((label.status, label.source_id, label.note), copy(label))
            if label.checked_on and (same.checked_on is None or label.checked_on > same.checked_on):
                same.checked_on = label.checked_on
        return list(found.values())

    @property
    def is_conflict(self) -> bool:
        return len(self.options) > 1


@dataclass(frozen=True)
class Plan:
    """Of ``source`` becoming part of ``target``."""

    source: Treatment
    target: Treatment
    uses: list[UseMatch]
    labels: list[LabelGroup]
    names: list[tuple[str, str]]
    cautions: list[Caution]
    notices: list[SafetyNotice]
    members: list[Treatment]
    obstacles: list[str]

    @property
    def conflicts(self) -> list[LabelGroup]:
        return [group for group in self.labels if group.is_conflict]

    @property
    def moving_labels(self) -> list[LabelGroup]:
        """What only the source had to say."""
        return [group for group in self.labels if all(label.use_id != group.use.pk for label in group.said)]

    @property
    def moving_uses(self) -> list[UseMatch]:
        return [match for match in self.uses if match.into is None]

    @property
    def ending_uses(self) -> list[UseMatch]:
        return [match for match in self.uses if match.into is not None]

    @property
    def signs(self) -> list[Treatment]:
        """Whose emergency signs there are to choose from: both, where both have their own and they differ."""
        own = [treatment for treatment in (self.target, self.source) if treatment.emergency_signs]
        return own if len({treatment.emergency_signs for treatment in own}) > 1 else own[:1]

    @property
    def takes_the_place(self) -> bool:
        """Whether the target lies in the source's family, and so moves up to where the source was."""
        return self.source in _above(self.target)

    @property
    def lost_families(self) -> list[Treatment]:
        """Whose cautions and notices held for the source and will not for what becomes of it."""
        kept = [*_above(self.target), self.target]
        return [family for family in _above(self.source) if family not in kept]

    @property
    def texts_left(self) -> list[tuple[str, str]]:
        """What the source says of itself and the target will not."""
        source, target = _own_words(self.source), _own_words(self.target)
        return [(name, text) for name, text in source.items() if text and text != target[name]]

    @cached_property
    def in_file(self) -> dict[str, bool]:
        """Which of the two the files of the catalogue wrote."""
        slugs = {"source": self.source.slug, "target": self.target.slug}
        loaded = LoadedEntry.objects.filter(kind=LoadedEntry.TREATMENT, slug__in=slugs.values())
        found = set(loaded.values_list("slug", flat=True))
        return {name: slug in found for name, slug in slugs.items()}

    @property
    def digest(self) -> str:
        """A fingerprint of what a moderator was shown of the catalogue and what there was to choose."""
        said = [
            [self.source.slug, self.target.slug, self.obstacles, self.names, self.texts_left],
            [[m.use.pk, m.use.slug, m.into and m.into.pk] for m in self.uses],
            [
                [g.key, *([o.pk, o.status, o.source_id, o.note, str(o.checked_on)] for o in g.said)]
                for g in self.labels
            ],
            [[c.pk, c.kind, c.text] for c in self.cautions],
            [[n.pk, n.product, n.text] for n in self.notices],
            [[t.slug, t.emergency_signs, t.parent_id] for t in (self.source, self.target, *self.members)],
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def plan_of(source: Treatment, target: Treatment) -> Plan:
    """Ten queries, whatever the size of the two."""
    uses = list(_matched(source, target))
    return Plan(
        source=source,
        target=target,
        uses=uses,
        labels=_labels(uses),
        names=list(_names(source, target)),
        cautions=_not_there(Caution, ("kind", "text", "source_id"), source, target),
        notices=_not_there(
            SafetyNotice, ("product", "text", "source_id", "issued_on", "withdrawn_on"), source, target
        ),
        members=list(Treatment.objects.filter(parent=source).exclude(pk=target.pk)),
        obstacles=list(_obstacles(source, target)),
    )


def _own_words(treatment: Treatment) -> dict[str, str]:
    """What stands on the treatment itself, apart from its names and its emergency signs."""
    prescription = {True: "Yes", False: "No", None: ""}[treatment.is_prescription_only]
    return {
        "Summary": treatment.summary,
        "Description": treatment.description,
        "Kind": treatment.get_kind_display(),
        "Prescription only": prescription,
        "Review interval": f"{treatment.review_interval_months} months",
    }


def _matched(source: Treatment, target: Treatment) -> Iterator[UseMatch]:
    """By the address, else by the name."""
    there = list(TreatmentUse.objects.filter(treatment=target).order_by("pk"))
    by_slug = {use.slug: use for use in there}
    by_name = {use.name.casefold(): use for use in reversed(there)}
    for use in TreatmentUse.objects.filter(treatment=source).order_by("pk"):
        if same := by_slug.get(use.slug):
            yield UseMatch(use, same, "address")
        elif same := by_name.get(use.name.casefold()):
            yield UseMatch(use, same, "name")
        else:
            yield UseMatch(use, None)


def _labels(uses: list[UseMatch]) -> list[LabelGroup]:
    """All that is said of the uses concerned, the target's own first."""
    stays_as = {match.use.pk: match.stays_as for match in uses}
    stays_as |= {match.into.pk: match.into for match in uses if match.into}
    groups: dict[tuple[int, str], list[LabelStatus]] = defaultdict(list)
    found = LabelStatus.objects.filter(use__in=stays_as).select_related("source", "use__treatment")
    for label in found.order_by("pk"):
        groups[stays_as[label.use_id].pk, label.jurisdiction].append(label)
    known = {use.pk: use for use in stays_as.values()}
    return [
        LabelGroup(known[pk], tuple(sorted(said, key=lambda label: label.use_id != pk)))
        for (pk, _), said in sorted(groups.items())
        if any(label.use_id != pk for label in said) or pk in {m.use.pk for m in uses}
    ]


def _names(source: Treatment, target: Treatment) -> Iterator[tuple[str, str]]:
    """What the target is called as well from now on, with the kind of each name."""
    synonyms = TreatmentSynonym.objects.filter(treatment=source).order_by("pk").values_list("name", "kind")
    given = [(source.name, SynonymKind.LAY.value), (source.generic, SynonymKind.GENERIC.value), *synonyms]
    known = {"", target.name.casefold(), target.generic.casefold()}
    for name, kind in given:
        if name.casefold() not in known:
            known.add(name.casefold())
            yield name, kind


def _not_there(kind: type[Any], same: tuple[str, ...], source: Treatment, target: Treatment) -> list[Any]:
    """Rows of the source that the target has not word for word."""

    def told(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in same)

    there = {told(row) for row in kind.objects.filter(treatment=target)}
    rows = kind.objects.filter(treatment=source).select_related("source").order_by("pk")
    return [row for row in rows if told(row) not in there]


def _obstacles(source: Treatment, target: Treatment) -> Iterator[str]:
    """Why the two cannot be merged as they are."""
    if source.pk == target.pk:
        yield "That is this treatment itself. Choose another one."
        return
    if source.is_reviewed and not target.is_reviewed:
        yield f"Readers can see {source} but not {target}: its addresses would lead nowhere. Review {target} first."
    place = _above(source) if source in _above(target) else _above(target)
    generations = _generations_of(source, but=target)
    if generations and len(place) + generations > DEEPEST:
        yield f"What belongs to {source} would lie too deep in the family of {target}. Move it elsewhere first."


def _above(treatment: Treatment) -> list[Treatment]:
    """The families a treatment lies in, nearest first."""
    found: list[Treatment] = []
    while treatment.parent and treatment.parent not in found:
        treatment = treatment.parent
        found.append(treatment)
    return found


def _generations_of(source: Treatment, *, but: Treatment) -> int:
    """How deep lies what belongs to the source and comes to the target."""
    level, number = Treatment.objects.filter(parent=source).exclude(pk=but.pk), 0
    while number <= DEEPEST and level.exists():
        level, number = Treatment.objects.filter(parent__in=level.values("pk")).exclude(pk=but.pk), number + 1
    return number
