"""Everything that is due once a day: one line for each chore."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config import nightly
from core.background import LOCKS

logger = logging.getLogger(__name__)
# The second number of the lock that keeps two nights apart.
NIGHT = 1


class Command(BaseCommand):
    help = "Do what is due once a day. May be run twice, and interrupted; a chore that fails does not stop the others."

    def handle(self, *args: Any, **options: Any) -> None:
        with closing(connection.copy()) as line, line.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, NIGHT])
            if not cursor.fetchone()[0]:
                self.stdout.write("It is being done already; nothing was done.")
                return
            failed = [chore.name for chore in nightly.CHORES if not self.done(chore)]
        if failed:
            raise CommandError(
                f"Failed: {', '.join(failed)}. All else is done; what failed is safe to run again."
            )

    def done(self, chore: nightly.Chore) -> bool:
        """Whether it went well; says what it did, or what was wrong."""
        try:
            self.stdout.write(f"{chore.name}: {chore.do()}.")
        except Exception as error:
            logger.exception("The chore “%s” failed.", chore.name)
            self.stderr.write(f"{chore.name}: failed ({type(error).__name__}).")
            return False
        return True
