"""What became of every line: a table for a spreadsheet, and the sums for the screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from core.text import clean_line

HEADER = "line\tid\tverdict\treason\n"
ID_LENGTH = 200


class Verdict(StrEnum):
    """``JOINED`` is said of an answer, beside the verdict on its line."""

    STORED = "stored"
    KNOWN = "known"
    REFUSED = "refused"
    SKIPPED = "skipped"
    JOINED = "joined"


@dataclass(slots=True)
class Outcome:
    line: int
    id: str
    verdict: Verdict
    reason: str = ""

    def refuse(self, reason: str) -> None:
        self.verdict, self.reason = Verdict.REFUSED, reason

    def row(self) -> str:
        """Tab-separated; whatever a refused id held, it stays one cell of one row."""
        name = clean_line(self.id)[:ID_LENGTH]
        return f"{self.line}\t{name}\t{self.verdict}\t{clean_line(self.reason)}\n"


class Report:
    """An open report file; a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[Verdict] = Counter()

    def __enter__(self) -> Report:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._file.write(HEADER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.verdict] += 1
        self._file.write(outcome.row())

    def summary(self) -> str:
        """One sentence with every count."""
        lines = sum(count for verdict, count in self.counts.items() if verdict != Verdict.JOINED)
        parts = [f"{self.counts[verdict]} {verdict}" for verdict in Verdict if verdict != Verdict.JOINED]
        joined = self.counts[Verdict.JOINED]
        more = f" {joined} answers were joined to another by the same doctor." if joined else ""
        return f"{lines} lines: {', '.join(parts)}.{more}"
