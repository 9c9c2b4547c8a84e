"""Everything the site keeps, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from config.backups.making import back_up
from config.backups.tools import ToolFailed


class Command(BaseCommand):
    help = (
        "Write database, media and evidence into one file, sealed with BACKUP_KEY if there is one. The file stands "
        "under its name once it is whole; until then whatever had that name stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            size = back_up(file)
        except ToolFailed as error:
            raise CommandError(f"{error} No backup was made.") from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error} No backup was made.") from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}. No backup was made.") from error
        self.stdout.write(f"{file}: {size:,} bytes.")
        if not settings.BACKUP_KEY:
            self.stdout.write(
                "It is readable by whoever has it: set BACKUP_KEY, or encrypt it before it leaves."
            )
