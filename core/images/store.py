"""Where the files of pictures lie: a folder that nothing serves, or a store that speaks S3; the same words for both.

Whatever goes wrong is an OSError, and of a file that could not be written nothing is left.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from core.images.renditions import Kind, opaque_name

ALIAS = "pictures"


class Folder(FileSystemStorage):
    """A folder of this machine. A file is on the disk before its name is given out."""

    def _save(self, name: str, content: File) -> str:
        try:
            stored = super()._save(name, content)  # type: ignore[misc]
            with open(self.path(stored), "rb") as file:
                os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                self.delete(name)
            raise
        return cast("str", stored)


def write(name: str, content: bytes) -> None:
    _store().save(_place(name), ContentFile(content))


def read(name: str) -> bytes:
    with opened(name) as file:
        return file.read()


def opened(name: str) -> IO[bytes]:
    """To be closed by whoever asked. Raises FileNotFoundError, or another OSError where the store is away."""
    return cast("IO[bytes]", _store().open(_place(name), "rb"))


def erase(name: str) -> None:
    """A file that is gone already is no error."""
    _store().delete(_place(name))


def exists(name: str) -> bool:
    return bool(_store().exists(_place(name)))


def where(name: str) -> str:
    """Below the root of the store, as the front server is told it."""
    return _place(name)


def probe() -> None:
    """Write a file and take it away again. Raises OSError where the store will not."""
    name = opaque_name(Kind.JPEG)
    write(name, b"ready")
    erase(name)


def _store() -> Storage:
    return storages[ALIAS]


def _place(name: str) -> str:
    """Shared out over 256 folders."""
    return f"{name[:2]}/{name}"
