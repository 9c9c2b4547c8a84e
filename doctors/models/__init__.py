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
