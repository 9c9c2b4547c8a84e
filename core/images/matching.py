"""Which pictures of something look like which others: of other people, of its author elsewhere, or of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from core.images.alike import look_alikes_of
from core.images.likeness import ALIKE
from core.images.models import Photo

# Of one picture: whoever copies a hundred is found by the first.
SHOWN = 5
# Bits in which two pictures of one thing may differ and still be one. A pair in one pose is alike by itself: fewer than
# between strangers, which finds a picture made smaller or saved again (docs/images.md).
SAME = 4


class Match(NamedTuple):
    """Two pictures that look alike. ``number`` is the place of the first among those asked about, from 1."""

    number: int
    photo: Photo
    other: Photo
    bits: int

    @property
    def is_own(self) -> bool:
        """Sent by the same person."""
        return self.photo.owner_id is not None and self.photo.owner_id == self.other.owner_id


class Matches(NamedTuple):
    """``elsewhere`` are of something else, the nearest first; ``within`` are pairs of those asked about."""

    elsewhere: list[Match]
    within: list[Match]


def matches(photos: Iterable[Photo]) -> Matches:
    """Two queries for each picture at most. What nothing holds yet is nobody's business."""
    asked = {photo.pk: number for number, photo in enumerate(photos, start=1)}
    rows = Photo.objects.in_bulk(asked)
    elsewhere, within = [], []
    for pk, number in asked.items():
        near = {each.object_id: each.distance for each in look_alikes_of(rows[pk]) if each.distance <= ALIKE}
        others = Photo.objects.filter(pk__in=near).exclude(holder="").prefetch_related("renditions")
        found = sorted(
            (Match(number, rows[pk], other, near[other.pk]) for other in others),
            key=lambda m: (m.bits, m.other.pk),
        )
        elsewhere += [match for match in found if match.other.pk not in asked][:SHOWN]
        within += [each for each in found if asked.get(each.other.pk, 0) > number and each.bits <= SAME]
    return Matches(elsewhere, within)
