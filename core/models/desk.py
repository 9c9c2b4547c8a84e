"""What moderators do at the desk besides deciding: what they have open, changed before publishing, decided together."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.enums import State


class ClaimQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(until__gt=timezone.now())

    def on(self, obj: models.Model) -> Self:
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)


class Claim(models.Model):
    """A moderator has something open. It tells the others and forbids nothing; it ends by itself."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(help_text="Since when they have it open")
    until = models.DateTimeField(db_index=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id"], name="core_claim_one_at_a_time"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="core_claim_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} until {self.until:%H:%M}"


class Amendment(models.Model):
    """What a moderator changed of somebody's text before it was published: both texts, whole."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    version = models.PositiveIntegerField(help_text="The version its author sent")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(help_text="As its author sent it, field by field")
    after = models.JSONField(help_text="As it was published")
    reason = models.TextField(help_text="Why; its author reads it, and other moderators do")

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "version"], name="core_amendment_of_a_version_once"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="core_amendment_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}, version {self.version}, amended"


class BulkAction(models.Model):
    """One decision about several things, each decided by itself; kept so that it can be undone in time.

    ``items``: of each decided thing ``{"id", "version", "decided_at", "submitted_at"}``, by which it is known
    whether anybody has touched it since.
    """

    object_type = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    to = models.CharField(max_length=12, choices=State.choices)
    items = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "-at"], name="core_bulkaction_of_somebody")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__in=[State.PUBLISHED, State.REJECTED]),
                name="core_bulkaction_publishes_or_rejects",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("at")),
                name="core_bulkaction_undone_afterwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{len(self.items)} × {self.object_type} to {self.to}"
