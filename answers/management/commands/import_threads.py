"""``manage.py import_threads FILE``: threads from a file of JSON Lines."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from answers.exchange.importer import Importer
from answers.exchange.lines import Source, Unreadable
from answers.exchange.report import Report, Verdict
from core.enums import State

INTERRUPTED = 130


class Command(BaseCommand):
    # Nothing is served here, so the addresses and their views are not loaded to be checked.
    requires_system_checks = (Tags.models,)
    help = "Import threads from JSON Lines (.gz too, - is standard input); again, it adds nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="JSON Lines, packed by gzip or not; - is standard input")
        parser.add_argument(
            "--create-treatments", action="store_true", help="make unknown treatments, as unreviewed ones"
        )
        parser.add_argument(
            "--state",
            choices=[State.PUBLISHED.value, State.PENDING.value],
            default=State.PUBLISHED.value,
            help="publish at once (the default) or send everything to the moderators' queue",
        )
        parser.add_argument("--report", type=Path, help="tells what became of each line (tab-separated)")

    def handle(
        self, *, file: str, create_treatments: bool, state: str, report: Path | None, **options: Any
    ) -> None:
        name = "standard-input" if file == "-" else Path(file).name
        path = report or settings.VAR_DIR / "imports" / f"{name}.report.tsv"
        started = time.monotonic()
        try:
            source = Source(file)
            with (
                Report(path) as told,
                tqdm(
                    total=source.size, unit="B", unit_scale=True, disable=not options["verbosity"], desc=name
                ) as bar,
            ):
                importer = Importer(report=told, state=State(state), create_treatments=create_treatments)
                self._run(importer, source, bar, told)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database does not answer as it should: {str(error).strip()}") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self._tell(told, time.monotonic() - started)

    def _run(self, importer: Importer, source: Source, bar: tqdm, report: Report) -> None:
        try:
            importer.run(_watched(source, bar))
        except KeyboardInterrupt:
            raise CommandError(
                f"Interrupted after {report.counts[Verdict.STORED]} threads, each of them whole; "
                "the same command goes on from there.",
                returncode=INTERRUPTED,
            ) from None
        except Unreadable as error:
            raise Unreadable(f"{error} Before that: {report.summary()}") from error
        finally:
            source.close()

    def _tell(self, report: Report, seconds: float) -> None:
        self.stdout.write(report.summary())
        self.stdout.write(f"{seconds:.1f} s. What became of each line: {os.path.relpath(report.path)}")


def _watched(source: Source, bar: tqdm) -> Iterator[tuple[int, bytes | None]]:
    for line in source:
        bar.update(source.position - bar.n)
        yield line
