"""The words the mechanisms share."""

from django.db import models


class State(models.TextChoices):
    """Where a moderated thing stands on its way to the reader."""

    DRAFT = "draft", "Draft"
    PENDING = "pending", "Awaiting review"
    PUBLISHED = "published", "Published"
    REJECTED = "rejected", "Rejected"
    REMOVED = "removed", "Removed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Actor(models.TextChoices):
    """In which capacity somebody may cause a transition."""

    AUTHOR = "author", "Author"
    MODERATOR = "moderator", "Moderator"


class BodyFormat(models.TextChoices):
    """How the source of a text is written."""

    TEXT = "text", "Plain text"
    MARKDOWN = "markdown", "Markdown"
    HTML = "html", "HTML"


class ReportKind(models.TextChoices):
    """What somebody finds wrong with something public."""

    SAFETY = "safety", "Safety concern"
    OUTDATED = "outdated", "Outdated"
    FACTS = "facts", "Wrong facts"
    IDENTITY = "identity", "Not who they say"
    PRIVATE = "private", "Private data"
    ME = "me", "This is a picture of me"
    WORK = "work", "This is my work"
    SELLING = "selling", "Selling something"
    ABUSE = "abuse", "Abuse"
    OTHER = "other", "Something else"


class ReportState(models.TextChoices):
    """What became of a report."""

    OPEN = "open", "Waiting for a moderator"
    UPHELD = "upheld", "Upheld"
    DISMISSED = "dismissed", "Dismissed"


class Private(models.TextChoices):
    """What is shown to few, each time on record."""

    ACCOUNT = "account", "Contact data of an account"
    RECORD = "record", "Record of an account"
    APPEAL = "appeal", "Words of an appeal"
    REPORT = "report", "Report, and who made it"
    LICENCE = "licence", "Numbers of credentials"
    EVIDENCE = "evidence", "File a doctor gave as evidence"
    PHOTO = "photo", "Private photo"


class AppealState(models.TextChoices):
    """What became of an appeal."""

    OPEN = "open", "Waiting for a senior moderator"
    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"
