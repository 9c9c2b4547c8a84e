"""Rows every floor above relies on: what was decided, and the base of everything that is decided about."""

from typing import TYPE_CHECKING

from core.decided import Appeal, Batch, Reason
from core.images.models import HeldPhoto, HeldPhotoQuerySet, Likeness, Loose, Photo, Rendition
from core.models.desk import Amendment, BulkAction, Claim, ClaimQuerySet
from core.models.moderated import Moderated, ModeratedQuerySet, Versioned, queue_index
from core.models.reports import REPORT_LENGTH, Report, ReportQuerySet
from core.models.trail import AccessEntry, AuditEntry, AuditForgotten, AuditLink
from core.rules.models import HoldRule, HoldRuleVersion, Signal

if TYPE_CHECKING:
    from core.models.moderated import Viewer as Viewer

__all__ = [
    "REPORT_LENGTH",
    "AccessEntry",
    "Amendment",
    "Appeal",
    "AuditEntry",
    "AuditForgotten",
    "AuditLink",
    "Batch",
    "BulkAction",
    "Claim",
    "ClaimQuerySet",
    "HeldPhoto",
    "HeldPhotoQuerySet",
    "HoldRule",
    "HoldRuleVersion",
    "Likeness",
    "Loose",
    "Moderated",
    "ModeratedQuerySet",
    "Photo",
    "Reason",
    "Rendition",
    "Report",
    "ReportQuerySet",
    "Signal",
    "Versioned",
    "queue_index",
]
