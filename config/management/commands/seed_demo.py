"""Fill a demonstration with invented people, threads and decisions."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from answers.demo import Given
from config import demo


class Command(BaseCommand):
    help = "Add the demonstration's doctors, threads and answers; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration (DEMO is off): nothing was added.")
        try:
            added = demo.seed(partial(self.progress, quiet=not options["verbosity"]))
        except demo.ContentError as error:
            raise CommandError("The demonstration was not added.\n" + "\n".join(error.problems)) from None
        if options["verbosity"]:
            self.stdout.write(
                f"Added {added.doctors} doctors, {added.questions} threads, {added.answers} answers "
                f"and {added.cases} cases."
                if added
                else "The demonstration is complete; nothing was changed."
            )

    def progress(self, given: Sequence[Given], *, quiet: bool) -> "tqdm[Given]":
        return tqdm(given, desc="Demonstration", unit=" answers", disable=quiet, leave=False)
