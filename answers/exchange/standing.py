"""What a batch of threads meets here: the same thread, another under its name, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from answers.exchange.exporter import NATIVE_ID, records
from answers.exchange.fields import Refused
from answers.exchange.incoming import IncomingThread, digest_of
from answers.models import ImportedAnswer
from questions.models import Question

_NATIVE = re.compile(re.escape(NATIVE_ID) + "([0-9a-f]{32})")


@dataclass
class Standing:
    """``questions``: key and digest by id; ``answers``: the thread id of each answer id in use."""

    questions: dict[str, tuple[int | None, str]]
    answers: set[str] = field(default_factory=set)

    def has(self, thread: IncomingThread) -> bool:
        """Whether this very thread is here; :class:`Refused` when only its name, or an answer's, is."""
        here = self.questions.get(thread.id)
        if here is None:
            if taken := self.answers.intersection(thread.answer_ids()):
                raise Refused(f"answer id {min(taken)} belongs to another thread")
            return False
        pk, digest = here
        if digest == thread.digest or (pk is not None and _digest_today(pk) == thread.digest):
            return True
        raise Refused("the same id with other content was stored before")

    def add(self, thread: IncomingThread) -> None:
        """Count a thread of the batch as stored, for those that come after it."""
        self.questions[thread.id] = (None, thread.digest)
        self.answers.update(thread.answer_ids())


def of(threads: Iterable[IncomingThread]) -> Standing:
    """Three queries for a batch of any size."""
    threads = list(threads)
    ids = [thread.id for thread in threads]
    rows = Question.objects.filter(external_id__in=ids).values_list("external_id", "pk", "import_digest")
    questions: dict[str, tuple[int | None, str]] = {name: (pk, digest) for name, pk, digest in rows}
    own = {UUID(match[1]): match[0] for name in ids if (match := _NATIVE.fullmatch(name))}
    if own:
        native = Question.objects.filter(submission_key__in=own, external_id__isnull=True)
        questions |= {own[key]: (pk, "") for key, pk in native.values_list("submission_key", "pk")}
    names = [name for thread in threads for name in thread.answer_ids()]
    taken = ImportedAnswer.objects.filter(external_id__in=names).values_list("external_id", flat=True)
    return Standing(questions, set(taken))


def _digest_today(pk: int) -> str:
    """Of the line an export would write now: an export brought back to where it came from is known."""
    return next((digest_of(record) for record in records(keys=[pk])), "")
