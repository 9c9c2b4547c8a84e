"""Lines read, checked and rendered, in batches small enough to keep in memory. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from answers.exchange.fields import Refused
from answers.exchange.incoming import IncomingThread, read_thread
from answers.exchange.lines import Unreadable, parsed
from answers.exchange.report import Outcome, Verdict

BATCH_LINES = 300
BATCH_BYTES = 900_000


@dataclass(slots=True)
class Candidate:
    """A line that reads well and waits for the database; its outcome is settled there."""

    outcome: Outcome
    thread: IncomingThread


@dataclass(slots=True)
class Batch:
    """``outcomes`` has one entry per line; those to be settled are those of the ``candidates``."""

    outcomes: list[Outcome] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    size: int = 0

    def admit(self, number: int, raw: bytes | None) -> None:
        outcome = Outcome(number, "", Verdict.STORED)
        self.outcomes.append(outcome)
        if raw is not None and not raw.strip():
            outcome.verdict, outcome.reason = Verdict.SKIPPED, "empty line"
            return
        self.size += len(raw or b"")
        try:
            data = parsed(raw)
            outcome.id = data["id"] if isinstance(data.get("id"), str) else ""
            self.candidates.append(Candidate(outcome, read_thread(data)))
        except RecursionError:
            outcome.refuse("nested too deeply")
        except Refused as refusal:
            outcome.refuse(str(refusal))


def batches(lines: Iterable[tuple[int, bytes | None]]) -> Iterator[Batch]:
    """All lines in order. When reading fails half-way, what was read before comes first."""
    batch = Batch()
    try:
        for number, raw in lines:
            batch.admit(number, raw)
            if len(batch.outcomes) >= BATCH_LINES or batch.size >= BATCH_BYTES:
                yield batch
                batch = Batch()
    except Unreadable:
        yield batch
        raise
    yield batch
