"""Writing the catalogue into the tables: what is new or changed in the files, and nothing else.

Treatments, uses and sources are brought in line by slug and never deleted, because questions and label
statuses point to them. Synonyms, label statuses and cautions of an entry are replaced as a whole; nothing
points to those. Safety notices are added and corrected, each known by its document; those that moderators entered
stay, and one that they withdrew stays withdrawn.

An entry whose treatment was merged into another one is left out for good, and what named it names that one. What
came with a merge belongs to the moderators: the files neither replace nor contradict it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from core.text import render
from treatments.catalogue.areas import BODY_AREAS
from treatments.catalogue.entries import CatalogueError, Changes, due, remember
from treatments.catalogue.reading import (
    FOLDER,
    Catalogue,
    caution_of,
    cited,
    label_of,
    notices_in,
    read,
    treatment_of,
    use_of,
)
from treatments.merging.gate import hold_off
from treatments.models import (
    BodyArea,
    Caution,
    LabelStatus,
    LoadedEntry,
    SafetyNotice,
    Source,
    Treatment,
    TreatmentRedirect,
    TreatmentSynonym,
    TreatmentUse,
)

KIND = LoadedEntry.TREATMENT


def load(folder: Path = FOLDER) -> Changes:
    """Check all files, then write what is due in one transaction. Raises CatalogueError."""
    catalogue = read(folder)
    with transaction.atomic():
        hold_off()
        _one_at_a_time()
        merged = set(TreatmentRedirect.objects.values_list("slug", flat=True)) & catalogue.entries.keys()
        digests = {slug: value for slug, value in catalogue.digests().items() if slug not in merged}
        present = set(Treatment.objects.filter(slug__in=digests).values_list("slug", flat=True))
        slugs, changes = due(KIND, digests, present=present)
        if slugs:
            _refuse_taken_names(catalogue, slugs)
            _write([catalogue.entries[slug] for slug in sorted(slugs)], catalogue)
            remember(KIND, {slug: digests[slug] for slug in slugs})
    return replace(changes, merged=tuple(sorted(merged)))


def _one_at_a_time() -> None:
    """Two loads at once would both replace the same rows; the second waits here until the first is done."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(LoadedEntry._meta.db_table)
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _refuse_taken_names(catalogue: Catalogue, slugs: set[str]) -> None:
    names = {catalogue.entries[slug]["name"].lower(): slug for slug in slugs}
    rows = Treatment.objects.exclude(slug__in=slugs).values_list("name", "slug")
    problems = [
        f"{names[name.lower()]}: the site has a treatment “{name}” already, as {slug}"
        for name, slug in rows
        if name.lower() in names
    ]
    if problems:
        raise CatalogueError(problems)


def _write(entries: list[dict[str, Any]], catalogue: Catalogue) -> None:
    areas = _bodies()
    sources = _sources(entries, catalogue)
    treatments = _treatments(entries, sources)
    _body_areas(entries, treatments, areas)
    uses = _uses(entries, treatments, areas)
    written = [treatments[entry["slug"]] for entry in entries]
    TreatmentSynonym.objects.filter(treatment__in=written, came_with__isnull=True).delete()
    Caution.objects.filter(treatment__in=written, came_with__isnull=True).delete()
    LabelStatus.objects.filter(use__treatment__in=written, came_with__isnull=True).delete()
    TreatmentSynonym.objects.bulk_create(
        (
            TreatmentSynonym(treatment=treatments[entry["slug"]], **row)
            for entry in entries
            for row in entry["synonyms"]
        ),
        ignore_conflicts=True,
    )
    Caution.objects.bulk_create(
        caution_of(row, treatment=treatments[entry["slug"]], source=sources[row["source"]])
        for entry in entries
        for row in entry["cautions"]
    )
    LabelStatus.objects.bulk_create(
        (
            label_of(row, use=uses[entry["slug"], use["slug"]], source=sources[row["source"]])
            for entry in entries
            for use in entry["uses"]
            for row in use["labels"]
        ),
        ignore_conflicts=True,
    )
    _notices(entries, treatments, sources)


def _notices(
    entries: list[dict[str, Any]], treatments: dict[str, Treatment], sources: dict[str, Source]
) -> None:
    for entry in entries:
        for row in notices_in(entry):
            said = {name: row[name] for name in ("product", "text", "issued_on")}
            ended = {"withdrawn_on": row["withdrawn_on"]} if row["withdrawn_on"] else {}
            SafetyNotice.objects.update_or_create(
                treatment=treatments[entry["slug"]],
                source=sources[row["source"]],
                came_with=None,
                defaults={**said, **ended},
            )


