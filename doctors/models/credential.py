"""What a doctor rests on, who checked that, and the files that prove it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.dates import months_later
from core.enums import State
from doctors.authorities import Authority, authority_of
from doctors.enums import CredentialKind, EvidenceKind, Standing, VerificationResult
from doctors.models.doctor import Doctor

POSITIVE = (VerificationResult.VERIFIED, VerificationResult.RESTORED)
# How long a check holds where nothing says otherwise: then somebody looks again.
RECHECK_MONTHS = 12
# How long before that it stands in the queue.
DUE_AHEAD = timedelta(days=30)


class Until(NamedTuple):
    """When somebody has to look again, and when the thing itself ends as far as anybody says."""

    due_on: date
    ends_on: date | None


class CredentialQuerySet(models.QuerySet):
    def expiring_first(self) -> Self:
        return self.order_by(Coalesce("expires_on", models.Value(date.max)), "id")

    def due_soon(self) -> Self:
        """To be checked again by now or soon, of profiles that readers see as verified or lapsed."""
        readers_see = Q(doctor__state=State.PUBLISHED, doctor__standing=Standing.VERIFIED)
        return self.filter(readers_see, due_on__lte=timezone.localdate() + DUE_AHEAD)


class Credential(models.Model):
    AUTHOR_PATH: ClassVar[str] = "doctor__user"

    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=8, choices=CredentialKind.choices)
    authority = models.CharField(max_length=160, help_text="The issuing board or authority, in full")
    number = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    # As it stands now: whoever rewrites it enters another one, which nobody has checked.
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    # When somebody looks again; kept by ``doctors.services``, without a day while nobody vouches for it.
    due_on = models.DateField(null=True, blank=True, editable=False)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "id"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="doctors_credential_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "authority", "number"], name="doctors_credential_listed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.authority}"

    @classmethod
    def moderate_permission(cls) -> str:
        """Whoever may verify doctors sees what is due."""
        return "doctors.verify_doctor"

    @property
    def masked_number(self) -> str:
        """The last three characters; enough to compare, too little to copy."""
        return "•" * max(len(self.number) - 3, 0) + self.number[-3:] if len(self.number) > 3 else "•••"

    @property
    def authority_known(self) -> Authority | None:
        return authority_of(kind=self.kind, name=self.authority, country=self.country)

    @property
    def is_current(self) -> bool:
        return self.expires_on is None or self.expires_on >= timezone.localdate()

    def last_among(self, checks: Iterable[Verification]) -> Verification | None:
        """The last word about it, ``checks`` being the doctor's, the latest first.

        It is of this credential or of the whole profile, and was recorded since this was entered. That a
        doctor was suspended says nothing of a credential unless it names it.
        """
        for check in checks:
            if check.recorded_at < self.entered_at or check.credential_id not in (None, self.pk):
                continue
            if check.credential_id == self.pk or check.result != VerificationResult.SUSPENDED:
                return check
        return None

    def check_among(self, checks: Iterable[Verification]) -> Verification | None:
        """The check that vouches for it: the last word about it, if that is a good one."""
        check = self.last_among(checks)
        return check if check and check.is_positive else None

    def vouched_until(self, checks: Iterable[Verification]) -> Until | None:
        """Until when it is vouched for; ``None`` where it is not."""
        check = self.check_among(checks)
        if check is None:
            return None
        ends = [day for day in (check.valid_until, self.expires_on) if day]
        return Until(min([*ends, check.due_on]), min(ends, default=None))

    def is_vouched_for(self, checks: Iterable[Verification]) -> bool:
        """Whether somebody has checked it and that still holds today."""
        until = self.vouched_until(checks)
        return until is not None and until.due_on >= timezone.localdate()


class Verification(models.Model):
    """Who checked what, against which source, with which result, until when. Rows are only ever added."""

    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="verifications")
    credential = models.ForeignKey(
        Credential, models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    result = models.CharField(max_length=10, choices=VerificationResult.choices)
    source = models.CharField(
        max_length=300, help_text="Register, letter, telephone call: what was consulted"
    )
    note = models.TextField(blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_on = models.DateField(default=timezone.localdate)
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("checked_on")),
                name="doctors_verification_ends_after_it_begins",
                violation_error_message="It cannot run out before the day it was checked.",
            ),
            models.CheckConstraint(
                condition=~Q(result=VerificationResult.SUSPENDED) | ~Q(note=""),
                name="doctors_verification_suspension_has_a_reason",
                violation_error_message="A suspension needs a reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doctor}: {self.get_result_display()} {self.checked_on}"

    @property
    def is_positive(self) -> bool:
        return self.result in POSITIVE

    @property
    def has_evidence(self) -> bool:
        return hasattr(self, "evidence")

    @property
    def due_on(self) -> date:
        """When somebody looks again."""
        return self.valid_until or months_later(self.checked_on, RECHECK_MONTHS)


class KeptFile(models.Model):
    """What is known of a file that lies outside everything that is served; its content is told by its digest."""

    name = models.CharField(max_length=40, unique=True, editable=False)
    kind = models.CharField(max_length=4, choices=EvidenceKind.choices, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values),
                name="%(app_label)s_%(class)s_kind_is_known",
                violation_error_message="Evidence is a PDF, a JPEG or a PNG.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$") & Q(size__gt=0),
                name="%(app_label)s_%(class)s_is_told_apart_by_its_content",
                violation_error_message="A file of evidence has a size and a digest.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.size} bytes, {self.sha256[:12]}"


class EvidenceFile(KeptFile):
    """A file that was seen when a check was made. Rows are only added."""

    verification = models.OneToOneField(Verification, models.PROTECT, related_name="evidence")
