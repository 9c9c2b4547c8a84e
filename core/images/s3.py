"""A store that speaks S3 instead of a folder: files are private there, and leave it through this site alone.

Imported where one is configured only: its library is large.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 2})


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What goes wrong far away is an OSError, as what goes wrong on a disk is."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The store of pictures: {error}") from error


class Bucket(S3Storage):
    """Names are never given twice, so nothing is looked up before it is written."""

    default_acl = "private"
    file_overwrite = True
    querystring_auth = True
    client_config = PATIENCE

    def _save(self, name: str, content: File) -> str:
        with _said_plainly():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _said_plainly():
            file = super()._open(name, mode)
            file.file  # noqa: B018 - fetched now, so that a store that is away is told here
            return file

    def exists(self, name: str) -> bool:
        with _said_plainly():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _said_plainly():
            super().delete(name)
