"""Files that were seen when a credential was checked: taken in by their content, kept where nothing is served from.

A picture goes the way of all pictures (``core.images``): its pixels are kept, nothing else. A PDF is kept as it came.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from core.images.accepting import accept
from core.images.refusals import Refusal, Refused
from core.uploads import FULL
from doctors.enums import EvidenceKind

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MEGABYTES = 5
AT_MOST = MEGABYTES * 1024 * 1024
# What waits for its form to be mended, and how long.
ASIDE, WAITS = "aside", timedelta(days=1)
# Where the end of a PDF is looked for, as readers do.
TAIL = 1024
WRONG_KIND = "Evidence is a PDF or a picture: JPEG, PNG, WebP, AVIF or HEIC. This file is none of these."
UNREAD = "The file could not be read. Please choose it again."
NO_ROOM = (
    "There is no room for a file this large now, so nothing was recorded. Choose a smaller one or try later."
)
NOT_KEPT = "The file could not be stored, so nothing was recorded. Try again, or record the check without it."


class Paper(NamedTuple):
    """What is to be kept."""

    content: bytes
    kind: EvidenceKind

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def under(self, name: str) -> dict[str, Any]:
        """What a row says of it once it is kept under that name."""
        return {"name": name, "kind": self.kind, "size": len(self.content), "sha256": self.sha256}


class Unreadable(Exception):
    """The file is not there, cannot be read, or is not the one that was kept."""


def read(upload: UploadedFile) -> Paper:
    """What was sent, known by its content whatever it is called. Raises ValidationError."""
    if not upload.size or upload.size > AT_MOST:
        raise ValidationError(f"Choose a file of at most {MEGABYTES} MB that is not empty.")
    try:
        content = upload.read()
    except OSError as error:
        raise ValidationError(NO_ROOM if error.errno in FULL else UNREAD) from error
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-TAIL:]:
        return Paper(content, EvidenceKind.PDF)
    return _redrawn(content)


def _redrawn(content: bytes) -> Paper:
    try:
        return Paper(accept(BytesIO(content)).content, EvidenceKind.JPEG)
    except Refused as refused:
        raise ValidationError(WRONG_KIND if refused.code == Refusal.KIND else f"{refused}") from refused


def keep(paper: Paper, *, among: str = "") -> str:
    """Write the file under a name that says nothing; the name. Raises ValidationError where the disk will not."""
    name = str(Path(among) / f"{secrets.token_hex(16)}.{paper.kind.value}")
    path = _folder() / name
    try:
        _made_folder()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(paper.content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        drop(name)
        raise ValidationError(NOT_KEPT) from error
    return name


@contextmanager
def kept(paper: Paper | None) -> Iterator[str]:
    """Keep it while something is recorded of it: its name, empty without a file. If that fails it is gone again."""
    name = keep(paper) if paper else ""
    try:
        yield name
    except BaseException:
        drop(name)
        raise


def probe() -> None:
    """Write a file and take it away again. Raises OSError where the disk will not."""
    with tempfile.NamedTemporaryFile(dir=_made_folder(), prefix="probe-") as file:
        file.write(b"ready")


def drop(name: str) -> None:
    """Take away what was kept for a record that was not made; a disk that refuses even that changes nothing."""
    if name:
        with suppress(OSError):
            (_folder() / name).unlink(missing_ok=True)


def drop_later(names: Iterable[str]) -> None:
    """Take away what their records, which go in this transaction, no longer need; not if it fails."""
    for name in list(names):
        transaction.on_commit(partial(drop, name))


def set_aside(paper: Paper) -> str:
    """Keep what was accepted while the rest of its form is mended; its name. Raises ValidationError as ``keep``."""
    return keep(paper, among=ASIDE)


def taken_up(name: str, *, sha256: str) -> Paper:
    """What was set aside under this name. Raises Unreadable."""
    return Paper(load(name, sha256=sha256), EvidenceKind(Path(name).suffix[1:]))


def tidy_aside() -> int:
    """Take away what nobody came back for; how many."""
    since = time.time() - WAITS.total_seconds()
    old = [path for path in (_folder() / ASIDE).glob("*") if path.stat().st_mtime < since]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def load(name: str, *, sha256: str) -> bytes:
    """What was kept. Raises Unreadable."""
    try:
        content = (_folder() / name).read_bytes()
    except OSError as error:
        raise Unreadable(f"{error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unreadable("Its content has changed since it was kept")
    return content


def _made_folder() -> Path:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _folder() -> Path:
    return Path(settings.EVIDENCE_ROOT)
