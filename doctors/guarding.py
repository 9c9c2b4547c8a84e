"""The privacy guard with the names that treatments have here: for the doctor before sending, and for the hold rules."""

from __future__ import annotations

from collections.abc import Iterator

from core.rules.reading import Hit, Reading
from doctors.privacy_guard import Finding, findings
from treatments.models import Treatment, TreatmentSynonym


def found_in(text: str) -> list[Finding]:
    """What a reply tells of whoever is replied to. One query."""
    return findings(text, names=_treatments())


def tells_who(reading: Reading) -> Iterator[Hit]:
    """The same as a detector of the hold rules."""
    for each in found_in(reading.text):
        yield Hit.at(reading.text, each.start, each.start + len(each.words))


def _treatments() -> Iterator[str]:
    names = Treatment.objects.order_by().values_list("name")
    rows = names.union(
        Treatment.objects.order_by().values_list("generic"),
        TreatmentSynonym.objects.order_by().values_list("name"),
    )
    return (name for (name,) in rows)


# What a doctor may begin a reply with: thanks, an invitation, the policy of a practice, and no word of anybody's care.
PREPARED: dict[str, str] = {
    "thanks": "Thank you for taking the time to write. Words like these help others, and our team.",
    "sorry": "We take all feedback seriously and are sorry to read of an experience that fell short. Please call our "
    "office, so that we can listen in private.",
    "private": "The rules on privacy do not allow us to say who is or is not a patient, nor to speak of anybody’s care "
    "in public. Anyone with a concern is welcome to call our office.",
    "policy": "In our practice everybody gets risks, costs and aftercare in writing before anything is decided, and "
    "can reach us with questions at any time.",
}
