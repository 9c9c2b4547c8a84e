"""What a doctor says of themselves, version by version: those that were public, and at most one that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.enums import State
from core.models import Moderated, queue_index
from doctors.models.doctor import Doctor

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

SHOWN = 80


class DoctorRevision(Moderated):
    """An edit of a published profile, by its doctor; the profile stays as it is until a moderator has approved it."""

    AUTHOR_PATH: ClassVar[str] = "doctor__user"

    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    languages = models.CharField(max_length=120, blank=True)
    conflicts = models.CharField("conflicts of interest", max_length=500, blank=True)
    bio = models.TextField(blank=True)

    class Meta(Moderated.Meta):
        verbose_name = "edit of a profile"
        verbose_name_plural = "edits of profiles"
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        ordering = ["doctor", "number"]
        indexes = [queue_index("doctors_revision_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(fields=["doctor", "number"], name="doctors_doctorrevision_numbered"),
            models.UniqueConstraint(
                fields=["doctor"],
                condition=Q(state__in=[State.PENDING, State.DRAFT]),
                name="doctors_doctorrevision_one_at_a_time",
                violation_error_message="An edit of this profile is waiting already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doctor} (version {self.number})"

    def get_absolute_url(self) -> str:
        return reverse("doctors:edit")

    @property
    def beginning(self) -> str:
        """By which its doctor knows it."""
        return (self.bio or self.conflicts or self.languages)[:SHOWN]

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the profile, as everybody locks the two: nobody waits for anybody crosswise."""
        Doctor.locked(cls._base_manager.values_list("doctor_id", flat=True).get(pk=pk))
        return super().locked(pk)

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """What was approved is what the profile says."""
        if self.state == State.PUBLISHED and before == State.PENDING:
            Doctor.locked(self.doctor_id).take_over(self)
