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


class Decision(models.TextChoices):
    """What an asker did in the end. Readers are shown these words alone."""

    DID = "did", "Had it done"
    OTHER = "other", "Did something else"
    AGAINST = "against", "Decided against it"
    DECIDING = "deciding", "Still deciding"


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


class Step(models.IntegerChoices):
    """Where a question that waits for a doctor goes next."""

    NEAR = 1, "To the doctors of its treatment"
    WIDER = 2, "To doctors of neighbouring treatments"
    MODERATORS = 3, "To the moderators"
    NOWHERE = 4, "Nowhere: moderators know of it"
