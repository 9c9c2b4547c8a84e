"""The lines of a file of any size: unpacked, counted and parsed one at a time, never all at once."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from answers.exchange.fields import Refused

MAX_LINE = 20_000_000
GZIP_MAGIC = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
DRAIN = 1 << 16


class Unreadable(Exception):
    """The file itself cannot be read (any further). Its message is one sentence for the operator."""


class Source:
    """An open file (``-`` is standard input), unpacked where its first bytes say that it is gzip."""

    def __init__(self, path: str) -> None:
        self.name = "standard input" if path == "-" else path
        try:
            self.raw: BinaryIO = sys.stdin.buffer if path == "-" else Path(path).open("rb")  # noqa: SIM115  # closed by close()
            self.size = Path(path).stat().st_size if path != "-" else None
            packed = io.BufferedReader(cast(io.RawIOBase, self.raw), DRAIN)
            is_gzip = packed.peek(2)[:2] == GZIP_MAGIC
        except OSError as error:
            raise Unreadable(f"{self.name} cannot be read: {error.strerror or error}.") from error
        self.stream = cast(BinaryIO, gzip.GzipFile(fileobj=packed) if is_gzip else packed)
        self.taken = 0
        self.is_gzip = is_gzip

    @property
    def position(self) -> int:
        """Bytes of the file behind us, for a progress bar against ``size``."""
        return self.raw.tell() if self.is_gzip and self.size is not None else self.taken

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        """``(number, bytes)`` of each line from 1, without its end; ``None`` for one above ``MAX_LINE``."""
        number = 0
        try:
            while raw := self.stream.readline(MAX_LINE + 1):
                number += 1
                self.taken += len(raw)
                if len(raw) > MAX_LINE and not raw.endswith(b"\n"):
                    self._drain()
                    yield number, None
                else:
                    yield number, raw.removeprefix(BOM).rstrip(b"\r\n")
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable(f"{self.name} is damaged after line {number}: {error}.") from error

    def _drain(self) -> None:
        """Read on to the end of a line that is too long, keeping nothing of it."""
        while part := self.stream.readline(DRAIN):
            self.taken += len(part)
            if part.endswith(b"\n"):
                return

    def close(self) -> None:
        if self.raw is not sys.stdin.buffer:
            self.raw.close()


def parsed(raw: bytes | None) -> dict[str, Any]:
    """The object on one line; raises :class:`Refused` with the reason where there is none."""
    if raw is None:
        raise Refused(f"the line is longer than {MAX_LINE:,} bytes")
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Refused(f"not UTF-8 at byte {error.start + 1}") from error
    except RecursionError as error:
        raise Refused("nested too deeply") from error
    except ValueError as error:
        raise Refused(f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise Refused("not an object")
    return data


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} does not exist in JSON")
