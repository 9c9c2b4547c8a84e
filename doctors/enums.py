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


class Verdict(models.TextChoices):
    """What somebody says of having had something done."""

    WORTH_IT = "worth_it", "Worth it"
    NOT_SURE = "not_sure", "Not sure"
    NOT_WORTH_IT = "not_worth_it", "Not worth it"


class Weighed(models.TextChoices):
    """What a verdict rests on. The same list for every verdict: none of them is good or bad by itself."""

    RESULT = "result", "How it turned out"
    LASTING = "lasting", "How long it lasts"
    RECOVERY = "recovery", "Recovery and time off"
    PAIN = "pain", "Pain"
    SIDE_EFFECTS = "side_effects", "Side effects or complications"
    PRICE = "price", "What it cost"
    EXPLAINED = "explained", "Whether it was as explained"
    CARE = "care", "How I was looked after"
    EARLY = "early", "Too early to say"


class CostPart(models.TextChoices):
    """What an amount was paid for."""

    SURGEON = "surgeon", "The doctor"
    FACILITY = "facility", "The clinic or operating room"
    ANAESTHESIA = "anaesthesia", "Anaesthesia"
    PRODUCT = "product", "Product or device"
    FOLLOW_UP = "follow_up", "Follow-up"


class FigureKind(models.TextChoices):
    """What is counted of reviews beyond what each says in public."""

    COSTS = "costs", "What people paid"
    MARKS = "marks", "Marks of a doctor"
    BACK = "back", "Who came back"
