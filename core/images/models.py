"""Which pictures there are to look like. A picture is named as the audit names things, by its kind and number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Cast

BANDS, BAND_BITS = 4, 16


def _band(number: int) -> models.GeneratedField:
    """Sixteen of the 64 bits, moved to where a small integer can hold them."""
    bits = F("hash").bitrightshift(number * BAND_BITS).bitand((1 << BAND_BITS) - 1)
    return models.GeneratedField(
        expression=Cast(bits - (1 << (BAND_BITS - 1)), models.SmallIntegerField()),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )


class Likeness(models.Model):
    """One hash of one picture: of the whole, or of it without its edges."""

    object_type = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    hash = models.BigIntegerField()
    band_0 = _band(0)
    band_1 = _band(1)
    band_2 = _band(2)
    band_3 = _band(3)

    class Meta:
        verbose_name_plural = "likenesses"
        # With the hash in each index, candidates are weighed without reading their rows.
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"], name="core_likeness_object"),
            *(
                models.Index(
                    fields=[f"band_{number}"], include=["id", "hash"], name=f"core_likeness_band_{number}"
                )
                for number in range(BANDS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"
