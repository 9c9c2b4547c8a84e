"""The words of this floor."""

from django.db import models


class SanctionKind(models.TextChoices):
    """What can be imposed on an account, mildest first."""

    WARNING = "warning", "Warning"
    SUSPENSION = "suspension", "Suspension"
    CLOSURE = "closure", "Closure"


class Purpose(models.TextChoices):
    """What somebody agrees to. Each has its text, and its versions, in ``accounts.consents``."""

    ADULT = "adult", "Being an adult"
    ACCOUNT = "account", "Having an account"
    HEALTH = "health", "Publishing what you write about your health"
