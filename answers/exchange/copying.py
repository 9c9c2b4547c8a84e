"""Many rows into one table at once, by PostgreSQL's COPY: several times faster than INSERT.

Rows are mappings from attribute names to values; what a row leaves out gets the field's default, so
that a new field with a default needs no change here. No signals are sent and no ``save()`` runs.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

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
    rows = list(rows)
    if not rows:
        return
    # An automatic key is left to its sequence unless the rows bring their own.
    columns = [c for c in _columns(model) if c[1] in rows[0] or c[1] != model._meta.pk.attname]
    lines = (
        "\t".join([_text(row[name]) if name in row else default() for _, name, default in columns])
        for row in rows
    )
    names = ", ".join(connection.ops.quote_name(column) for column, _, _ in columns)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))


def pack_quickly() -> None:
    """Pack long texts of this transaction by LZ4 where the server has it: half the work, both ways."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, 'lz4', true) FROM pg_settings"
            " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
        )


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
    # The commonest kinds first; most texts have nothing to escape.
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return _escaped(value) if _SPECIAL.search(value) else value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return _escaped(json.dumps(value))
    return _escaped(str(value))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
