"""Specialties and their scope, from doctors/specialties.json into the tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from doctors.models import Specialty
from treatments.catalogue.entries import CatalogueError, Changes, digest, due, remember
from treatments.merging import hold_off
from treatments.models import Treatment, TreatmentRedirect

FILE = Path(__file__).parent / "specialties.json"
KIND = "specialty"
KEYS = {"slug", "nucc_code", "name", "in_scope"}


def load(file: Path = FILE) -> Changes:
    """Check the file, then write the specialties that are new or whose lines have changed.

    Treatments come first: a scope names them by slug, one that was merged into another too. Raises CatalogueError.
    """
    rows = json.loads(file.read_text(encoding="utf-8"))["specialties"]
    with transaction.atomic():
        hold_off()
        treatments = Treatment.objects.in_bulk(field_name="slug")
        merged = dict(TreatmentRedirect.objects.values_list("slug", "target__slug"))
        known = {*treatments, *merged}
        problems = [f"{file.name}: {problem}" for row in rows for problem in _problems(row, known)]
        if problems:
            raise CatalogueError(problems)
        families = _families(treatments)
        digests = {
            row["slug"]: digest(row, sorted(_with_families(row["in_scope"], families))) for row in rows
        }
        present = set(Specialty.objects.values_list("slug", flat=True))
        slugs, changes = due(KIND, digests, present=present)
        for row in rows:
            if row["slug"] in slugs:
                listed = [merged.get(slug, slug) for slug in row["in_scope"]]
                _write(row, [treatments[slug] for slug in _with_families(listed, families)])
        remember(KIND, {slug: digests[slug] for slug in slugs})
    return changes


def _write(row: dict[str, Any], scope: list[Treatment]) -> None:
    values = {"name": row["name"], "nucc_code": row["nucc_code"] or ""}
    specialty, _created = Specialty.objects.update_or_create(slug=row["slug"], defaults=values)
    specialty.in_scope.set(scope)


def _problems(row: dict[str, Any], treatments: Collection[str]) -> list[str]:
    if set(row) != KEYS:
        return [f"{row.get('slug')}: missing or unknown: {', '.join(sorted(KEYS ^ set(row)))}"]
    problems = [
        f"{row['slug']}: there is no treatment “{slug}”" for slug in row["in_scope"] if slug not in treatments
    ]
    try:
        specialty = Specialty(slug=row["slug"], name=row["name"], nucc_code=row["nucc_code"] or "")
        specialty.clean_fields()
    except ValidationError as error:
        problems += [f"{row['slug']}: {name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return problems


def _families(treatments: dict[str, Treatment]) -> dict[str, set[str]]:
    """``{slug: slugs of its children that are families themselves}``."""
    slugs = {treatment.pk: slug for slug, treatment in treatments.items()}
    parents = {treatment.parent_id for treatment in treatments.values() if treatment.parent_id}
    children: dict[str, set[str]] = defaultdict(set)
    for slug, treatment in treatments.items():
        if treatment.parent_id and treatment.pk in parents:
            children[slugs[treatment.parent_id]].add(slug)
    return children


def _with_families(listed: list[str], families: dict[str, set[str]]) -> set[str]:
    """A scope reaches the children of what it lists; families below a listed family are listed with it."""
    found, todo = set(listed), list(listed)
    while todo:
        fresh = families.get(todo.pop(), set()) - found
        found |= fresh
        todo += fresh
    return found
