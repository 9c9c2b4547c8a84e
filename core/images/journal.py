"""Names of files that were taken away for good, beside the database: yesterday’s backup does not know of it.

A line is a day and a name, written before the file is deleted. ``restore`` takes away again what stands here.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

# Longer than any backup is kept (config.privacy.kept).
KEPT = timedelta(days=42)


def note(names: Iterable[str]) -> None:
    """At the end, on the disk before this returns. Raises OSError, and then nothing may be deleted yet."""
    today = timezone.localdate().isoformat()
    lines = "".join(f"{today} {name}\n" for name in names)
    if lines:
        with _locked() as file:
            file.seek(_whole(file))
            file.truncate()
            file.write(lines.encode())
            _flush(file)


def names() -> set[str]:
    return {name for _, name in _lines()}


def forget_old() -> None:
    """Lines older than any backup. Interrupted, it leaves the file as it was."""
    since = timezone.localdate() - KEPT
    with _locked():
        left = [f"{day} {name}\n" for day, name in _lines() if day >= since]
        draft = _path().with_suffix(".new")
        with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as new:
            new.write("".join(left).encode())
            _flush(new)
        draft.replace(_path())


def _lines() -> Iterator[tuple[date, str]]:
    """Without one that a crash cut off: its file was not deleted yet."""
    path = _path()
    text = path.read_text() if path.exists() else ""
    for line in text[: text.rfind("\n") + 1].splitlines():
        day, _, name = line.partition(" ")
        yield date.fromisoformat(day), name


def _whole(file: IO[bytes]) -> int:
    """Where the last whole line ends: what a crash cut off is written over."""
    file.seek(0)
    return file.read().rfind(b"\n") + 1


@contextmanager
def _locked() -> Iterator[IO[bytes]]:
    """One at a time, and never a file that was replaced meanwhile."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        with open(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists() and os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                yield file
                return


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _path() -> Path:
    return Path(settings.PICTURES_JOURNAL)
