"""What a handle may look like."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

RESERVED_HANDLES = frozenset(
    "admin administrator anonymous candor deleted doctor editor former-member help importer me moderator "
    "moderators none null official patient root staff support system".split()
)

_shape = RegexValidator(
    r"^[A-Za-z0-9](?:[A-Za-z0-9-]{1,28})[A-Za-z0-9]$",
    "3 to 30 letters, digits or hyphens, beginning and ending with a letter or digit.",
)


def validate_handle(value: str) -> None:
    """Plain enough to be read aloud, and not a name that speaks for the site."""
    _shape(value)
    if value.lower() in RESERVED_HANDLES:
        raise ValidationError("This handle is reserved; please choose another.")


class PredictablePasswordValidator:
    """Refuse runs, repetitions, keyboard walks and the site's own name, whatever their length.

    Django's list of common passwords has few of twelve characters or more (safety.md, section 5), so
    the long predictable ones are recognised by their structure instead.
    """

    KEYBOARD = ("qwertyuiopasdfghjklzxcvbnm", "1234567890" * 3, "abcdefghijklmnopqrstuvwxyz" * 2, "qazwsxedcrfvtgb")
    MINIMUM_VARIETY = 5

    def validate(self, password: str, user: object | None = None) -> None:
        folded = re.sub(r"[^a-z0-9]", "", password.lower())
        core = re.sub(r"candor|password|passwort|letmein|welcome|iloveyou|admin", "", folded)
        walk = any(run in row or run[::-1] in row for row in self.KEYBOARD for run in [core] if core)
        if len(set(password.lower())) < self.MINIMUM_VARIETY or walk or len(core) < 4:
            raise ValidationError(
                "This password is easy to guess. Three or four unrelated words make a good one.",
                code="password_predictable",
            )

    def get_help_text(self) -> str:
        return "At least 12 characters; three or four unrelated words are good."
