"""What files and tables have in common: entries, their digests, and which of them have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from treatments.models import LoadedEntry


class CatalogueError(Exception):
    """The files cannot be loaded; ``problems`` are sentences naming file and entry."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Changes:
    """How many entries were new, were written anew because their file changed, and were left alone.

    ``merged``: those left out for good, since a moderator merged them into another treatment.
    """

    new: int
    changed: int
    same: int
    merged: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{self.new} new, {self.changed} changed, {self.same} as before"
        return f"{told}; merged into others and left out: {', '.join(self.merged)}" if self.merged else told


def digest(*parts: Any) -> str:
    """A fingerprint of what a file says of an entry."""
    packed = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def due(kind: str, digests: Mapping[str, str], *, present: Collection[str]) -> tuple[set[str], Changes]:
    """The slugs to write: those absent from the tables, and those whose file says something new."""
    before = dict(LoadedEntry.objects.filter(kind=kind).values_list("slug", "digest"))
    write = {slug for slug, value in digests.items() if before.get(slug) != value or slug not in present}
    new = sum(slug not in present for slug in write)
    return write, Changes(new=new, changed=len(write) - new, same=len(digests) - len(write))


def remember(kind: str, digests: Mapping[str, str]) -> None:
    """Keep the digests of entries that have just been written."""
    LoadedEntry.objects.bulk_create(
        [LoadedEntry(kind=kind, slug=slug, digest=value) for slug, value in digests.items()],
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["digest"],
    )
