"""What a handle may look like, and which passwords are too easy to guess."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

RESERVED_HANDLES = frozenset(
    "admin administrator anonymous candor deleted doctor editor former-member help importer me moderator "
    "moderators none null official patient person-in-pictures root staff support system".split()
)

_shape = RegexValidator(
    r"^[A-Za-z0-9](?:[A-Za-z0-9-]{1,28})[A-Za-z0-9]\Z",
    "3 to 30 letters, digits or hyphens, beginning and ending with a letter or digit.",
)


def validate_handle(value: str) -> None:
    """Plain enough to be read aloud, and not a name that speaks for the site."""
    _shape(value)
    if value.lower() in RESERVED_HANDLES:
        raise ValidationError("This handle is reserved; please choose another.")


BETTER = "Three or four unrelated words make a good one."


class SimilarPassword(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return f"This password is too similar to the %(verbose_name)s. {BETTER}"


class CommonPassword(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return f"This password is on the lists that guessers try first. {BETTER}"


class NumericPassword(NumericPasswordValidator):
    def get_error_message(self) -> str:
        return f"Digits alone are dates and telephone numbers to a guesser. {BETTER}"


class BreachedPassword:
    """Refuse what stands in the file of ``BREACHED_PASSWORDS``, on this machine: nothing is asked elsewhere.

    The file has one SHA-1 hash in capitals at the beginning of each line, in order, as Have I Been Pwned
    offers them; with a billion lines it takes thirty looks.
    """

    HASH = 40

    def validate(self, password: str, user: object | None = None) -> None:
        if not settings.BREACHED_PASSWORDS:
            return
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with open(settings.BREACHED_PASSWORDS, "rb") as file:
            if self._stands_in(file, wanted):
                raise ValidationError(
                    f"This password was in a theft of data elsewhere, so guessers know it. {BETTER}",
                    code="password_breached",
                )

    def get_help_text(self) -> str:
        return ""

    def _stands_in(self, file: BinaryIO, wanted: bytes) -> bool:
        """Halves the bytes until the line that begins at ``low`` is the last one not above ``wanted``."""
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            line = file.readline()[: self.HASH]
            if line == wanted:
                return True
            if line and line < wanted:
                low = middle + 1
            else:
                high = middle
        return False


class PredictablePasswordValidator:
    """Refuse what a guesser tries first: walks, repetitions and one common word with decoration.

    Django's list of common passwords has under two hundred of twelve characters or more, so the
    long predictable ones are recognised by what is left of them once the predictable parts are gone.
    """

    # Rows of keys and orders everybody knows; a walk runs along one of them, forwards or backwards.
    ROWS = (
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "1234567890" * 3,
        "abcdefghijklmnopqrstuvwxyz" * 2,
        "!@#$%^&*()_+",
        "qazwsxedcrfvtgbyhnujmikolp",
        "1q2w3e4r5t6y7u8i9o0p",
    )
    WALK = 4
    # Reading for what is predictable takes longer than the password grows, and anybody may send one.
    LONGEST = 1000
    MINIMUM_VARIETY = 5
    MINIMUM_REST = 4
    # The site's name, what people write when a site asks for a password, and years.
    WORDS = re.compile(
        "candor|password|passwort|passwd|letmein|welcome|iloveyou|admin|changeme|secret|(?:19|20)[0-9]{2}"
    )
    DISGUISE = str.maketrans("@4031!5$7", "aaoeiisst")
    SEPARATORS = re.compile(r"[\s._,;:/\\-]+")

    def validate(self, password: str, user: object | None = None) -> None:
        if len(password) > self.LONGEST:
            raise ValidationError(
                f"This password has more than {self.LONGEST} characters. Shorten it.",
                code="password_too_long",
            )
        plain = self.SEPARATORS.sub("", password.casefold())
        readings = (plain, plain.translate(self.DISGUISE))
        if len(set(plain)) < self.MINIMUM_VARIETY or any(self._is_predictable(text) for text in readings):
            raise ValidationError(
                f"This password is easy to guess. {BETTER}",
                code="password_predictable",
            )

    def get_help_text(self) -> str:
        return "At least 12 characters; three or four unrelated words are good."

    def _is_predictable(self, text: str) -> bool:
        text = _unit(text)
        rest = self.WORDS.sub("", self._without_walks(self.WORDS.sub("", text)))
        return len(rest) < self.MINIMUM_REST or _unit(_bare(text)) in _common()

    def _without_walks(self, text: str) -> str:
        """``text`` without its stretches of four or more characters along a row."""
        kept, start = "", 0
        while start < len(text):
            end = start + self.WALK
            while end <= len(text) and text[start:end] in _walks():
                end += 1
            walked = end - 1 - start
            kept, start = (kept, end - 1) if walked >= self.WALK else (kept + text[start], start + 1)
        return kept


@cache
def _walks() -> str:
    """Every row in both directions; no password that is looked for in it holds a line end."""
    rows = PredictablePasswordValidator.ROWS
    return "\n".join((*rows, *(row[::-1] for row in rows)))


def _unit(text: str) -> str:
    """What ``text`` repeats, or itself."""
    return text[: (text + text).find(text, 1)] if text else text


def _bare(text: str) -> str:
    """The letters between leading and trailing decoration: ``sunshine`` of ``!sunshine2024``."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
