"""The reasons this site ships with. They are loaded once into the table of reasons, where they are kept from then on.

Each sentence is written to the author. The list has no entry for disagreeing with somebody or disliking what
they report, and cannot get one: the database refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.models import Reason

TEXTS = (
    "questions.question",
    "questions.questionrevision",
    "answers.answer",
    "answers.answerrevision",
    "answers.secondopinion",
    "answers.factasked",
    "answers.factgiven",
    "doctors.reviewentry",
    "doctors.reviewreply",
)
QUESTIONS, ANSWERS = TEXTS[:2], TEXTS[2:5]
PROFILES = ("doctors.doctor", "doctors.doctorrevision", "doctors.profileclaim")
CASES = ("doctors.case",)
REVIEWS, REPLIES, PROOFS = ("doctors.reviewentry",), ("doctors.reviewreply",), ("doctors.visitproof",)
PORTRAITS = ("doctors.portrait",)
ANY_REFUSAL = ("send back", "reject", "remove")
FINAL = ("reject", "remove")
UNDOING = ("restore", "reopen")


@dataclass(frozen=True)
class Shipped:
    sentence: str
    mend: str
    decisions: tuple[str, ...]
    kinds: tuple[str, ...] = ()


REASONS: dict[str, Shipped] = {
    "private": Shipped(
        "It contains personal details (a name, an address, a number).",
        "Please leave them out, also those of other people.",
        ANY_REFUSAL,
    ),
    "contact": Shipped(
        "It contains contact details, an offer or a link to a practice. Nothing is sold here.",
        "Please take them out. A doctor’s practice stands in the profile.",
        ANY_REFUSAL,
    ),
    "off-topic": Shipped(
        "It is not about a cosmetic treatment.",
        "Please ask where people know that field.",
        ANY_REFUSAL,
        TEXTS,
    ),
    "unclear": Shipped(
        "We could not tell what is meant.",
        "Please add what was done, when, and what happened.",
        ("send back", "reject"),
    ),
    "several": Shipped(
        "It asks several things at once.",
        "Please keep to one question at a time; it gets better answers.",
        ("send back", "reject"),
        (*QUESTIONS, "answers.factasked"),
    ),
    "duplicate": Shipped(
        "The same text from you is here already.", "Please go on there; you can edit it.", FINAL, TEXTS
    ),
    "personal-dose": Shipped(
        "It prescribes or gives a dose to one person.",
        "Please keep to general information.",
        ANY_REFUSAL,
        ANSWERS,
    ),
    "no-source": Shipped(
        "A statement in it needs a source.",
        "Please add one, or say that it is your experience.",
        ANY_REFUSAL,
        (*ANSWERS, *PROFILES),
    ),
    "stance": Shipped(
        "The position chosen does not fit the text.",
        "Please choose the one that does.",
        ("send back", "reject"),
        ANSWERS,
    ),
    "abuse": Shipped(
        "It attacks a person or a group.", "Please say it without attacking anybody.", ANY_REFUSAL
    ),
    "spam": Shipped("It was sent in bulk or by a machine.", "", FINAL),
    "minor": Shipped("It is by or about somebody under 18. This site is for adults only.", "", FINAL),
    "unlawful": Shipped("Publishing it would break the law.", "", FINAL),
    "not-proven": Shipped(
        "We could not confirm the credentials that were given.",
        "Please send what confirms them, and where they can be checked.",
        ANY_REFUSAL,
        PROFILES,
    ),
    "recognisable": Shipped(
        "Somebody can be recognised, and the consent is not for that.",
        "Please cover or cut what tells who it is, or ask the person for that consent.",
        ANY_REFUSAL,
        CASES,
    ),
    "not-alike": Shipped(
        "Before and after are not as alike as you state.",
        "Please untick what differs, or choose pictures that were taken alike.",
        ("send back", "reject"),
        CASES,
    ),
    "edited": Shipped(
        "The pictures look edited.", "Please send them as they were taken.", ANY_REFUSAL, CASES
    ),
    "not-their-work": Shipped(
        "The pictures may show somebody else’s work, or are seen elsewhere.",
        "Please show only what you did yourself.",
        ANY_REFUSAL,
        CASES,
    ),
    "consent-in-doubt": Shipped(
        "We could not tell that the person in the pictures agrees.",
        "Please send a consent that shows it.",
        ANY_REFUSAL,
        CASES,
    ),
    "not-own": Shipped(
        "It is not its author’s own experience, or somebody gave something for it.",
        "A review is what you had done yourself, without a reward and without an agreement about its words.",
        ANY_REFUSAL,
        REVIEWS,
    ),
    "tells-who": Shipped(
        "It tells who was a patient, when, or what was done.",
        "Please keep it general, also where the review says more. One of the prepared replies is a good beginning.",
        ANY_REFUSAL,
        REPLIES,
    ),
    "not-shown": Shipped(
        "What was sent does not show a visit to this doctor.",
        "Please send something that names the practice, such as an invoice or an appointment card, and cover what is "
        "nobody’s business.",
        ("send back", "reject"),
        PROOFS,
    ),
    "not-you-alone": Shipped(
        "It does not show you, or not you alone.",
        "Please choose a photograph of yourself with nobody else in it.",
        ANY_REFUSAL,
        PORTRAITS,
    ),
    "hardly-seen": Shipped(
        "One can hardly see who it is.",
        "Please choose a clear photograph of your face, and cut off what lies around it.",
        ("send back", "reject"),
        PORTRAITS,
    ),
    "mistake": Shipped("The decision before was a mistake of ours.", "", UNDOING),
    "resolved": Shipped("What stood against it has been put right.", "", UNDOING),
}


def load_reasons(**_: Any) -> None:
    """Add what is missing; what the table has already is left as the moderators made it. Runs after migrations."""
    known = set(Reason.objects.values_list("code", flat=True))
    Reason.objects.bulk_create(
        Reason(
            code=code,
            sentence=reason.sentence,
            mend=reason.mend,
            kinds=list(reason.kinds),
            decisions=list(reason.decisions),
            position=10 * place,
        )
        for place, (code, reason) in enumerate(REASONS.items(), 1)
        if code not in known
    )
