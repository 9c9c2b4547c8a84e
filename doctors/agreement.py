"""What a person in pictures agrees to, word for word and version by version.

A text that has been shown is never edited here: another version goes on top. Consents keep the one they were given to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Text:
    version: int
    since: date
    sentences: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256("\n".join(self.sentences).encode()).hexdigest()


# The newest first.
TEXTS: tuple[Text, ...] = (
    Text(
        1,
        date(2026, 11, 27),
        (
            "I agree that pictures of me from before and after a treatment, and what was done, are shown on Candor, a "
            "website that anybody can read, in the places named here and nowhere else.",
            "I am not named. Only if it is ticked may my face or anything else by which I can be recognised be seen; "
            "only if it is ticked may breasts, buttocks or genitals be seen.",
            "I was 18 or older when the pictures were taken.",
            "I may narrow this or take it back at any time, without a reason, by a link that I am given and without an "
            "account. The pictures are then gone from this site at once and are deleted. What others have copied "
            "before cannot be called back.",
            "It ends by itself on the day named here. Whether I agree or not changes nothing about my treatment, and I "
            "am paid nothing for it.",
        ),
    ),
)


def text_of(version: int | None = None) -> Text:
    """The text of now, or the one of that version."""
    return next(text for text in TEXTS if version in (None, text.version))
