"""The use matrix as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from answers.consensus import Bar
from answers.enums import Stance
from answers.selectors import use_activity
from answers.uses import bars_for_uses
from treatments.countries import chosen
from treatments.enums import Jurisdiction
from treatments.matrix import Choice, in_groups
from treatments.models import LabelStatus
from treatments.selectors import LabelledUse, treatments_with_family, uses_of

COLUMNS = (
    *("Treatment", "Use", "Everyday name", "Body area", "Country", "Label", "Note"),
    *("Source", "Publisher", "Document dated", "Address", "Checked on"),
    *("Threads", "Last activity", "Doctors counted", *Stance.labels, "Where doctors stand"),
)
# A spreadsheet takes a cell that begins so for a formula (T-IN-08).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def uses_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix with the country, order and filter of its address. Five queries."""
    treatment = get_object_or_404(treatments_with_family(), slug=slug)
    place, choice = chosen(request), Choice.of(request.GET)
    rows = choice.pick(uses_of(treatment, jurisdiction=place))
    ids = [row.pk for row in rows]
    counts, bars = use_activity(ids), bars_for_uses(ids)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{treatment.slug}-uses-{place.lower()}.csv"'
    response["X-Robots-Tag"] = "noindex"
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for _, group in in_groups(rows, choice.sort, counts, bars):
        for row in group:
            cells = [*_use(row, place), *_label(row.label), *_said(counts.get(row.pk, {}), bars[row.pk])]
            writer.writerow([safe_cell(cell) for cell in cells])
    return response


def safe_cell(value: object) -> object:
    """Text that no spreadsheet runs; figures stay figures."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _use(row: LabelledUse, place: Jurisdiction) -> Iterator[object]:
    yield from (str(row.use.treatment), row.use.name, row.use.lay_name)
    yield from (str(row.use.body_area or ""), place.label)


def _label(label: LabelStatus | None) -> list[object]:
    if label is None:
        return ["No document listed", *[""] * 6]
    source = label.source
    checked_on = label.checked_on.isoformat() if label.checked_on else ""
    said = [label.get_status_display(), label.note, source.title, source.publisher]
    return [*said, source.dated, source.url, checked_on]


def _said(count: dict, bar: Bar) -> list[object]:
    held = {row["stance"]: row["count"] for row in bar.counts}
    latest = count.get("last_activity_at")
    figures = [count.get("threads", 0), latest.date().isoformat() if latest else "", bar.total]
    return [*figures, *(held.get(stance, 0) for stance in Stance.values), bar.sentence]
