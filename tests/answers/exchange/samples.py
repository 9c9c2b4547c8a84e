"""Lines to import, and what their report said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from answers.exchange.exporter import records

Rows = list[tuple[int, str, str]]


def doctor(name: str = "Ana Reyes", **more: Any) -> dict[str, Any]:
    return {"name": name, "title": "MD", "city": "Memphis", "region": "TN", "country": "US"} | more


def answer(name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "body": "It usually settles.", "doctor": doctor()} | more


def thread(name: str = "t-1", **more: Any) -> dict[str, Any]:
    return {"id": name, "title": "Is this normal?", "body": "I wonder.", "treatments": ["botox"]} | more


def written(path: Path, *items: Any) -> Path:
    """A file of lines; bytes are written as they are."""
    raw = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
    path.write_bytes(b"\n".join(raw))
    return path


def verdicts(rows: Rows) -> list[str]:
    return [verdict for _, verdict, _ in rows]


def exported() -> list[str]:
    return [json.dumps(record, ensure_ascii=False) for record in records()]
