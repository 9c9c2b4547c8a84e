"""Preparing the next item while the caller is busy with the last one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
_END = object()


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """``items``, each made in a thread of its own while the one before is used; never more than one waits.

    What fails while an item is made is raised where that item would have come. Worth its thread where
    the caller waits for the database meanwhile.
    """
    waiting: queue.Queue[Any] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    def hand_over(item: Any) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            if all(hand_over((item, None)) for item in items):
                hand_over((_END, None))
        except BaseException as error:
            hand_over((_END, error))

    worker = threading.Thread(target=make, daemon=True)
    worker.start()
    try:
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stopped.set()
        # Not for ever: it may be waiting for input that never comes.
        worker.join(timeout=5)
