"""What moderators impose on accounts."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import SanctionKind

REASON_LENGTH = 1000


class SanctionQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those not lifted, suspensions that have run out not among them."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()), lifted_at=None)


class Sanction(models.Model):
    """What was imposed on an account, by whom, why, and whether it was taken back. Nothing here is deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="sanctions"
    )
    kind = models.CharField(max_length=10, choices=SanctionKind.choices)
    reason = models.CharField(max_length=REASON_LENGTH)
    until = models.DateTimeField(null=True, blank=True)
    imposed_at = models.DateTimeField(default=timezone.now, editable=False)
    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    lifted_reason = models.CharField(max_length=REASON_LENGTH, blank=True, editable=False)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SanctionKind.values), name="accounts_sanction_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="accounts_sanction_has_a_reason",
                violation_error_message="A sanction needs a reason; the person reads it.",
            ),
            models.CheckConstraint(
                condition=Q(kind=SanctionKind.SUSPENSION, until__isnull=False, until__gt=F("imposed_at"))
                | (~Q(kind=SanctionKind.SUSPENSION) & Q(until__isnull=True)),
                name="accounts_sanction_only_suspensions_end_by_themselves",
                violation_error_message="A suspension, and nothing else, needs a date in the future on which it ends.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="accounts_sanction_lifted_by_somebody_with_a_reason",
                violation_error_message="Lifting needs a person, a time and a reason.",
            ),
            models.CheckConstraint(
                condition=~Q(imposed_by=F("user")), name="accounts_sanction_not_on_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user_id}"

    @property
    def is_standing(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > timezone.now())
