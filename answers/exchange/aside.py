"""Counting the words of what is stored, beside the storing of what comes next."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from django.db import connection

from answers.exchange.copying import analyse
from answers.models import Thread, Word
from answers.threads import settle_words, tally

# Batches that may wait to be counted.
WAITING = 3


class WordsAside:
    """Give it the keys of stored threads; a thread with a connection of its own learns their words.

    A context manager, at whose end everything is counted. The threads themselves are listed and found
    before; what a crash leaves uncounted is counted at the end of the next import. Inside somebody's
    transaction another connection would see nothing, so there it counts at once.
    """

    def __init__(self) -> None:
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> WordsAside:
        self._worker = None if connection.in_atomic_block else ThreadPoolExecutor(max_workers=1)
        return self

    def count(self, questions: list[int]) -> None:
        """Count these soon; raises what went wrong with earlier ones."""
        if self._worker is None:
            tally(questions)
            return
        self._waiting.append(self._worker.submit(tally, questions))
        if len(self._waiting) > WAITING:
            self._waiting.popleft().result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._worker is not None:
            self._worker.submit(connection.close)
            self._worker.shutdown()
        if kind is None:
            for counted in self._waiting:
                counted.result()
            settle_words()
            if self._worker is not None:
                # Searches are planned by statistics that would otherwise come a minute later.
                analyse(Thread, Word)
