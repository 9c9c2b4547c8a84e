"""Where the postal codes of the United States lie, from the package ``zipcodes`` into a table."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from doctors.models import PostalPlace

BATCH = 2000


class Command(BaseCommand):
    help = (
        "Load where the postal codes of the United States lie; running it again brings the table up to date."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        import zipcodes  # some megabytes, for this command alone

        places = {row["zip_code"]: _place(row) for row in zipcodes.list_all() if row["lat"] and row["long"]}
        with transaction.atomic():
            PostalPlace.objects.exclude(pk__in=places).delete()
            PostalPlace.objects.bulk_create(
                places.values(),
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["city", "region", "latitude", "longitude"],
            )
        if options["verbosity"]:
            self.stdout.write(f"{len(places)} postal codes.")


def _place(row: dict[str, Any]) -> PostalPlace:
    return PostalPlace(
        code=row["zip_code"],
        city=row["city"].title() if row["city"].isupper() else row["city"],
        region=row["state"],
        latitude=float(row["lat"]),
        longitude=float(row["long"]),
    )
