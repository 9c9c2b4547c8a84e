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


class Rhythm(models.TextChoices):
    """How soon somebody hears of something by e-mail; on the site it always stands at once."""

    AT_ONCE = "at-once", "At once"
    DAILY = "daily", "Once a day, together"
    WEEKLY = "weekly", "Once a week, together"
    NEVER = "never", "Never"


class LetterState(models.TextChoices):
    """What became of one e-mail."""

    WAITING = "waiting", "Waiting to be sent"
    CLAIMED = "claimed", "Being handed over"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Not sent: nothing was left to tell"
    PARKED = "parked", "Given up"
