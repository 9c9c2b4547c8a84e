"""The fixed vocabularies of a doctor's standing."""

from django.db import models


class Standing(models.TextChoices):
    """What the latest verification left a doctor with."""

    UNVERIFIED = "unverified", "Not verified"
    VERIFIED = "verified", "Verified"
    SUSPENDED = "suspended", "Licence not current"


class StandingNow(models.TextChoices):
    """Standing with today's date taken into account."""

    UNVERIFIED = "unverified", "Not verified"
    VERIFIED = "verified", "Verified"
    SUSPENDED = "suspended", "Licence not current"
    ENDED = "ended", "Licence not current"
    EXPIRED = "expired", "Verification lapsed"


class CredentialKind(models.TextChoices):
    LICENCE = "licence", "Licence"
    BOARD = "board", "Board certification"
    NPI = "npi", "Provider identifier (NPI)"


class VerificationResult(models.TextChoices):
    VERIFIED = "verified", "Verified"
    REFUSED = "refused", "Not verified"
    SUSPENDED = "suspended", "Suspended"
    RESTORED = "restored", "Restored"


class EvidenceKind(models.TextChoices):
    """What a file of evidence may be, by its content."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"
