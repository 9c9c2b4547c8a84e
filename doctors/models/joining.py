"""How somebody becomes a doctor here: what they send as proof, and where their places lie."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import State
from core.models import Moderated, queue_index
from doctors.enums import CredentialKind
from doctors.models.credential import Credential, KeptFile
from doctors.models.doctor import Doctor


class ProfileClaim(Moderated):
    """Somebody says that an imported profile is theirs, and by which credential that can be told.

    Published means granted: the profile is the claimant's (``doctors.receivers``). Nothing of it is for readers.
    """

    AUTHOR_PATH: ClassVar[str] = "claimant"
    STATED: ClassVar[tuple[str, ...]] = ("kind", "authority", "number", "region", "country", "expires_on")

    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="profile_claims"
    )
    kind = models.CharField(max_length=8, choices=CredentialKind.choices)
    authority = models.CharField(max_length=160)
    number = models.CharField(max_length=60)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    words = models.CharField("in their own words", max_length=1000, blank=True)

    class Meta(Moderated.Meta):
        verbose_name = "claim to a profile"
        verbose_name_plural = "claims to profiles"
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        indexes = [queue_index("doctors_profileclaim_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["doctor"],
                condition=Q(state=State.PUBLISHED),
                name="doctors_profileclaim_one_is_granted",
                violation_error_message="This profile is somebody else’s by now.",
            ),
            models.UniqueConstraint(
                fields=["claimant"],
                condition=Q(state__in=[State.DRAFT, State.PENDING, State.PUBLISHED]),
                name="doctors_profileclaim_one_at_a_time",
                violation_error_message="You claim a profile already; one at a time, please.",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim to {self.doctor}"

    def get_absolute_url(self) -> str:
        return self.doctor.get_absolute_url()

    @classmethod
    def locked(cls, pk: int) -> Self:
        """The profile first: whoever decides on two claims to it does so one after the other."""
        Doctor.locked(cls._base_manager.values_list("doctor_id", flat=True).get(pk=pk))
        return super().locked(pk)

    def credential(self) -> Credential:
        """What is claimed by, as a credential of the profile; not saved."""
        return Credential(doctor=self.doctor, **{name: getattr(self, name) for name in self.STATED})


class SentFile(KeptFile):
    """A file that somebody sent as proof: of a credential of their profile, or of a claim to one."""

    credential = models.ForeignKey(Credential, models.CASCADE, null=True, blank=True, related_name="papers")
    claim = models.ForeignKey(ProfileClaim, models.CASCADE, null=True, blank=True, related_name="papers")

    class Meta(KeptFile.Meta):
        ordering = ["id"]
        constraints = [
            *KeptFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(credential__isnull=False, claim__isnull=True)
                | Q(credential__isnull=True, claim__isnull=False),
                name="doctors_sentfile_proves_one_thing",
                violation_error_message="A file proves a credential or a claim.",
            ),
        ]


class PostalPlace(models.Model):
    """Where a postal code of the United States lies; loaded by ``manage.py load_postal_places``."""

    code = models.CharField(max_length=5, primary_key=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.city}, {self.region}"
