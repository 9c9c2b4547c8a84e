"""Earlier published texts of a question or an answer, as an export of this site gives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from answers.exchange import fields
from answers.exchange.fields import Refused

MAX_NUMBER = 1_000_000


@dataclass(slots=True)
class IncomingVersion:
    """A text that was public from ``published_at`` on; ``snapshot`` only of answers."""

    number: int
    published_at: datetime
    text: dict[str, Any]
    snapshot: dict[str, Any] | None


def read_versions(
    data: dict[str, Any],
    *,
    keys: tuple[str, ...],
    read: Callable[[dict[str, Any]], dict[str, Any]],
    current: dict[str, Any],
    read_snapshot: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda _: None,
) -> list[IncomingVersion]:
    """The versions in rising order, the last of which is ``current``; none where none are given.

    ``keys`` are those of the text; a version that repeats the text of ``data`` is not read again.
    """
    versions: list[IncomingVersion] = []
    for given in fields.objects(data, "versions"):
        number = fields.count(given, "number")
        published_at = fields.moment(given, "published_at")
        if published_at is None or not (versions[-1].number if versions else 0) < number <= MAX_NUMBER:
            raise Refused("versions are not numbered upwards and dated")
        same = all(given.get(key) == data.get(key) for key in keys)
        text = current if same else read(given)
        versions.append(IncomingVersion(number, published_at, text, read_snapshot(given)))
    if versions and versions[-1].text != current:
        raise Refused("the last version is not the text itself")
    return versions
