"""The reasons a decision may be explained with: one closed list, the same for everybody.

Each sentence is written to the author and says what to do next, where something can be done. The list has
no entry for disagreeing with somebody or disliking what they report, and it must not get one.
"""

from __future__ import annotations

REASONS: dict[str, str] = {
    "private": "It contains personal details (a name, an address, a number). Please leave them out.",
    "contact": "It contains contact details, an offer or a link to a practice. Nothing is sold here.",
    "off-topic": "It is not about a cosmetic treatment. Please ask where people know that field.",
    "unclear": "We could not tell what is meant. Please add what was done, when, and what happened.",
    "several": "It asks several things at once. One question at a time gets better answers.",
    "duplicate": "The same text from you is here already.",
    "personal-dose": "It prescribes or gives a dose to one person. Please keep to general information.",
    "no-source": "A statement in it needs a source. Please add one, or say that it is your experience.",
    "stance": "The position chosen does not fit the text. Please choose the one that does.",
    "abuse": "It attacks a person or a group.",
    "spam": "It was sent in bulk or by a machine.",
    "minor": "It is by or about somebody under 18. This site is for adults only.",
    "unlawful": "Publishing it would break the law.",
    "not-proven": "We could not confirm the credentials that were given.",
    "mistake": "The decision before was a mistake of ours.",
    "resolved": "What stood against it has been put right.",
}
CHOICES = [("", "A reason in your own words"), *REASONS.items()]


def explained(code: str, written: str) -> str:
    """What the author is told: the sentence of ``code``, then what the moderator wrote."""
    return "\n\n".join(part for part in (REASONS.get(code, ""), written.strip()) if part)
