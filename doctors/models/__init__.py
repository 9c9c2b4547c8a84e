"""Doctors, what they rest on, and how they come here."""

from doctors.models.doctor import (
    DUE_AHEAD,
    POSITIVE,
    RECHECK_MONTHS,
    Credential,
    Doctor,
    DoctorQuerySet,
    EvidenceFile,
    KeptFile,
    PracticePlace,
    Specialty,
    Until,
    Verification,
    verified_today,
)
from doctors.models.joining import PostalPlace, ProfileClaim, SentFile
from doctors.models.revision import DoctorRevision

__all__ = [
    "DUE_AHEAD",
    "POSITIVE",
    "RECHECK_MONTHS",
    "Credential",
    "Doctor",
    "DoctorQuerySet",
    "DoctorRevision",
    "EvidenceFile",
    "KeptFile",
    "PostalPlace",
    "PracticePlace",
    "ProfileClaim",
    "SentFile",
    "Specialty",
    "Until",
    "Verification",
    "verified_today",
]
