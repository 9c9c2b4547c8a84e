"""Reading the files, and saying in sentences what is wrong with them before a single row is written.

Lengths, vocabularies, addresses and dates are checked by the models' own fields, so that the rules stand in
one place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from treatments.catalogue.areas import BODY_AREAS
from treatments.catalogue.entries import CatalogueError, digest
from treatments.models import (
    Caution,
    LabelStatus,
    SafetyNotice,
    Source,
    Treatment,
    TreatmentSynonym,
    TreatmentUse,
)

FOLDER = Path(__file__).parent
ENTRY_KEYS = frozenset(
    "slug name generic parent kind body_areas summary description prescription_only review_interval_months "
    "synonyms uses cautions emergency_signs emergency_source".split()
)
# An entry without safety notices need not say so.
ENTRY_MAY_HAVE = frozenset({"notices"})
SOURCE_KEYS = frozenset("title publisher url dated".split())
SYNONYM_KEYS = frozenset("name kind".split())
USE_KEYS = frozenset("slug name lay_name body_area summary labels".split())
LABEL_KEYS = frozenset("jurisdiction status note source checked_on".split())
CAUTION_KEYS = frozenset("kind text source checked_on".split())
NOTICE_KEYS = frozenset("product text source issued_on withdrawn_on".split())
DATED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass
class Catalogue:
    """Everything the files say: ``sources`` and ``entries`` by slug, as read."""

    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def digests(self) -> dict[str, str]:
        """One digest for each entry, over the entry and the sources it cites."""
        return {
            slug: digest(entry, [(name, self.sources[name]) for name in sorted(cited(entry))])
            for slug, entry in self.entries.items()
        }


def cited(entry: dict[str, Any]) -> set[str]:
    """The slugs of the sources an entry rests on."""
    labels = [label["source"] for use in entry["uses"] for label in use["labels"]]
    cautions = [caution["source"] for caution in entry["cautions"]]
    notices = [notice["source"] for notice in notices_in(entry)]
    return {*labels, *cautions, *notices, *filter(None, [entry["emergency_source"]])}


def notices_in(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The safety notices of an entry."""
    return entry.get("notices", [])


def read(folder: Path = FOLDER) -> Catalogue:
    """The whole catalogue. Raises CatalogueError with every problem found, not only the first."""
    catalogue = Catalogue()
    problems: list[str] = []
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        problems += _read_file(path, catalogue, files)
    if not files and not problems:
        problems.append(f"{folder.name}: there is no catalogue file with treatments in it")
    if not problems:
        problems = [
            f"{files[slug]}: {slug}: {problem}"
            for slug, entry in catalogue.entries.items()
            for problem in _entry_problems(entry, catalogue)
        ] + _name_problems(catalogue, files)
    if problems:
        raise CatalogueError(problems)
    return catalogue


