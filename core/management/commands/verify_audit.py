"""Walks the audit trail from its first row and says whether it is whole, and where not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.chain import Broken, Head, verify


class Command(BaseCommand):
    help = (
        "Check that no row of the audit trail was changed, added, taken out or moved. Names the first that was "
        "and exits with 1. Note the end of the chain elsewhere and give it with --noted: only that shows "
        "whether the last rows were cut off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--noted", metavar="NUMBER:SEAL", help="the end of the chain as printed earlier")

    def handle(self, *args: Any, noted: str | None, **options: Any) -> None:
        try:
            earlier = Head.of(noted) if noted else None
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            head = verify(earlier)
        except Broken as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The audit trail is whole: {head.number:,} entries.\nIts end, to be noted elsewhere: {head}"
        )
