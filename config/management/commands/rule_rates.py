"""``manage.py rule_rates``: how much of what there is each hold rule would hold."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.rules.reading import READERS
from core.rules.running import active_rules
from core.rules.trial import rates


class Command(BaseCommand):
    help = "Run the hold rules over everything stored and print what each would hold; nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", action="append", metavar="KIND", help="such as questions.question; all")

    def handle(self, *, kind: list[str] | None, **options: Any) -> None:
        kinds = kind or list(READERS)
        if unknown := set(kinds) - set(READERS):
            raise CommandError(f"No rule reads “{min(unknown)}”. Known are {', '.join(READERS)}.")
        for label, code, held, read in rates(active_rules(), kinds):
            share = 100 * held / read if read else 0.0
            self.stdout.write(f"{label:<28} {code:<20} {held:>7} of {read:>7}  {share:5.1f} %")
