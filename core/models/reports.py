"""What people say is wrong with something public."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.enums import ReportKind, ReportState
from core.models.moderated import queue_index

REPORT_LENGTH = 1000


class ReportQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=ReportState.OPEN)

    def about(self, obj: models.Model) -> Self:
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)

    def alike(self, report: Report) -> Self:
        """Reports on the same thing as this one, itself among them."""
        return self.filter(object_type=report.object_type, object_id=report.object_id)

    def leading(self) -> Self:
        """Of the open reports on each thing the one that stands for all: the riskiest, then the first."""
        before = Q(risk__gt=OuterRef("risk")) | Q(risk=OuterRef("risk"), pk__lt=OuterRef("pk"))
        others = self.model._base_manager.filter(
            state=ReportState.OPEN, object_type=OuterRef("object_type"), object_id=OuterRef("object_id")
        )
        return self.open().filter(~Exists(others.filter(before)))


class Report(models.Model):
    """Somebody says that something public is wrong. As the audit trail, it names its object without a key to it.

    Nothing follows from a report by itself, nor from any number of them: a moderator decides.
    """

    AUTHOR_PATH: ClassVar[str] = "reporter"

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="reports"
    )
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    version = models.PositiveIntegerField(
        null=True, editable=False, help_text="Of the thing, when it was reported"
    )
    kind = models.CharField(max_length=8, choices=ReportKind.choices)
    text = models.CharField(max_length=REPORT_LENGTH, blank=True)
    risk = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(
        max_length=9, choices=ReportState.choices, default=ReportState.OPEN, editable=False
    )
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    reason = models.TextField(blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "moderate")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="core_report_object"),
            models.Index(fields=["reporter", "-id"], name="core_report_of_reporter"),
            queue_index("core_report_waiting", ReportState.OPEN),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "object_type", "object_id"],
                condition=Q(state="open"),
                name="core_report_open_once_per_person",
                violation_error_message="You have reported this already; a moderator will look at it.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True, reason="")
                | (
                    Q(state__in=["upheld", "dismissed"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="core_report_decided_by_somebody_with_a_reason",
                violation_error_message="A decision needs a person, a time and a reason.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values),
                name="core_report_kind_is_known",
                violation_error_message="This kind of report does not exist.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.OTHER) | ~Q(text=""),
                name="core_report_other_is_explained",
                violation_error_message="Please say what is wrong.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.object_type} {self.object_id}"

    @classmethod
    def moderate_permission(cls) -> str:
        return "core.moderate_report"

    def target(self) -> Any:
        """The thing itself as it stands now, public or not; ``None`` once it is gone."""
        return apps.get_model(self.object_type)._base_manager.filter(pk=self.object_id).first()
