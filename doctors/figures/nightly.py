"""Moving the figures of private details on, each night. May run twice, and be interrupted between any two subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from doctors.enums import CostPart, FigureKind
from doctors.figures.amounts import band, how_many
from doctors.figures.private import CAME, COUNTED
from doctors.figures.releases import Release, next_release
from doctors.models import Contribution, Figure, Review

# Whoever moves figures does so alone.
ONE_WRITER = "SELECT pg_advisory_xact_lock(hashtext('doctors.figures'))"
SUBJECT = {FigureKind.COSTS: "treatment", FigureKind.MARKS: "doctor", FigureKind.BACK: "treatment"}


def move_figures() -> int:
    """All that may move, one doctor or treatment after the other. How many figures did."""
    return sum(
        move_figures_of(kind, of)
        for kind, about in SUBJECT.items()
        for of in sorted(
            {
                *Review.objects.public().order_by().values_list(about, flat=True).distinct(),
                *Figure.objects.filter(kind=kind).order_by().values_list("of", flat=True).distinct(),
            }
        )
    )


@transaction.atomic
def move_figures_of(kind: FigureKind, of: int) -> int:
    """Those of one doctor or treatment; how many moved."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
    now = COUNTED[kind](of)
    known = {figure.part: figure for figure in Figure.objects.filter(kind=kind, of=of)}
    rows: dict[int, list[Contribution]] = {figure.pk: [] for figure in known.values()}
    for row in Contribution.objects.filter(figure__in=rows):
        rows[row.figure_id].append(row)
    moved = 0
    for part in sorted({*known, *(part for part, said in now.items() if said)}):
        figure = known.get(part) or Figure(kind=kind, of=of, part=part)
        moved += _move(figure, rows.get(figure.pk, []), now.get(part, {}))
    return moved


def _move(figure: Figure, rows: list[Contribution], now: Mapping[int, str]) -> bool:
    """Whether it did. A figure without anybody, and without a past, is no row."""
    before, broken = _as_it_was(figure, rows)
    after = next_release(before, now, broken=broken)
    if after == before and not broken:
        return False
    figure.counted, figure.moved_at = len(after.counted), timezone.now()
    figure.groups = {str(number): len(group) for number, group in after.groups.items()}
    figure.shown = shown_of(figure.kind, after.counted.values()) if after.is_shown else {}
    figure.save()
    _keep(figure, rows, after)
    return True


def _as_it_was(figure: Figure, rows: Iterable[Contribution]) -> tuple[Release[str], list[int]]:
    """What is left of the release of last night, and the groups of which somebody was erased since."""
    groups: dict[int, dict[int, str]] = {int(number): {} for number in figure.groups}
    left = set()
    for row in rows:
        if row.group is None:
            left.add(row.review_id)
        else:
            groups[row.group][row.review_id] = row.said
    broken = [number for number, group in groups.items() if len(group) < figure.groups[str(number)]]
    return Release(groups, frozenset(left)), broken


def _keep(figure: Figure, rows: Iterable[Contribution], after: Release[str]) -> None:
    """What differs from the rows there are. Of who left nothing is kept but that they did."""
    leaving = [row for row in rows if row.group is not None and row.review_id in after.left]
    for row in leaving:
        row.group, row.said = None, ""
    Contribution.objects.bulk_update(leaving, ["group", "said"], batch_size=1000)
    have = {row.review_id for row in rows}
    new = (
        Contribution(figure=figure, review_id=review, group=number, said=said)
        for number, group in after.groups.items()
        for review, said in group.items()
        if review not in have
    )
    Contribution.objects.bulk_create(new, batch_size=1000)


def shown_of(kind: str, said: Iterable[str]) -> dict[str, Any]:
    """What readers get to see of what these people said."""
    return SHOWN[kind](list(said))


def _costs(said: list[str]) -> dict[str, Any]:
    paid = [words.split() for words in said]
    for_part = Counter(part for _, *parts in paid for part in parts)
    return {
        "n": len(paid),
        **asdict(band(Decimal(total) for total, *_ in paid)),
        "parts": {part: how_many(for_part[part], len(paid)) for part in CostPart.values if for_part[part]},
    }


def _marks(said: list[str]) -> dict[str, Any]:
    given = Counter(said)
    return {"n": len(said), "counts": [given[str(mark)] for mark in range(1, 6)]}


def _back(said: list[str]) -> dict[str, Any]:
    return {"n": len(said), "came": said.count(CAME)}


SHOWN: dict[str, Callable[[list[str]], dict[str, Any]]] = {
    FigureKind.COSTS: _costs,
    FigureKind.MARKS: _marks,
    FigureKind.BACK: _back,
}
