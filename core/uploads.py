"""Large files lie on the disk until they are read; where it is full, the form they came with is not lost."""

from __future__ import annotations

import errno
from contextlib import suppress
from io import BytesIO
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# What an OSError says whose reason is that the disk is full.
FULL = {errno.ENOSPC, errno.EDQUOT}


class LostFile(UploadedFile):
    """A file that the disk did not take. Whoever reads it is told why."""

    def __init__(self, error: OSError | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(BytesIO(), *args, **kwargs)
        self.error = error or OSError()

    def read(self, *_: Any) -> NoReturn:
        raise self.error


class OnDisk(TemporaryFileUploadHandler):
    """Django’s handler lets the request fail, and all that was typed with it; here one file is a :class:`LostFile`."""

    error: OSError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.error = None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self.error = error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.error is None:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.error is None:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self._give_up(error)
        said = (self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)
        return LostFile(self.error, *said)

    def _give_up(self, error: OSError) -> None:
        """What was written makes room at once."""
        self.error = error
        with suppress(OSError):
            self.file.close()
