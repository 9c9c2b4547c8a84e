"""Deciding about every line of a file, in batches of which each is one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.services import system_user
from answers.exchange import standing
from answers.exchange.catalogue import Catalogue
from answers.exchange.fields import Refused
from answers.exchange.incoming import IncomingThread, read_thread
from answers.exchange.lines import Unreadable, parsed
from answers.exchange.report import Outcome, Report, Verdict
from answers.exchange.rows import Decision, Resolved, write
from answers.threads import refresh
from core.enums import State

BATCH_THREADS = 500
BATCH_BYTES = 4_000_000
SYSTEM_ACCOUNT = "importer"
# The class of SQL states for texts that are too long for an index or a tsvector.
LIMIT_EXCEEDED = "54"


@dataclass(slots=True)
class Candidate:
    """A line that reads well and waits for its batch; its outcome is filled in there."""

    outcome: Outcome
    thread: IncomingThread


class Importer:
    """Feed it lines; it tells ``report`` about each, in order. Memory is bounded by one batch."""

    def __init__(
        self, *, report: Report, state: State = State.PUBLISHED, create_treatments: bool = False
    ) -> None:
        self.report = report
        self.state = state
        self.by = system_user(SYSTEM_ACCOUNT)
        self.catalogue = Catalogue(create=create_treatments)
        self._outcomes: list[Outcome] = []
        self._candidates: list[Candidate] = []
        self._bytes = 0

    def run(self, lines: Iterable[tuple[int, bytes | None]]) -> None:
        """Take in all lines. When reading fails half-way, what was read before is stored all the same."""
        try:
            for number, raw in lines:
                self._admit(number, raw)
                if len(self._outcomes) >= BATCH_THREADS or self._bytes >= BATCH_BYTES:
                    self._flush()
        except Unreadable:
            self._flush()
            raise
        self._flush()

    def _admit(self, number: int, raw: bytes | None) -> None:
        outcome = Outcome(number, "", Verdict.STORED)
        self._outcomes.append(outcome)
        if raw is not None and not raw.strip():
            outcome.verdict, outcome.reason = Verdict.SKIPPED, "empty line"
            return
        try:
            data = parsed(raw)
            outcome.id = data["id"] if isinstance(data.get("id"), str) else ""
            self._candidates.append(Candidate(outcome, read_thread(data)))
            self._bytes += len(raw or b"")
        except RecursionError:
            _refuse(outcome, "nested too deeply")
        except Refused as refusal:
            _refuse(outcome, str(refusal))

    def _flush(self) -> None:
        """Store the batch, then report on it. An interrupt in between leaves whole threads only."""
        self._store(self._candidates)
        joined = {id(candidate.outcome): _joined(candidate) for candidate in self._candidates}
        for outcome in self._outcomes:
            self.report.add(outcome)
            if outcome.verdict == Verdict.STORED:
                for more in joined[id(outcome)]:
                    self.report.add(more)
        self._outcomes, self._candidates, self._bytes = [], [], 0

    def _store(self, candidates: list[Candidate]) -> None:
        """In one transaction; what the database refuses is cornered by halves, so nothing else is lost."""
        if not candidates:
            return
        try:
            with transaction.atomic():
                self._store_together(candidates)
        except DatabaseError as error:
            self.catalogue.load()
            if not _is_about_a_row(error):
                raise
            if len(candidates) == 1:
                _refuse(candidates[0].outcome, f"the database refused it: {error}")
                return
            middle = len(candidates) // 2
            self._store(candidates[:middle])
            self._store(candidates[middle:])

    def _store_together(self, candidates: list[Candidate]) -> None:
        with connection.cursor() as cursor:
            # Two imports at once take turns, so that each sees what the other has stored.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('answers.exchange'))")
        resolved = self._resolve(candidates)
        if resolved:
            decision = Decision(state=self.state, by=self.by, at=timezone.now())
            keys = write(resolved, catalogue=self.catalogue, decision=decision)
            if decision.is_public:
                refresh(keys)

    def _resolve(self, candidates: list[Candidate]) -> list[Resolved]:
        """Those to be stored; the outcomes of the others are settled here."""
        known = standing.of(candidate.thread for candidate in candidates)
        resolved = []
        for candidate in candidates:
            outcome, thread = candidate.outcome, candidate.thread
            outcome.verdict, outcome.reason = Verdict.STORED, ""
            try:
                if known.has(thread):
                    outcome.verdict, outcome.reason = Verdict.KNOWN, "stored before"
                    continue
                resolved.append(Resolved(thread, *self.catalogue.resolve(thread.treatments, thread.use)))
            except Refused as refusal:
                _refuse(outcome, str(refusal))
            else:
                known.add(thread)
        return resolved


def _is_about_a_row(error: DatabaseError) -> bool:
    """Whether other rows may fare better: not so when the server is gone, full or of another version."""
    code = getattr(error.__cause__, "pgcode", None) or ""
    return isinstance(error, DataError | IntegrityError) or code.startswith(LIMIT_EXCEEDED)


def _refuse(outcome: Outcome, reason: str) -> None:
    outcome.verdict, outcome.reason = Verdict.REFUSED, reason


def _joined(candidate: Candidate) -> list[Outcome]:
    """One outcome for each answer that became part of an earlier one by the same doctor."""
    line = candidate.outcome.line
    return [
        Outcome(line, name, Verdict.JOINED, f"part of {answer.ids[0]}: both by {answer.doctor.name}")
        for answer in candidate.thread.answers
        for name in answer.ids[1:]
    ]
