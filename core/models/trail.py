"""What was decided and what was looked at: rows that are only ever added, and the chain that seals them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.enums import Private


class AuditEntry(models.Model):
    """One decision. The database refuses to change or delete it (migration ``core.0002``)."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    reason_code = models.CharField(
        max_length=20,
        blank=True,
        help_text="Which of the listed reasons it was, for counting without reading",
    )
    waited = models.DurationField(
        null=True, blank=True, help_text="How long what was decided on had been waiting for it"
    )

    # What the thing was called before it became part of another; ``core.audit`` fills it in.
    formerly = ""

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="core_auditentry_object"),
            # What the public ledger counts, month by month, without touching the table.
            models.Index(
                fields=["at"],
                include=["action", "object_type", "reason_code", "waited"],
                name="core_auditentry_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"


class AuditLink(models.Model):
    """The place of one entry in the chain. The database writes it at commit, for everybody (``core.chain``)."""

    number = models.BigIntegerField(primary_key=True, editable=False)
    # Without a key in the database: that an entry has gone is what the chain is there to tell.
    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, related_name="link", db_constraint=False, editable=False
    )
    seal = models.BinaryField(editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}: {bytes(self.seal).hex()[:12]}"


class AuditForgotten(models.Model):
    """An entry whose words were taken out at an erasure, and what is left of it (``core.forgetting``).

    It says neither when nor with which others: entries of one erased person cannot be found by each other.
    """

    entry = models.OneToOneField(
        AuditEntry,
        models.DO_NOTHING,
        primary_key=True,
        related_name="forgotten",
        db_constraint=False,
        editable=False,
    )
    left = models.BinaryField(editable=False, help_text="SHA-256 of what the entry says since")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.entry_id} without words"


class AccessEntry(models.Model):
    """Somebody looked at what is private. Written by ``core.access``, and as the trail only ever added to."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    kind = models.CharField("what was shown", max_length=8, choices=Private.choices, editable=False)
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    path = models.CharField("where", max_length=200, editable=False)
    why = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "look at something private"
        verbose_name_plural = "looks at something private"
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="core_accessentry_object")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Private.values),
                name="core_accessentry_kind_is_known",
                violation_error_message="This kind of private thing does not exist.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()} {self.object_type} {self.object_id}"
