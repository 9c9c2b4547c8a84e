"""How somebody becomes a doctor here: what they send as proof, and where their places lie."""

from __future__ import annotations

from django.db import models

from doctors.models.doctor import Credential, KeptFile


class SentFile(KeptFile):
    """A file that a doctor sent as proof of a credential. Theirs to take back as long as nobody has checked it."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="papers")

    class Meta(KeptFile.Meta):
        ordering = ["id"]


class PostalPlace(models.Model):
    """Where a postal code of the United States lies; loaded by ``manage.py load_postal_places``."""

    code = models.CharField(max_length=5, primary_key=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.city}, {self.region}"
