"""The way back from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from config.backups.archive import Unusable
from config.backups.restoring import Refused, restore
from config.backups.tools import ToolFailed
from config.privacy.journal import JournalBroken
from core.chain import Broken, verify


class Command(BaseCommand):
    help = (
        "Put database, media and evidence back as a backup has them, after checking all of it; migrate, and erase "
        "again whoever ERASURE_JOURNAL names. Refuses a database that is not empty unless told to replace it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="put it in the place of what is there")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            manifest, erased = restore(file, replace=replace)
        except (Unusable, Refused, ToolFailed, JournalBroken) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}.") from error
        self.stdout.write(f"Restored as of {manifest['made_at']}; {erased} erased again.")
        try:
            head = verify()
        except Broken as error:
            raise CommandError(f"Restored, but the audit trail is not whole: {error}") from error
        self.stdout.write(f"The audit trail is whole: {head.number:,} entries.")
