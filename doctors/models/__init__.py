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
from doctors.models.joining import PostalPlace, ProfileClaim, SentFile
from doctors.models.portrait import Portrait, PortraitPhoto, PortraitQuerySet
from doctors.models.revision import DoctorRevision

__all__ = [
    "DUE_AHEAD",
    "NOT_SHOWN_IN",
    "POSITIVE",
    "RECHECK_MONTHS",
    "WORDS_LENGTH",
    "Case",
    "CasePhoto",
    "CasePhotoQuerySet",
    "CaseQuerySet",
    "Consent",
    "ConsentEvent",
    "ConsentPaper",
    "ConsentQuerySet",
    "Credential",
    "Doctor",
    "DoctorQuerySet",
    "DoctorRevision",
    "EvidenceFile",
    "KeptFile",
    "Portrait",
    "PortraitPhoto",
    "PortraitQuerySet",
    "PostalPlace",
    "PracticePlace",
    "ProfileClaim",
    "SentFile",
    "Specialty",
    "Until",
    "Verification",
    "in_force",
    "verified_today",
]
