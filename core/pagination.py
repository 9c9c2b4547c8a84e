"""Cursor pages: the thousandth page costs what the first costs, and new rows shift nothing.

A cursor is the sort key of the last row shown. Anything that is not one of our cursors gives the first page.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import QueryDict

PAGE_SIZE = 20
MAX_CURSOR = 400
BIGINT_MAX = 2**63 - 1
EARLIEST_YEAR = 1900


@dataclass(frozen=True)
class CursorPage:
    """One page of rows and the query strings of its neighbours (``""`` when there is none)."""

    rows: list[Any]
    next_url: str
    first_url: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def paginate(
    queryset: QuerySet, *, order: tuple[str, ...], params: QueryDict, size: int = PAGE_SIZE
) -> CursorPage:
    """A page of ``queryset`` ordered by ``order`` (fields that are never null, the last one unique).

    Reads ``?after=``; keeps every other parameter in the links. One query, ``size`` + 1 rows.
    """
    after = params.get("after", "")
    values = _decode(after, fields=len(order))
    ordered = queryset.order_by(*order)
    rows: list[Model] | None = None
    if values is not None:
        try:
            rows = list(ordered.filter(_beyond(order, _typed(queryset, order, values)))[: size + 1])
        except (ValidationError, ValueError, TypeError, OverflowError):
            values = None
    if rows is None:
        rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    next_url = _url(params, _encode(rows[-1], order)) if more else ""
    return CursorPage(rows, next_url, _url(params, None) if values is not None else "")


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after the key, in lexicographic order: a row-value comparison spelt with AND and OR.

    The leading conjunct repeats the first field so that an index on it bounds the scan.
    """
    condition = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field, lookup = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{lookup}": value})
        equal &= Q(**{field: value})
    first, lookup = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return Q(**{f"{first}__{lookup}": values[0]}) & condition


def _typed(queryset: QuerySet, order: tuple[str, ...], values: list[Any]) -> list[Any]:
    typed = []
    for name, value in zip(order, values, strict=True):
        if isinstance(value, bool) or value is None:
            raise ValueError("not a sort key")
        if isinstance(value, int) and abs(value) > BIGINT_MAX:
            raise OverflowError("not a key of ours")
        field = _field(queryset, name.lstrip("-"))
        key = field.to_python(value) if field is not None else value
        if isinstance(key, datetime) and (key.tzinfo is None or key.year < EARLIEST_YEAR):
            raise ValueError("not a moment of ours")
        if isinstance(key, datetime):
            key = key.astimezone(UTC)  # PostgreSQL knows fewer offsets than Python
        typed.append(key)
    return typed


def _field(queryset: QuerySet, path: str) -> Any:
    """The model field a path ends in, or that of an annotation."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    model, field = queryset.model, None
    for step in path.split("__"):
        if step == "pk":
            step = model._meta.pk.name
        names = {f.name: f for f in model._meta.get_fields()} | {
            f.attname: f for f in model._meta.concrete_fields
        }
        field = names.get(step)
        if field is None:
            return None
        model = getattr(field, "related_model", None) or model
    return field


def _encode(row: Model, order: tuple[str, ...]) -> str:
    values = []
    for name in order:
        value: Any = row
        for step in name.lstrip("-").split("__"):
            value = getattr(value, step)
        values.append(value.isoformat() if isinstance(value, datetime) else value)
    packed = json.dumps(values, separators=(",", ":"), default=str).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _decode(cursor: str, *, fields: int) -> list[Any] | None:
    if not cursor or len(cursor) > MAX_CURSOR:
        return None
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(packed)
    except (binascii.Error, ValueError, RecursionError):
        return None
    scalar = isinstance(values, list) and all(isinstance(value, str | int | float) for value in values)
    text_is_plain = scalar and not any(isinstance(value, str) and "\x00" in value for value in values)
    return values if text_is_plain and len(values) == fields else None


def _url(params: QueryDict, cursor: str | None) -> str:
    query = params.copy()
    query.pop("after", None)
    if cursor is not None:
        query["after"] = cursor
    return f"?{query.urlencode()}"
