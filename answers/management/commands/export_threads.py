"""``manage.py export_threads FILE``: the public threads as JSON Lines."""

from __future__ import annotations

import gzip
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from answers.exchange.exporter import records


class Command(BaseCommand):
    help = "Write the public threads as JSON Lines (.gz is packed, - is standard output)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file to write, packed if it ends in .gz; - is standard output")

    def handle(self, *, file: str, **options: Any) -> None:
        if file == "-":
            self._to_standard_output()
            return
        path = Path(file)
        draft = path.with_name(f"{path.name}.part")
        try:
            with draft.open("wb") as target:
                if path.suffix == ".gz":
                    # Without a name and a time in its header the same content is the same file.
                    with gzip.GzipFile(
                        filename="", fileobj=target, mode="wb", compresslevel=6, mtime=0
                    ) as packed:
                        count = _write(packed)
                else:
                    count = _write(target)
            os.replace(draft, path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{count} threads in {path}.")

    def _to_standard_output(self) -> None:
        try:
            _write(sys.stdout.buffer)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough. Python flushes once more at its end, and that must not fail either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(target: BinaryIO | gzip.GzipFile) -> int:
    count = 0
    for record in records():
        target.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count
