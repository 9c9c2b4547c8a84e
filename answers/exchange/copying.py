"""Many rows into one table at once, by PostgreSQL's COPY: several times faster than INSERT.

Rows are mappings from attribute names to values; what a row leaves out gets the field's default, so
that a new field with a default needs no change here. No signals are sent and no ``save()`` runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from types import NoneType
from typing import Any

from django.db import connection
from django.db.models import Field, Model

# Rows that are handed to the driver at a time.
ROWS = 40
_SPECIAL = re.compile(r"[\\\n\r\t]")


def reserve(model: type[Model], count: int) -> list[int]:
    """``count`` fresh primary keys in rising order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Add the rows. Raises the database's error when one of them is refused; then none is stored."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    # An automatic key is left to its sequence unless the rows bring their own.
    columns = [c for c in _columns(model) if c[1] in first or c[1] != model._meta.pk.attname]
    lines = (
        "\t".join([_text(row[name]) if name in row else default() for _, name, default in columns]) + "\n"
        for row in chain((first,), rows)
    )
    names = ", ".join(connection.ops.quote_name(column) for column, _, _ in columns)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(statement, _Stream(lines))


class _Stream:
    """A file of lines that are made while the server is busy with those before."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, _size: int) -> bytes:
        return "".join(islice(self._lines, ROWS)).encode()


def pack_quickly() -> None:
    """Pack long texts of this transaction by LZ4 where the server has it: half the work, both ways."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, 'lz4', true) FROM pg_settings"
            " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
        )


def commit_soon() -> None:
    """Let this transaction's commit not wait for the disk; the next one that waits takes it along."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def analyse(*models: type[Model]) -> None:
    """Let the planner look at tables that have just grown. A role that may not is told so, and goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(m._meta.db_table) for m in models)}")


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> list[tuple[str, str, Callable[[], str]]]:
    """``(column, attribute, default as COPY reads it)`` of everything the table stores."""
    return [(f.column, f.attname, _default(f)) for f in model._meta.concrete_fields]  # type: ignore[misc]


def _default(field: Field) -> Callable[[], str]:
    """A constant is written out once; what is made for each row (moments, random keys) is made for each."""
    if field.has_default() and callable(field.default):
        return lambda: _text(field.get_default())
    constant = _text(field.get_default())
    return lambda: constant


def _text(value: Any) -> str:
    return _WRITTEN.get(type(value), _other)(value)


def _other(value: Any) -> str:
    return _escaped(str(value))


def _escaped(value: str) -> str:
    if not _SPECIAL.search(value):
        return value
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


# How COPY reads each kind of value.
_WRITTEN: dict[type, Callable[[Any], str]] = {
    NoneType: lambda _: "\\N",
    str: _escaped,
    int: str,
    bool: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    dict: lambda value: _escaped(json.dumps(value)),
    list: lambda value: _escaped(json.dumps(value)),
}
