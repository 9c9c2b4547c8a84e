"""How long something takes, judged so that a busy machine cannot spoil it and slow code cannot pass.

Whatever else runs makes a try longer, never shorter: the quickest of several says most. What is slow
by itself is slow in every try and in every round.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 5


def is_done_within(
    seconds: float, do: Callable[[], object], clock: Callable[[], float] = time.monotonic
) -> bool:
    """Whether one of a few tries is.

    ``time.process_time`` as ``clock`` leaves out what other processes do, the database among them.
    """
    return any(_seconds(do, clock) < seconds for _ in range(TRIES))


def grows_in_proportion(do: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes about four times as long: less than ten times, in one try of a few.

    What grows with the square takes sixteen times as long, on a slow machine as on a quick one.
    """
    return any(
        _seconds(lambda: do(4 * size), time.process_time) < 10 * _seconds(lambda: do(size), time.process_time)
        for _ in range(TRIES)
    )


def take_the_same_time(one: Callable[[], object], other: Callable[[], object], share: float) -> bool:
    """Whether, in one round of a few, the quickest tries of both differ by less than ``share`` of the slower."""
    return any(_differ_by(one, other) < share for _ in range(TRIES))


def _differ_by(one: Callable[[], object], other: Callable[[], object]) -> float:
    tries = [(_seconds(one, time.process_time), _seconds(other, time.process_time)) for _ in range(TRIES)]
    quickest, slowest = sorted(min(times) for times in zip(*tries, strict=True))
    return 1 - quickest / slowest


def _seconds(do: Callable[[], object], clock: Callable[[], float]) -> float:
    """Without the collector, which goes through whatever earlier tests left behind whenever enough is new.

    Nothing is collected before either: that takes a quarter of a second late in a run, and it is asked for
    two thousand times.
    """
    gc.disable()
    try:
        began = clock()
        do()
        return clock() - began
    finally:
        gc.enable()
