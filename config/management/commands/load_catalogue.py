"""Treatments, terms, specialties and hold rules from their files into the database. Safe to run at every start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import config.holding.loading
import doctors.catalogue
import treatments.catalogue.glossary
from treatments.catalogue import CatalogueError


class Command(BaseCommand):
    help = (
        "Bring treatments, terms, specialties and hold rules in line with their files. An entry is written when it is "
        "new or when its file has changed since it was last written; between releases, what editors changed stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                loaded = {
                    "Treatments": treatments.catalogue.load(),
                    "Terms": treatments.catalogue.glossary.load(),
                    "Specialties": doctors.catalogue.load(),
                    "Hold rules": config.holding.loading.load(),
                }
        except CatalogueError as error:
            raise CommandError("The catalogue was not loaded.\n" + "\n".join(error.problems)) from None
        if options["verbosity"]:
            for name, changes in loaded.items():
                self.stdout.write(f"{name}: {changes}.")
