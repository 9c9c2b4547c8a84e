"""Where a doctor stands, how firmly, and why against."""

from django.db import models


class Stance(models.TextChoices):
    """In the order in which the bar shows them."""

    SUPPORTS = "supports", "Supports"
    CONDITIONS = "conditions", "Supports with conditions"
    AGAINST = "against", "Advises against"
    UNKNOWN = "unknown", "Not enough evidence"
    EXAM = "exam", "Needs an in-person exam"


class Confidence(models.TextChoices):
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class Reason(models.TextChoices):
    """Why a doctor advises against something or disputes it."""

    SAFETY = "safety", "Safety"
    EVIDENCE = "evidence", "Evidence"
    SELECTION = "selection", "Patient selection"
    ALTERNATIVE = "alternative", "A better alternative"
    GOAL = "goal", "A different goal"
    SCOPE = "scope", "Out of scope"


class OpinionKind(models.TextChoices):
    """What another doctor says of an answer."""

    COSIGN = "cosign", "Co-signature"
    DISPUTE = "dispute", "Dispute"


class CitationKind(models.TextChoices):
    PMID = "pmid", "PubMed"
    DOI = "doi", "DOI"
    LABEL = "label", "Label"
    GUIDELINE = "guideline", "Guideline"
    LINK = "link", "Link"


class Agreement(models.TextChoices):
    """What the bar calls the spread of positions; thresholds in :mod:`answers.consensus`."""

    TOO_FEW = "too_few", "Too few to call"
    CONSENSUS = "consensus", "Consensus"
    LEANING = "leaning", "Leaning"
    SPLIT = "split", "Split"
