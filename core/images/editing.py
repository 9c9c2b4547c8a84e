"""What the page of one picture asks for: turn it, cut it, cover parts of it. Each is done at once and for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.images.redrawing import Area
from core.text import number_in

TURNS = {"right": 90, "left": 270}
# The plain page lays so many fields over a picture, to be ticked.
COLUMNS, ROWS = 8, 8
AREAS_AT_MOST = 40
EDGES = ("left", "top", "right", "bottom")
NOTHING = "Mark what is to be covered first."


def _percent(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=95,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Please give a whole number of percent."},
    )


class ChangeForm(forms.Form):
    """``do`` is the button. ``name`` is the picture as it was shown: somebody may have changed it in another window."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in (*TURNS, "cut", "cover")])
    name = forms.CharField(max_length=40)
    left, top = _percent("Left (%)"), _percent("Top (%)")
    right, bottom = _percent("Right (%)"), _percent("Bottom (%)")

    def clean(self) -> dict[str, Any]:
        """As :func:`core.images.photos.redraw` takes it, in ``changes``."""
        filled = self.cleaned_data
        if "do" not in filled or self.errors:
            return filled
        try:
            filled["changes"] = self._changes(filled["do"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return filled

    def edges(self) -> list[forms.BoundField]:
        return [self[edge] for edge in EDGES]

    def _changes(self, do: str) -> dict[str, Any]:
        if do in TURNS:
            return {"turn": TURNS[do]}
        return {"crop": self._rest()} if do == "cut" else {"cover": self._covered()}

    def _rest(self) -> Area:
        """What is left when so much is cut off each edge."""
        left, top, right, bottom = ((self.cleaned_data.get(edge) or 0) / 100 for edge in EDGES)
        if not any((left, top, right, bottom)):
            raise ValueError("Say how much to cut off, at one edge at least.")
        if left + right >= 1 or top + bottom >= 1:
            raise ValueError(
                "Nothing would be left of the picture: cut off less than 100 % from opposite edges."
            )
        return Area.of(left, top, 1 - right, 1 - bottom)

    def _covered(self) -> list[Area]:
        fields = _together({_field(value) for value in self._all("field")})
        drawn = [
            Area.of(*map(float, value.split(","))) for value in self._all("area") if value.count(",") == 3
        ]
        areas = [*fields, *drawn]
        if not areas:
            raise ValueError(NOTHING)
        return areas[: AREAS_AT_MOST + COLUMNS * ROWS]

    def _all(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []


def fields_over() -> list[tuple[str, str]]:
    """Value and label of each field laid over a picture, from the top left."""
    return [
        (f"{column}-{row}", f"Row {row + 1}, column {column + 1}")
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def _field(value: str) -> tuple[int, int]:
    """Row and column."""
    column, _, row = value.partition("-")
    x, y = number_in(column) if column else COLUMNS, number_in(row) if row else ROWS
    if x >= COLUMNS or y >= ROWS:
        raise ValueError(NOTHING)
    return y, x


def _together(fields: set[tuple[int, int]]) -> list[Area]:
    """As few areas as lie side by side: of one large area less can be told than of many small ones."""
    open_runs: dict[tuple[int, int], int] = {}
    areas = []
    for row in range(ROWS + 1):
        runs = set(_runs(sorted(column for y, column in fields if y == row)))
        for run in set(open_runs) - runs:
            top = open_runs.pop(run)
            areas.append(Area.of(run[0] / COLUMNS, top / ROWS, run[1] / COLUMNS, row / ROWS))
        for run in runs:
            open_runs.setdefault(run, row)
    return areas


def _runs(columns: list[int]) -> Iterator[tuple[int, int]]:
    """Begin and end of each unbroken row of columns."""
    begun = None
    for column in columns:
        if begun is None:
            begun = column
        if column + 1 not in columns:
            yield begun, column + 1
            begun = None
