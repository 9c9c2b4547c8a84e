"""Rows about a person's own data: what they agreed to, the copies they asked for, and who was erased."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import Purpose


class ConsentQuerySet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """Somebody agreed to a text: to which, in which version, when, and whether they took it back.

    The texts stand in ``accounts.consents``; the digest says which words it was, whatever becomes of that file.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="consents"
    )
    purpose = models.CharField(max_length=8, choices=Purpose.choices, editable=False)
    version = models.PositiveSmallIntegerField(editable=False)
    sha256 = models.CharField("SHA-256 of the text", max_length=64, editable=False)
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=Q(withdrawn_at=None),
                name="accounts_consent_one_stands_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="accounts_consent_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="accounts_consent_withdrawn_afterwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} agreed to {self.purpose} {self.version}"


class DataExportQuerySet(models.QuerySet):
    def open_now(self) -> Self:
        """Ready, and not past its day."""
        return self.filter(until__gt=timezone.now()).exclude(name="")

    def being_made(self) -> Self:
        return self.filter(until=None)

    def over(self) -> Self:
        return self.filter(until__lte=timezone.now())


class DataExport(models.Model):
    """A copy of everything that is somebody's own: asked for, made in the background, gone a day later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="exports")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(null=True, editable=False, help_text="Set when it is ready")
    name = models.CharField(max_length=40, blank=True, editable=False, help_text="Of the file")
    size = models.PositiveBigIntegerField(default=0, editable=False)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(until=None),
                name="accounts_dataexport_made_one_at_a_time",
                violation_error_message="Your copy is being made already.",
            ),
            models.CheckConstraint(
                condition=Q(until=None, name="") | ~Q(until=None),
                name="accounts_dataexport_file_ends_some_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Copy for {self.user_id}"

    @property
    def is_open(self) -> bool:
        return bool(self.name and self.until and self.until > timezone.now())


class Erasure(models.Model):
    """Somebody was erased. Rows are only ever added; outside the database the same lines make ``ERASURE_JOURNAL``.

    ``who`` is what an account can be recognised by in a backup that still has it, and says nothing else.
    """

    who = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(who__regex="^[0-9a-f]{64}$"), name="accounts_erasure_names_nobody"
            )
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"
