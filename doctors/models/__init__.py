"""Doctors, what they rest on, and how they come here."""

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
    "OLDEST_COST",
    "POSITIVE",
    "RATINGS",
    "RECHECK_MONTHS",
    "REPLY_LENGTH",
    "TEXT_LENGTH",
    "Contribution",
    "Credential",
    "Doctor",
    "DoctorQuerySet",
    "DoctorRevision",
    "EvidenceFile",
    "Figure",
    "KeptFile",
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
    "verified_today",
]
