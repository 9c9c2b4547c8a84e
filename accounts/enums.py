"""The words of this floor."""

from django.db import models


class SanctionKind(models.TextChoices):
    """What can be imposed on an account, mildest first."""

    WARNING = "warning", "Warning"
    SUSPENSION = "suspension", "Suspension"
    CLOSURE = "closure", "Closure"
