"""The audit trail as a chain: each row is sealed by the hash of what it says and of the seal before it.

PostgreSQL seals, when the transaction that wrote the rows commits (migration ``core.0007``). Here it is only
checked, with an understanding of its own of what a row says: whoever can change the database's functions
cannot change this one with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from core.models import AuditEntry, AuditForgotten, AuditLink

BATCH = 5_000
BEGINNING = bytes(32)
FORGET = "forget words"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What is sealed, in this order. A new column goes to the end, here and in ``core_audit_said``: empty ones are
# left out, so that the seals of older rows stay what they are.
SEALED = (
    "id",
    "at",
    "actor_id",
    "action",
    "object_type",
    "object_id",
    "from_state",
    "to_state",
    "version",
    "reason",
    "reason_code",
    "waited",
)


@dataclass(frozen=True)
class Head:
    """The last link: noted elsewhere, it shows later that nothing was cut off behind it."""

    number: int = 0
    seal: bytes = BEGINNING

    def __str__(self) -> str:
        return f"{self.number}:{self.seal.hex()}"

    @classmethod
    def of(cls, text: str) -> Head:
        """What ``str`` wrote; raises ValueError for anything else."""
        number, _, seal = text.strip().partition(":")
        head = cls(int(number), bytes.fromhex(seal))
        if len(head.seal) != len(BEGINNING) or head.number < 0:
            raise ValueError("This is not the end of a chain: a number, a colon and 64 hexadecimal digits.")
        return head


class Broken(Exception):
    """The first thing that is not as it was sealed. ``entry`` is the row it is about, ``why`` a sentence."""

    def __init__(self, entry: int | None, why: str) -> None:
        self.entry, self.why = entry, why
        super().__init__(f"Entry {entry}: {why}" if entry is not None else why)


def content(entry: AuditEntry) -> str:
    """What a row says, the same in every time zone, language and version of the software."""
    said = ((name, _written(getattr(entry, name))) for name in SEALED)
    return "".join(f"{name}={len(value.encode())}:{value};" for name, value in said if value)


def seal(number: int, entry: AuditEntry, previous: bytes) -> bytes:
    return sha256(previous + f"{number};{content(entry)}".encode()).digest()


def verify(noted: Head | None = None) -> Head:
    """Walk the whole chain in batches and return its end. Raises Broken about the first row that is wrong.

    An entry without words (``core.forgetting``) keeps its seal, which the next one covers; what is left of it is
    sealed by itself, and the last entry that says ``FORGET`` vouches for all of these together.
    """
    head, forgets = Head(), ""
    _check(noted, head)
    for link, entry in _links():
        if link.number != head.number + 1:
            raise Broken(link.entry_id, f"link {head.number + 1} before it is missing.")
        if entry is None:
            raise Broken(link.entry_id, f"it was sealed as link {link.number} and is gone.")
        sealed = _kept_seal(link, entry) or seal(link.number, entry, head.seal)
        if bytes(link.seal) != sealed:
            raise Broken(entry.pk, f"it does not say what was sealed as link {link.number}.")
        forgets = entry.reason if entry.action == FORGET else forgets
        head = Head(link.number, sealed)
        _check(noted, head)
    if noted is not None and noted.number > head.number:
        raise Broken(None, f"The chain ends at link {head.number}, but link {noted.number} was noted.")
    loose = AuditEntry.objects.filter(link=None).order_by("pk").values_list("pk", flat=True).first()
    if loose is not None:
        raise Broken(loose, "it was never sealed.")
    if forgets != all_forgotten():
        raise Broken(None, "Entries lost their words otherwise than by an erasure.")
    return head


def all_forgotten() -> str:
    """Every entry without words in one line: how many they are, and one hash of what is left of them."""
    count, digest = 0, sha256()
    rows = AuditForgotten.objects.order_by("pk").values_list("pk", "left")
    for pk, left in rows.iterator(chunk_size=BATCH):
        count += 1
        digest.update(f"{pk}:".encode() + bytes(left))
    return f"{count} {digest.hexdigest()}" if count else ""


def _kept_seal(link: AuditLink, entry: AuditEntry) -> bytes | None:
    """The seal of an entry without words, if what is left of it is what was left then."""
    forgotten = getattr(entry, "forgotten", None)
    if forgotten is None:
        return None
    if bytes(forgotten.left) != sha256(content(entry).encode()).digest():
        raise Broken(entry.pk, "it does not say what was left of it.")
    return bytes(link.seal)


def _check(noted: Head | None, head: Head) -> None:
    if noted is not None and noted.number == head.number and noted.seal != head.seal:
        raise Broken(None, f"Link {head.number} is not what was noted: all of it may have been written anew.")


def _links() -> Iterator[tuple[AuditLink, AuditEntry | None]]:
    """Every link with its row, in order; one batch is held at a time."""
    last = 0
    while True:
        links = list(AuditLink.objects.filter(number__gt=last).order_by("number")[:BATCH])
        if not links:
            return
        entries = AuditEntry.objects.select_related("forgotten").in_bulk([link.entry_id for link in links])
        yield from ((link, entries.get(link.entry_id)) for link in links)
        last = links[-1].number


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value -= EPOCH
    if isinstance(value, timedelta):
        value //= timedelta(microseconds=1)
    return str(value)
