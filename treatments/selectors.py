"""Reading the catalogue: each function a fixed number of queries."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from treatments.enums import Jurisdiction, SynonymKind
from treatments.models import BodyArea, Caution, LabelStatus, Treatment, TreatmentUse

HOME = Jurisdiction.US


def listed_treatments() -> list[Treatment]:
    """Every public treatment with parent, children, synonyms and body areas, by name. Three queries."""
    rows = (
        Treatment.objects.public()
        .prefetch_related("synonyms", "body_areas")
        .defer("description", "description_html")
    )
    treatments = sorted(rows, key=lambda treatment: sort_key(treatment.name))
    by_id = {treatment.pk: treatment for treatment in treatments}
    for treatment in treatments:
        treatment.family = by_id.get(treatment.parent_id)
        treatment.members = []
        treatment.also = [name for group in names_of(treatment) for name in group["names"]]
    for treatment in treatments:
        if treatment.family:
            treatment.family.members.append(treatment)
    return treatments


def by_letter(treatments: Iterable[Treatment]) -> list[tuple[str, list[Treatment]]]:
    """Treatments under the first letter of their name; figures and signs under “#”."""
    letters: dict[str, list[Treatment]] = {}
    for treatment in treatments:
        first = sort_key(treatment.name)[:1].upper()
        letters.setdefault(first if first.isascii() and first.isalpha() else "#", []).append(treatment)
    return sorted(letters.items())


def by_body_area(treatments: Iterable[Treatment]) -> list[tuple[BodyArea, list[Treatment]]]:
    """Treatments under each body area they are used on, from head to foot."""
    areas: dict[BodyArea, list[Treatment]] = {}
    for treatment in treatments:
        for area in treatment.body_areas.all():
            areas.setdefault(area, []).append(treatment)
    return sorted(areas.items(), key=lambda item: (item[0].position, item[0].name))


def sort_key(name: str) -> str:
    """Names in the order of a dictionary: case and accents do not count."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def treatments_with_family() -> QuerySet[Treatment]:
    """Public treatments with what a page about one needs beside its uses."""
    return Treatment.objects.public().select_related(
        "parent__emergency_source", "parent__parent", "emergency_source"
    )


def names_of(treatment: Treatment) -> list[dict[str, Any]]:
    """Other names by kind, as ``{"kind", "label", "names"}``; the generic name stands first. One query."""
    groups: dict[str, list[str]] = {kind: [] for kind in SynonymKind.values}
    if treatment.generic and treatment.generic.casefold() != treatment.name.casefold():
        groups[SynonymKind.GENERIC].append(treatment.generic)
    known = {treatment.name.casefold(), treatment.generic.casefold()}
    for synonym in treatment.synonyms.all():
        if synonym.name.casefold() not in known:
            groups[synonym.kind].append(synonym.name)
    order = (SynonymKind.GENERIC, SynonymKind.BRAND, SynonymKind.LAY, SynonymKind.ABBREVIATION)
    return [
        {"kind": kind.value, "label": kind.label, "names": groups[kind]} for kind in order if groups[kind]
    ]


def cautions_of(treatment: Treatment) -> list[Caution]:
    """The treatment's cautions, then its family's on other subjects (marked ``of_family``). One query.

    What belongs to one subject stands together.
    """
    parent = _public_parent(treatment)
    owners = [treatment.pk, *([parent.pk] if parent else [])]
    cautions = list(Caution.objects.filter(treatment__in=owners).select_related("source"))
    own = [caution for caution in cautions if caution.treatment_id == treatment.pk]
    covered = {caution.kind for caution in own}
    family = [c for c in cautions if c.treatment_id != treatment.pk and c.kind not in covered]
    for caution in cautions:
        caution.of_family = caution.treatment_id != treatment.pk
    subjects = list(dict.fromkeys(caution.kind for caution in own + family))
    return sorted(own + family, key=lambda caution: subjects.index(caution.kind))


def emergency_of(treatment: Treatment) -> Treatment | None:
    """Whose emergency signs hold here: the treatment's own, else its family's."""
    owners = (treatment, _public_parent(treatment))
    return next((owner for owner in owners if owner and owner.emergency_signs), None)


def _public_parent(treatment: Treatment) -> Treatment | None:
    return treatment.parent if treatment.parent and treatment.parent.is_reviewed else None


def uses_of(treatment: Treatment, *, jurisdiction: str = HOME) -> list[TreatmentUse]:
    """The uses from head to foot, each with its ``label`` in one jurisdiction or ``None``. Two queries."""
    labels = LabelStatus.objects.filter(jurisdiction=jurisdiction).select_related("source")
    uses = list(
        TreatmentUse.objects.filter(treatment=treatment)
        .select_related("body_area")
        .prefetch_related(Prefetch("labels", queryset=labels, to_attr="labels_here"))
    )
    for use in uses:
        use.treatment = treatment
        use.label = use.labels_here[0] if use.labels_here else None
        use.status = use.label.status if use.label else "none"
    return uses


def label_sources(uses: Iterable[TreatmentUse]) -> list[dict[str, Any]]:
    """The documents behind the labels of these uses, once each with the latest day of looking."""
    latest: dict[int, dict[str, Any]] = {}
    for label in (use.label for use in uses if use.label):
        row = latest.setdefault(label.source_id, {"source": label.source, "checked_on": None})
        if label.checked_on and (row["checked_on"] is None or label.checked_on > row["checked_on"]):
            row["checked_on"] = label.checked_on
    return sorted(latest.values(), key=lambda row: sort_key(row["source"].title))
