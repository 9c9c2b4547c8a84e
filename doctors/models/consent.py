"""What a person in pictures has agreed to, on which paper, and everything that happened to it since."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from doctors.enums import ConsentChange, ConsentParty, ShownIn, SignedHow
from doctors.models.credential import KeptFile
from doctors.models.doctor import Doctor

YEARS = 5
AT_MOST = timedelta(days=YEARS * 366)
LABEL_LENGTH = 80


def in_force(prefix: str = "") -> Q:
    """The condition of holding today, for a query that reaches the consent through ``prefix``."""
    return (
        Q(**{f"{prefix}revoked_at__isnull": True, f"{prefix}signed_on__isnull": False})
        & Q(**{f"{prefix}until__gte": timezone.localdate()})
        & ~Q(**{f"{prefix}uses": []})
    )


class ConsentQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(in_force())

    def standing(self) -> Self:
        """Given and not taken back, whether its date has passed or not."""
        return self.filter(revoked_at__isnull=True, signed_on__isnull=False)


class Consent(models.Model):
    """One person's, to one doctor, for this site. Who the person is stands nowhere but on the signed paper."""

    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="consents")
    label = models.CharField(
        "your own label", max_length=LABEL_LENGTH, help_text="By which you know it again. No names."
    )
    uses = ArrayField(
        models.CharField(max_length=10, choices=ShownIn.choices), verbose_name="where", default=list
    )
    is_identifiable = models.BooleanField("they may be recognised", default=False)
    is_sensitive = models.BooleanField("breasts, buttocks or genitals may be shown", default=False)
    is_adult = models.BooleanField("they were 18 or older when the pictures were taken", default=False)
    text_version = models.PositiveSmallIntegerField(editable=False)
    text_sha256 = models.CharField("SHA-256 of the text", max_length=64, editable=False)
    how = models.CharField("how they agreed", max_length=6, choices=SignedHow.choices)
    signed_on = models.DateField("agreed on", null=True, blank=True)
    until = models.DateField("holds until")
    renews = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="renewals")
    revoked_at = models.DateTimeField(null=True, editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001  # unique
    linked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["until"], condition=Q(revoked_at=None), name="doctors_consent_ends"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, how=SignedHow.LINK)
                | Q(signed_on__isnull=False, until__gte=F("signed_on"), until__lte=F("signed_on") + AT_MOST),
                name="doctors_consent_holds_for_a_while",
                violation_error_message=f"A consent holds for at most {YEARS} years from the day it was given.",
            ),
            models.CheckConstraint(
                condition=Q(uses__contained_by=ShownIn.values),
                name="doctors_consent_uses_are_known",
                violation_error_message="This use does not exist.",
            ),
            models.CheckConstraint(
                condition=Q(is_adult=True),
                name="doctors_consent_of_an_adult",
                violation_error_message="This site shows adults only: say that they were 18 or older.",
            ),
            models.CheckConstraint(
                condition=Q(text_sha256__regex="^[0-9a-f]{64}$"),
                name="doctors_consent_knows_its_text",
                violation_error_message="A consent names the text that was agreed to.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("doctors:consent", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """The person was sent the link and has not agreed yet."""
        return self.revoked_at is None and self.signed_on is None

    @property
    def is_expired(self) -> bool:
        return self.revoked_at is None and self.signed_on is not None and self.until < timezone.localdate()

    @property
    def is_in_force(self) -> bool:
        return bool(
            self.revoked_at is None and self.signed_on and self.uses and self.until >= timezone.localdate()
        )

    @property
    def shown_in(self) -> list[ShownIn]:
        """The uses in the order in which they are always named."""
        return [use for use in ShownIn if use in self.uses]


class ConsentEvent(models.Model):
    """One thing that happened to a consent. The database refuses to change or delete it."""

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now, editable=False)
    change = models.CharField(max_length=8, choices=ConsentChange.choices, editable=False)
    party = models.CharField("by whom", max_length=7, choices=ConsentParty.choices, editable=False)
    uses = ArrayField(models.CharField(max_length=10, choices=ShownIn.choices), editable=False)
    is_identifiable = models.BooleanField(editable=False)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consent"],
                condition=Q(change=ConsentChange.REVOKED),
                name="doctors_consentevent_revoked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_change_display()} by {self.get_party_display()}"


class ConsentPaper(KeptFile):
    """The signed document, for whoever has to decide whether there is one."""

    consent = models.ForeignKey(Consent, models.CASCADE, related_name="papers")

    class Meta(KeptFile.Meta):
        ordering = ["id"]