def _bodies() -> dict[str, BodyArea]:
    rows = [
        BodyArea(slug=slug, name=name, position=i)
        for i, (slug, name) in enumerate(BODY_AREAS.items(), start=1)
    ]
    _upsert(rows, key=["slug"], fields=["name", "position"])
    return BodyArea.objects.in_bulk(field_name="slug")


def _sources(entries: list[dict[str, Any]], catalogue: Catalogue) -> dict[str, Source]:
    wanted = sorted({name for entry in entries for name in cited(entry)})
    rows = [Source(slug=name, **{k: v or "" for k, v in catalogue.sources[name].items()}) for name in wanted]
    _upsert(rows, key=["slug"], fields=["title", "publisher", "url", "dated"])
    return Source.objects.in_bulk(wanted, field_name="slug")


def _treatments(entries: list[dict[str, Any]], sources: dict[str, Source]) -> dict[str, Treatment]:
    """Write the rows first and their parents after, since a parent may come later in the files.

    Where a merge has decided on a family, it stays: of what others were merged into, and of what belonged to those.
    Emergency signs that came with a merge stay where the file has none.
    """
    slugs = [entry["slug"] for entry in entries]
    grown = Treatment.objects.filter(slug__in=slugs).exclude(former_slugs=[]).in_bulk(field_name="slug")
    rows = []
    for entry in entries:
        row = treatment_of(entry)
        row.description_html = render(row.description)
        row.emergency_source = sources.get(entry["emergency_source"])
        if not row.emergency_signs and row.slug in grown:
            held = grown[row.slug]
            row.emergency_signs, row.emergency_source = held.emergency_signs, held.emergency_source
        rows.append(row)
    kept = {"id", "slug", "parent", "former_slugs"}
    _upsert(
        rows, key=["slug"], fields=[f.name for f in Treatment._meta.concrete_fields if f.name not in kept]
    )
    treatments = Treatment.objects.in_bulk(field_name="slug")
    merged = {row.slug: row.target_id for row in TreatmentRedirect.objects.all()}
    for entry in entries:
        row = treatments[entry["slug"]]
        if entry["parent"] not in merged and row.pk not in merged.values():
            row.parent = treatments.get(entry["parent"])
        elif row.parent_id is None and row.pk not in merged.values():
            row.parent_id = merged[entry["parent"]]
    _refuse_circles(entries, treatments)
    Treatment.objects.bulk_update([treatments[entry["slug"]] for entry in entries], ["parent"])
    return treatments


def _refuse_circles(entries: list[dict[str, Any]], treatments: dict[str, Treatment]) -> None:
    """The files have none in themselves; with what was merged meanwhile they may."""
    parents = {row.pk: row.parent_id for row in treatments.values()}
    for entry in entries:
        row = treatments[entry["slug"]]
        seen, above = {row.pk}, parents[row.pk]
        while above is not None and above not in seen:
            seen.add(above)
            above = parents[above]
        if above is not None:
            raise CatalogueError([f"{row.slug}: after merges on this site it would be its own ancestor"])


def _body_areas(
    entries: list[dict[str, Any]], treatments: dict[str, Treatment], areas: dict[str, BodyArea]
) -> None:
    """The areas of what others were merged into are theirs too, and only grow."""
    through = Treatment.body_areas.through
    written = [treatments[entry["slug"]] for entry in entries]
    through.objects.filter(treatment__in=[row for row in written if not row.former_slugs]).delete()
    through.objects.bulk_create(
        (
            through(treatment_id=treatments[entry["slug"]].pk, bodyarea_id=areas[name].pk)
            for entry in entries
            for name in entry["body_areas"]
        ),
        ignore_conflicts=True,
    )


def _uses(
    entries: list[dict[str, Any]], treatments: dict[str, Treatment], areas: dict[str, BodyArea]
) -> dict[tuple[str, str], TreatmentUse]:
    """Uses by (treatment's slug, own slug)."""
    rows = [
        use_of(row, treatment=treatments[entry["slug"]], body_area=areas.get(row["body_area"]))
        for entry in entries
        for row in entry["uses"]
    ]
    _upsert(rows, key=["treatment", "slug"], fields=["name", "lay_name", "summary", "body_area"])
    written = TreatmentUse.objects.filter(treatment__in=[treatments[entry["slug"]] for entry in entries])
    return {(use.treatment.slug, use.slug): use for use in written.select_related("treatment")}


def _upsert(rows: Sequence[Model], *, key: list[str], fields: list[str]) -> None:
    if rows:
        manager = type(rows[0])._default_manager
        manager.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=fields)