def _read_file(path: Path, catalogue: Catalogue, files: dict[str, str]) -> Iterator[str]:
    """Add one file to the catalogue, yielding what keeps it from being read at all."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        yield f"{path.name}: not JSON: {error}"
        return
    if not isinstance(data, dict) or set(data) != {"sources", "treatments"}:
        yield f"{path.name}: expected an object with “sources” and “treatments”"
        return
    for slug, source in data["sources"].items():
        shape = list(_shape("source", source, SOURCE_KEYS))
        yield from (f"{path.name}: {slug}: {problem}" for problem in shape)
        if catalogue.sources.setdefault(slug, source) != source:
            yield f"{path.name}: {slug}: another file describes this source differently"
        if not shape:
            yield from (f"{path.name}: {slug}: {problem}" for problem in _source_problems(slug, source))
    for position, entry in enumerate(data["treatments"], start=1):
        slug = str(entry.get("slug") if isinstance(entry, dict) else None)
        yield from (f"{path.name}: {slug} (treatment {position}): {problem}" for problem in _shapes(entry))
        if slug in files:
            yield f"{path.name}: {slug}: is in {files[slug]} already"
        files[slug], catalogue.entries[slug] = path.name, entry


def _shapes(entry: Any) -> Iterator[str]:
    """What is missing or unknown in the structure of an entry; everything after this may rely on it."""
    problems = list(_shape("treatment", entry, ENTRY_KEYS, ENTRY_MAY_HAVE))
    if problems:
        yield from problems
        return
    if not isinstance(entry["body_areas"], list):
        yield "“body_areas” is no list"
    rows = {"synonyms": SYNONYM_KEYS, "cautions": CAUTION_KEYS, "uses": USE_KEYS, "notices": NOTICE_KEYS}
    for name, keys in rows.items():
        problems += _row_shapes(name, entry.get(name, []), keys)
    yield from problems
    if not problems:
        for use in entry["uses"]:
            yield from _row_shapes("labels", use["labels"], LABEL_KEYS)


def _row_shapes(name: str, rows: Any, keys: frozenset[str]) -> Iterator[str]:
    if not isinstance(rows, list):
        yield f"“{name}” is no list"
        return
    for row in rows:
        yield from _shape(name, row, keys)


def _shape(
    what: str, row: Any, keys: frozenset[str], may_have: frozenset[str] = frozenset()
) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{what}: expected an object, found {row!r}"
    elif set(row) - may_have != keys:
        odd = ", ".join(sorted(keys ^ (set(row) - may_have)))
        yield f"{what}: missing or unknown: {odd}"


def _source_problems(slug: str, source: dict[str, Any]) -> Iterator[str]:
    yield from _field_problems(Source(slug=slug, **{k: v or "" for k, v in source.items()}))
    if source["dated"] and not DATED.fullmatch(source["dated"]):
        yield f"dated: “{source['dated']}” is not YYYY, YYYY-MM or YYYY-MM-DD"


def _entry_problems(entry: dict[str, Any], catalogue: Catalogue) -> Iterator[str]:
    yield from _field_problems(treatment_of(entry))
    yield from _reference_problems(entry, catalogue)
    for synonym in entry["synonyms"]:
        yield from _field_problems(TreatmentSynonym(**synonym))
    for use in entry["uses"]:
        yield from _field_problems(use_of(use))
        for label in use["labels"]:
            yield from _field_problems(label_of(label), prefix=f"{use['slug']}: ")
        yield from _repeated(
            f"{use['slug']}: jurisdiction", [label["jurisdiction"] for label in use["labels"]]
        )
    for caution in entry["cautions"]:
        yield from _field_problems(caution_of(caution))
    for notice in notices_in(entry):
        yield from _field_problems(notice_of(notice))
        if notice["withdrawn_on"] and notice["withdrawn_on"] < notice["issued_on"]:
            yield f"{notice['product']}: a notice cannot end before it was issued"
    yield from _repeated("notice from", [notice["source"] for notice in notices_in(entry)])
    yield from _repeated("use", [use["slug"] for use in entry["uses"]])
    yield from _repeated("body area", entry["body_areas"])
    yield from _repeated("name", [entry["name"], *(synonym["name"] for synonym in entry["synonyms"])])


def _reference_problems(entry: dict[str, Any], catalogue: Catalogue) -> Iterator[str]:
    areas = {*entry["body_areas"], *(use["body_area"] for use in entry["uses"] if use["body_area"])}
    yield from (f"there is no body area “{area}”" for area in sorted(areas - set(BODY_AREAS)))
    yield from (f"there is no source “{name}”" for name in sorted(cited(entry) - set(catalogue.sources)))
    if bool(entry["emergency_signs"]) != bool(entry["emergency_source"]):
        yield "emergency signs and their source go together"
    seen, parent = {entry["slug"]}, entry["parent"]
    while parent is not None:
        if parent in seen:
            yield f"“{parent}” is its own ancestor"
            return
        if parent not in catalogue.entries:
            yield f"there is no parent “{parent}”"
            return
        seen.add(parent)
        parent = catalogue.entries[parent]["parent"]


def _name_problems(catalogue: Catalogue, files: dict[str, str]) -> list[str]:
    names = Counter(entry["name"].casefold() for entry in catalogue.entries.values())
    return [
        f"{files[slug]}: {slug}: another treatment is called “{entry['name']}” too"
        for slug, entry in catalogue.entries.items()
        if names[entry["name"].casefold()] > 1
    ]


def _repeated(what: str, values: list[str]) -> Iterator[str]:
    counts = Counter(value.casefold() for value in values)
    yield from (f"{what} “{value}” is given {count} times" for value, count in counts.items() if count > 1)


def _field_problems(row: models.Model, prefix: str = "") -> Iterator[str]:
    """What the model's fields refuse; relations are checked apart, by slug."""
    relations = [f.name for f in row._meta.fields if f.is_relation]
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            value = str(getattr(row, name))[:60]
            yield f"{prefix}{row._meta.verbose_name}: {name} “{value}”: {' '.join(messages)}"


def treatment_of(entry: dict[str, Any]) -> Treatment:
    """An unsaved treatment without its relations."""
    return Treatment(
        slug=entry["slug"],
        name=entry["name"],
        generic=entry["generic"] or "",
        kind=entry["kind"],
        summary=entry["summary"],
        description=entry["description"],
        is_prescription_only=entry["prescription_only"],
        review_interval_months=entry["review_interval_months"],
        emergency_signs=entry["emergency_signs"] or "",
        is_reviewed=True,
    )


def use_of(row: dict[str, Any], **relations: Any) -> TreatmentUse:
    """An unsaved use."""
    texts = {name: row[name] or "" for name in ("slug", "name", "lay_name", "summary")}
    return TreatmentUse(**texts, **relations)


def label_of(row: dict[str, Any], **relations: Any) -> LabelStatus:
    """An unsaved label status."""
    values = {"jurisdiction": row["jurisdiction"], "status": row["status"], "note": row["note"] or ""}
    return LabelStatus(**values, checked_on=row["checked_on"], **relations)


def caution_of(row: dict[str, Any], **relations: Any) -> Caution:
    """An unsaved caution."""
    return Caution(kind=row["kind"], text=row["text"], checked_on=row["checked_on"], **relations)


def notice_of(row: dict[str, Any], **relations: Any) -> SafetyNotice:
    """An unsaved safety notice."""
    names = ("product", "text", "issued_on", "withdrawn_on")
    return SafetyNotice(**{name: row[name] for name in names}, **relations)
