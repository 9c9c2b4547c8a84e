"""What a batch of threads meets here: the same thread, another under its name, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from answers.exchange.exporter import NATIVE_ID, records
from answers.exchange.fields import Refused
from answers.exchange.incoming import IncomingThread, digest_of
from answers.models import ImportedAnswer
from questions.models import Question

Place = Callable[[list[str], str], Any]

_NATIVE = re.compile(re.escape(NATIVE_ID) + "([0-9a-f]{32})")


@dataclass
class Standing:
    """``digests``: every line that is the same thread, by id; ``answers``: the answer ids in use."""

    digests: dict[str, set[str]]
    answers: set[str]

    def has(self, thread: IncomingThread) -> bool:
        """Whether this very thread is here; :class:`Refused` when only its name, or an answer's, is."""
        here = self.digests.get(thread.id)
        if here is None:
            if taken := self.answers.intersection(thread.answer_ids()):
                raise Refused(f"answer id {min(taken)} belongs to another thread")
            return False
        if thread.digest not in here:
            raise Refused("the same id with other content was stored before")
        return True

    def add(self, thread: IncomingThread) -> None:
        """Count a thread of the batch as stored, for those that come after it."""
        self.digests[thread.id] = {thread.digest}
        self.answers.update(thread.answer_ids())


def of(threads: Iterable[IncomingThread], *, place: Place) -> Standing:
    """A few queries for a batch of any size. ``place`` says where treatments and use of a line belong."""
    given = {thread.id: thread for thread in threads}
    rows = Question.objects.filter(external_id__in=given).values_list("external_id", "pk", "import_digest")
    here = {name: (pk, digest) for name, pk, digest in rows if name} | _native(given)
    digests = {name: {digest} for name, (_, digest) in here.items()}
    # An export brought back to where it came from is known too: compare with what it would say today.
    changed = [pk for name, (pk, digest) in here.items() if digest != given[name].digest]
    for record in records(keys=changed) if changed else ():
        digests[record["id"]].add(digest_of(record))
        thread = given[record["id"]]
        # Exported before a merge it says the same under other names.
        if place(thread.treatments, thread.use) == place(record["treatments"], record["use"] or ""):
            filed = {"treatments": thread.treatments, "use": thread.use or None}
            digests[record["id"]].add(digest_of(record | filed))
    names = [name for thread in given.values() for name in thread.answer_ids()]
    taken = ImportedAnswer.objects.filter(external_id__in=names).values_list("external_id", flat=True)
    return Standing(digests, set(taken))


def _native(names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Threads that were asked here, by the id an export gives them; no line is theirs."""
    own = {UUID(match[1]): match[0] for name in names if (match := _NATIVE.fullmatch(name))}
    if not own:
        return {}
    rows = Question.objects.filter(submission_key__in=own, external_id__isnull=True)
    return {own[key]: (pk, "") for key, pk in rows.values_list("submission_key", "pk")}
