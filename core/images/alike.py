"""Finds the pictures that look like one, among a million, with ordinary indexes.

A hash is cut into four bands of sixteen bits. Where two hashes differ in at most ten bits, they differ in at most two
of one of the first three bands, or in at most one of the last: else there would be eleven. So all that can be alike is
found under the values near each band, and then weighed by all its bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, combinations
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from core.images.likeness import ALIKE, BITS, Views
from core.images.models import BAND_BITS, BANDS, Likeness, Photo

# Bits of each band in which what is alike may differ; together with one more each, they are one more than ALIKE.
NEAR = (2, 2, 2, 1)
FLIPS = [
    [
        sum(1 << bit for bit in bits)
        for bits in chain.from_iterable(combinations(range(BAND_BITS), many) for many in range(near + 1))
    ]
    for near in NEAR
]
BITS_APART = "bit_count((core_likeness.hash # asked.hash)::bit(64))"
CANDIDATES = " UNION ALL ".join(
    f"SELECT id, {BITS_APART} AS bits FROM asked JOIN core_likeness ON band_{band} = ANY(near_{band})"  # noqa: S608
    f" WHERE {BITS_APART} <= %s"
    for band in range(BANDS)
)
# What is asked is kept apart: else each view and band becomes a search with helpers of its own, which is slower.
FIND = (
    "WITH asked (hash, near_0, near_1, near_2, near_3) AS MATERIALIZED (VALUES {asked})"  # noqa: S608
    f" SELECT object_type, object_id, min(bits) FROM ({CANDIDATES}) AS found JOIN core_likeness USING (id)"
    " WHERE (object_type, object_id) <> (%s, %s) GROUP BY object_type, object_id ORDER BY 3, 1, 2"
)
ASKED = f"(%s::bigint{', %s::smallint[]' * BANDS})"


class Alike(NamedTuple):
    """A picture that looks like the one asked about, and in how many bits they differ."""

    object_type: str
    object_id: int
    distance: int


def remember(picture: models.Model, seen: Views | None) -> None:
    """From now on others are found to look like it; what was known of it before is replaced."""
    with transaction.atomic():
        forget(picture)
        if seen is not None:
            Likeness.objects.bulk_create(
                Likeness(object_type=picture._meta.label_lower, object_id=picture.pk, hash=signed(value))
                for value in {seen.upright, seen.centre}
            )


def forget(picture: models.Model) -> None:
    """To be called by whoever deletes the picture: no key does it."""
    Likeness.objects.filter(object_type=picture._meta.label_lower, object_id=picture.pk).delete()


def look_alikes(seen: Views | None, *, but: models.Model | None = None) -> list[Alike]:
    """The pictures that look like one seen so, the nearest first; without the one that it is of."""
    return [] if seen is None else _found(set(seen), but=but)


def _found(seen: Iterable[int], *, but: models.Model | None) -> list[Alike]:
    sql, parameters = query(seen, ("", 0) if but is None else (but._meta.label_lower, but.pk))
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Alike(*row) for row in cursor.fetchall()]


def look_alikes_of(photo: Photo) -> list[Alike]:
    """Those that look like a picture that was taken in, without itself."""
    known = Likeness.objects.filter(object_type=photo._meta.label_lower, object_id=photo.pk)
    hashes = {value % (1 << BITS) for value in known.values_list("hash", flat=True)}
    if photo.mirrored is None or not hashes:
        return []
    hashes.add(photo.mirrored % (1 << BITS))
    return _found(hashes, but=photo)


def query(seen: Iterable[int], itself: tuple[str, int]) -> tuple[str, list[Any]]:
    """The statement and its parameters."""
    different = set(seen)
    asked = [part for value in different for part in (signed(value), *_near(value))]
    return FIND.format(asked=", ".join([ASKED] * len(different))), [*asked, *[ALIKE] * BANDS, *itself]


def signed(value: int) -> int:
    """As PostgreSQL’s bigint holds it."""
    return value - (1 << BITS) if value >> (BITS - 1) else value


def _near(value: int) -> list[list[int]]:
    """For each band, what it is in hashes that differ there in few bits."""
    bands = [value >> (band * BAND_BITS) & ((1 << BAND_BITS) - 1) for band in range(BANDS)]
    return [
        [(bits ^ flip) - (1 << (BAND_BITS - 1)) for flip in flips]
        for bits, flips in zip(bands, FLIPS, strict=True)
    ]
