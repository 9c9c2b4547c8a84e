"""The terms of the field: from their file into the table, with the sources some of them rest on.

A term is written when it is new or when its file says something new of it, as treatments are; what moderators
changed in the meantime stays.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from treatments.catalogue.entries import CatalogueError, Changes, digest, due, remember
from treatments.catalogue.reading import FOLDER
from treatments.catalogue.reading import read as read_catalogue
from treatments.models import Source, Term

KIND = "term"
FILE = FOLDER.parent / "glossary.json"
KEYS = frozenset("slug name also explanation source".split())
Row = dict[str, Any]


def load(file: Path = FILE) -> Changes:
    """Check the file, then write what is due in one transaction. Raises CatalogueError."""
    sources = read_catalogue().sources
    rows = read(file, sources)
    digests = {row["slug"]: digest(row, sources.get(row["source"])) for row in rows}
    with transaction.atomic():
        present = set(Term.objects.filter(slug__in=digests).values_list("slug", flat=True))
        slugs, changes = due(KIND, digests, present=present)
        if slugs:
            _refuse_taken_names(file, rows, slugs)
            _write([row for row in rows if row["slug"] in slugs], sources)
            remember(KIND, {slug: digests[slug] for slug in slugs})
    return changes


def read(file: Path, sources: dict[str, Row]) -> list[Row]:
    """The terms of the file. Raises CatalogueError with every problem found."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CatalogueError([f"{file.name}: not JSON: {error}"]) from None
    if not isinstance(rows, list):
        raise CatalogueError([f"{file.name}: expected a list of terms"])
    problems = [
        f"{file.name}: term {position}: {problem}"
        for position, row in enumerate(rows, start=1)
        for problem in _problems(row, sources)
    ]
    if not problems:
        problems = [f"{file.name}: {problem}" for problem in _repeated(rows)]
    if problems:
        raise CatalogueError(problems)
    return rows


def _problems(row: Any, sources: dict[str, Row]) -> Iterator[str]:
    if not isinstance(row, dict) or set(row) != KEYS:
        yield f"expected an object with {', '.join(sorted(KEYS))}"
        return
    if row["source"] is not None and row["source"] not in sources:
        yield f"{row['slug']}: there is no source “{row['source']}”"
    try:
        _term(row).clean_fields(exclude=["source"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield f"{row['slug']}: {name}: {' '.join(messages)}"


def _repeated(rows: list[Row]) -> Iterator[str]:
    slugs = Counter(row["slug"] for row in rows)
    forms = Counter(form.casefold() for row in rows for form in {*_term(row).forms})
    for what, counts in (("slug", slugs), ("word", forms)):
        yield from (
            f"{what} “{value}” is given {count} times" for value, count in counts.items() if count > 1
        )


def _refuse_taken_names(file: Path, rows: list[Row], slugs: set[str]) -> None:
    names = {row["name"].lower(): row["slug"] for row in rows if row["slug"] in slugs}
    taken = Term.objects.exclude(slug__in=slugs).values_list("name", "slug")
    problems = [
        f"{file.name}: {names[name.lower()]}: the site explains “{name}” already, as {slug}"
        for name, slug in taken
        if name.lower() in names
    ]
    if problems:
        raise CatalogueError(problems)


def _write(rows: list[Row], sources: dict[str, Row]) -> None:
    cited = sorted({row["source"] for row in rows if row["source"]})
    Source.objects.bulk_create(
        [Source(slug=name, **{k: v or "" for k, v in sources[name].items()}) for name in cited],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "publisher", "url", "dated"],
    )
    found = Source.objects.in_bulk(cited, field_name="slug")
    Term.objects.bulk_create(
        [_term(row, source=found.get(row["source"]), changed_at=timezone.now()) for row in rows],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "also", "explanation", "source", "changed_at"],
    )


def _term(row: Row, **more: Any) -> Term:
    return Term(slug=row["slug"], name=row["name"], also=row["also"], explanation=row["explanation"], **more)
