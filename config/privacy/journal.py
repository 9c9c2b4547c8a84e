"""Who was erased, in a form that recognises an account in an old backup and says nothing else.

The rows stand in the database and, since a backup of yesterday knows nothing of them, as lines of a file beside it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from accounts.models import Erasure, User

if TYPE_CHECKING:
    from collections.abc import Iterator


class JournalBroken(Exception):
    """The file cannot be read or written. The message says which, and what to do."""


def who(pk: int, joined: datetime) -> str:
    """The mark of an account: keys are given again after a restore, the moment of its making is not."""
    return hashlib.sha256(f"{pk}:{joined.timestamp():.6f}".encode()).hexdigest()


@contextmanager
def noted(user: User) -> Iterator[Erasure]:
    """Write it down, in the file first: what stands there alone is only erased again. Raises JournalBroken.

    What fails while it stands there did not erase anybody, and is struck out.
    """
    mark, at = who(user.pk, user.date_joined), timezone.now()
    if mark not in _marks():
        _append({"who": mark, "at": at.isoformat()})
    try:
        yield Erasure.objects.get_or_create(who=mark, defaults={"at": at})[0]
    except BaseException:
        _strike(mark)
        raise


def strike_out(user: User) -> None:
    """Whoever came back in time stays, also after a restore, if an erasure was cut off before it was done."""
    mark = who(user.pk, user.date_joined)
    if mark in _marks():
        _strike(mark)


def keep_all() -> None:
    """Bring the file up to what the database knows, before the database is replaced."""
    for erasure in Erasure.objects.exclude(who__in=_marks()).order_by("pk"):
        _append({"who": erasure.who, "at": erasure.at.isoformat()})


def take_over() -> None:
    """Bring the database up to what the file knows, after the database was replaced."""
    for mark, at in _marks().items():
        Erasure.objects.get_or_create(who=mark, defaults={"at": at})


def to_erase_again() -> list[User]:
    """Accounts of this database that were erased before."""
    marks = set(Erasure.objects.values_list("who", flat=True))
    if not marks:
        return []
    known = User.objects.values_list("pk", "date_joined").iterator()
    return list(User.objects.filter(pk__in=[pk for pk, joined in known if who(pk, joined) in marks]))


def _path() -> Path:
    return Path(settings.ERASURE_JOURNAL)


def _append(line: dict[str, str]) -> None:
    """One at a time, after the last whole line: what a crash or a full disk cut off goes."""
    path = _path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)
            file.seek(whole)
            file.write(json.dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise JournalBroken(f"{path} could not be written ({error.strerror}): nobody was erased.") from error


def _strike(mark: str) -> None:
    _append({"who": mark, "at": timezone.now().isoformat(), "struck": "out"})


def _marks() -> dict[str, datetime]:
    """Who was erased when, without what was struck out later."""
    marks: dict[str, datetime] = {}
    for mark, at, is_struck in _lines():
        if is_struck:
            marks.pop(mark, None)
        else:
            marks.setdefault(mark, at)
    return marks


def _lines() -> Iterator[tuple[str, datetime, bool]]:
    """What the file says; a last line cut off by a crash was of an erasure that did not happen."""
    path = _path()
    try:
        text = path.read_text() if path.exists() else ""
    except OSError as error:
        raise JournalBroken(f"{path} could not be read ({error.strerror}).") from error
    whole = text[: text.rfind("\n") + 1]
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            said = json.loads(line)
            yield said["who"], datetime.fromisoformat(said["at"]), "struck" in said
        except (ValueError, KeyError, TypeError) as error:
            raise JournalBroken(f"{path}, line {number}, is no line of this journal.") from error
