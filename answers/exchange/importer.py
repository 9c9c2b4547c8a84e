"""Deciding about every line of a file, in batches of which each is one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.services import system_user
from answers.exchange import standing
from answers.exchange.ahead import ahead
from answers.exchange.aside import WordsAside
from answers.exchange.batches import Batch, Candidate, batches
from answers.exchange.catalogue import Catalogue
from answers.exchange.copying import analyse, commit_soon, pack_quickly
from answers.exchange.fields import Refused
from answers.exchange.report import Outcome, Report, Verdict
from answers.exchange.rows import Decision, Resolved, write
from answers.models import Answer
from answers.threads import refresh
from core.enums import State
from doctors.models import Doctor
from questions.models import Question, QuestionTreatment
from treatments.merging import hold_off
from treatments.models import Treatment

SYSTEM_ACCOUNT = "importer"
# The class of SQL states for texts that are too long for an index or a tsvector.
LIMIT_EXCEEDED = "54"


class Importer:
    """Feed it lines; it tells ``report`` about each, in order. Memory is bounded by three batches."""

    def __init__(
        self, *, report: Report, state: State = State.PUBLISHED, create_treatments: bool = False
    ) -> None:
        self.report = report
        self.state = state
        self.by = system_user(SYSTEM_ACCOUNT)
        self.catalogue = Catalogue(create=create_treatments)
        self._stored = self._analysed = 0
        self.words = WordsAside()

    def run(self, lines: Iterable[tuple[int, bytes | None]]) -> None:
        """Take in all lines. While a batch is stored, the next is checked and rendered, the last counted."""
        with self.words:
            for batch in ahead(batches(lines)):
                self._store(batch.candidates)
                self._tell(batch)

    def _tell(self, batch: Batch) -> None:
        """Report on what is stored by now. An interrupt before that leaves whole threads only."""
        joined = {id(candidate.outcome): _joined(candidate) for candidate in batch.candidates}
        for outcome in batch.outcomes:
            self.report.add(outcome)
            if outcome.verdict == Verdict.STORED:
                for more in joined[id(outcome)]:
                    self.report.add(more)

    def _store(self, candidates: list[Candidate]) -> None:
        """In one transaction; what the database refuses is cornered by halves, so nothing else is lost."""
        if not candidates:
            return
        try:
            with transaction.atomic():
                public = self._store_together(candidates)
            if public:
                self.words.count(public)
        except DatabaseError as error:
            if not _is_about_a_row(error):
                raise
            self.catalogue.load()
            if len(candidates) == 1:
                candidates[0].outcome.refuse(f"the database refused it: {error}")
                return
            middle = len(candidates) // 2
            self._store(candidates[:middle])
            self._store(candidates[middle:])

    def _store_together(self, candidates: list[Candidate]) -> list[int]:
        """The keys of the questions that are public now."""
        with connection.cursor() as cursor:
            # Two imports at once take turns, so that each sees what the other has stored.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('answers.exchange'))")
        hold_off()
        if not self.catalogue.is_current():
            self.catalogue.load()
        pack_quickly()
        commit_soon()
        resolved = self._resolve(candidates)
        if not resolved:
            return []
        self.catalogue.save()
        decision = Decision(state=self.state, by=self.by, at=timezone.now())
        keys = write(resolved, catalogue=self.catalogue, decision=decision)
        self._keep_plans_good(len(keys))
        if not decision.is_public:
            return []
        refresh(keys, words=False)
        return keys

    def _keep_plans_good(self, more: int) -> None:
        """Each time the import has grown fourfold: without statistics the read model takes twice as long."""
        self._stored += more
        if self._stored >= 4 * self._analysed:
            analyse(Treatment, Question, QuestionTreatment, Doctor, Answer)
            self._analysed = self._stored

    def _resolve(self, candidates: list[Candidate]) -> list[Resolved]:
        """Those to be stored; the outcomes of the others are settled here."""
        known = standing.of((candidate.thread for candidate in candidates), place=self.catalogue.place)
        resolved = []
        for candidate in candidates:
            outcome, thread = candidate.outcome, candidate.thread
            outcome.verdict, outcome.reason = Verdict.STORED, thread.note
            try:
                if known.has(thread):
                    outcome.verdict, outcome.reason = Verdict.KNOWN, "stored before"
                    continue
                resolved.append(Resolved(thread, *self.catalogue.resolve(thread.treatments, thread.use)))
                known.add(thread)
            except Refused as refusal:
                outcome.refuse(str(refusal))
        return resolved


def _is_about_a_row(error: DatabaseError) -> bool:
    """Whether other rows may fare better: not so when the server is gone, full or of another version."""
    code = getattr(error.__cause__, "pgcode", None) or ""
    return isinstance(error, DataError | IntegrityError) or code.startswith(LIMIT_EXCEEDED)


def _joined(candidate: Candidate) -> list[Outcome]:
    """One outcome for each answer that became part of an earlier one by the same doctor."""
    line = candidate.outcome.line
    return [
        Outcome(line, name, Verdict.JOINED, f"part of {answer.ids[0]}: both by {answer.doctor.name}")
        for answer in candidate.thread.answers
        for name in answer.ids[1:]
    ]
