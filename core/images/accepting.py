"""The door for every picture: what comes in is decoded elsewhere, what comes out is drawn anew and checked.

Nothing of the file that arrived is kept: no name, no byte, no metadata. The day it was taken is handed to the caller,
who may count days with it and does not store it.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore, Thread, Timer
from typing import IO, NamedTuple, Protocol, cast

from core.images.bare import NotBare, size_of
from core.images.confined import UNCONFINED
from core.images.refusals import MEGABYTES, Refusal, Refused
from core.uploads import FULL

log = logging.getLogger(__name__)

AT_MOST = MEGABYTES * 1024 * 1024
# As the clock has it: on a busy machine a second of work takes several.
DEADLINE_SECONDS = 10
PATIENCE_SECONDS = 15
# At the same time in one process of the site, which has four threads: one may wait, and one is left for pages.
AT_ONCE = BoundedSemaphore(2)
AT_THE_DOOR = BoundedSemaphore(3)
ROOT = Path(__file__).resolve().parent.parent.parent
DECODER = (sys.executable, "-E", "-s", "-B", "-m", "core.images.decoder")
# All of its environment. One arena: threads would each reserve memory that the limit counts.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}
# A drawn picture is smaller by far.
ANSWER_AT_MOST = 2 * AT_MOST
LINE_AT_MOST = 200
KILLED_FOR_TIME = {-signal.SIGXCPU, -signal.SIGKILL}


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Picture(NamedTuple):
    """A JPEG of our own making, upright and in sRGB, without a word in it."""

    content: bytes
    width: int
    height: int
    taken_on: date | None


def accept(file: Readable) -> Picture:
    """The picture in what was sent. Raises Refused, and nothing else."""
    content = _read(file)
    with _turn(AT_THE_DOOR, patience=0), _turn(AT_ONCE, patience=PATIENCE_SECONDS):
        try:
            answer = _decoded(content)
        except (OSError, RuntimeError) as error:  # there is no process or thread to be had
            log.exception("The decoder cannot be started")
            raise Refused(Refusal.BUSY) from error
    return _believed(answer)


@contextmanager
def _turn(places: BoundedSemaphore, *, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise Refused(Refusal.BUSY)
    try:
        yield
    finally:
        places.release()


def start() -> subprocess.Popen[bytes]:
    """The decoder with nothing of ours: no environment, no open files but its pipes."""
    return subprocess.Popen(
        DECODER,
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _read(file: Readable) -> bytes:
    try:
        content = file.read(AT_MOST + 1)
    except OSError as error:
        raise Refused(Refusal.NO_ROOM if error.errno in FULL else Refusal.UNREAD) from error
    if not content:
        raise Refused(Refusal.EMPTY)
    if len(content) > AT_MOST:
        raise Refused(Refusal.BYTES)
    return content


def _decoded(content: bytes) -> bytes:
    """What the decoder says, if it says anything within its time."""
    with start() as process:
        deadline = Timer(DEADLINE_SECONDS, process.kill)
        feeding = Thread(target=_feed, args=(process.stdin, content))
        deadline.start()
        feeding.start()
        try:
            answer = cast(IO[bytes], process.stdout).read(ANSWER_AT_MOST)
            ended = process.wait()
        finally:
            process.kill()
            deadline.cancel()
            feeding.join()
    if ended == UNCONFINED:
        log.error("The decoder cannot be confined on this machine, so it opens nothing: see docs/images.md")
        raise Refused(Refusal.BUSY)
    if ended:
        raise Refused(Refusal.SLOW if ended in KILLED_FOR_TIME else Refusal.DAMAGED)
    return answer


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(OSError), pipe:
        pipe.write(content)


def _believed(answer: bytes) -> Picture:
    """The answer of a process that may have been taken over by what it read."""
    line, _, drawn = answer.partition(b"\n")
    try:
        said = json.loads(line[:LINE_AT_MOST])
        if "refused" in said:
            raise Refused(Refusal(said["refused"]))
        width, height = size_of(drawn)
        return Picture(drawn, width, height, _past(said["taken_on"]))
    except (ValueError, TypeError, KeyError, NotBare) as error:
        log.error("The decoder answered what is no bare picture: %s", error)
        raise Refused(Refusal.DAMAGED) from error


def _past(day: str | None) -> date | None:
    """No picture was taken tomorrow, wherever on earth."""
    taken_on = date.fromisoformat(day) if day else None
    return taken_on if taken_on and taken_on <= datetime.now(UTC).date() + timedelta(days=1) else None
