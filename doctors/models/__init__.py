"""Doctors, what they rest on, and how they come here."""

from doctors.models.case import NOT_SHOWN_IN, WORDS_LENGTH, Case, CasePhoto, CasePhotoQuerySet, CaseQuerySet
from doctors.models.consent import Consent, ConsentEvent, ConsentPaper, ConsentQuerySet, in_force
from doctors.models.credential import (
    DUE_AHEAD,
    POSITIVE,
    RECHECK_MONTHS,
    Credential,
    EvidenceFile,
    KeptFile,
    Until,
    Verification,
)
from doctors.models.doctor import Doctor, DoctorQuerySet, PracticePlace, Specialty, verified_today
from doctors.models.figure import Contribution, Figure
from doctors.models.joining import PostalPlace, ProfileClaim, SentFile
from doctors.models.portrait import Portrait, PortraitPhoto, PortraitQuerySet
from doctors.models.reply import REPLY_LENGTH, ReviewReply
from doctors.models.review import (
    COST_AT_MOST,
    DECLARATION,
    MILESTONES,
    OLDEST_COST,
    RATINGS,
    TEXT_LENGTH,
    Review,
    ReviewCost,
    ReviewEntry,
    ReviewPhoto,
)
from doctors.models.revision import DoctorRevision
from doctors.models.visit import VisitPaper, VisitProof

__all__ = [
    "COST_AT_MOST",
    "DECLARATION",
    "DUE_AHEAD",
    "MILESTONES",
    "NOT_SHOWN_IN",
    "OLDEST_COST",
    "POSITIVE",
    "RATINGS",
    "RECHECK_MONTHS",
    "REPLY_LENGTH",
    "TEXT_LENGTH",
    "WORDS_LENGTH",
    "Case",
    "CasePhoto",
    "CasePhotoQuerySet",
    "CaseQuerySet",
    "Consent",
    "ConsentEvent",
    "ConsentPaper",
    "ConsentQuerySet",
    "Contribution",
    "Credential",
    "Doctor",
    "DoctorQuerySet",
    "DoctorRevision",
    "EvidenceFile",
    "Figure",
    "KeptFile",
    "Portrait",
    "PortraitPhoto",
    "PortraitQuerySet",
    "PostalPlace",
    "PracticePlace",
    "ProfileClaim",
    "Review",
    "ReviewCost",
    "ReviewEntry",
    "ReviewPhoto",
    "ReviewReply",
    "SentFile",
    "Specialty",
    "Until",
    "Verification",
    "VisitPaper",
    "VisitProof",
    "in_force",
    "verified_today",
]
