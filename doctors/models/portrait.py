"""The picture of themselves that a doctor sends: at most one in work and one that readers see."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.audit import record
from core.enums import State
from core.images.models import HeldPhoto, Photo, Rendition
from core.images.photos import purge
from core.images.renditions import Kind
from core.models import Moderated, ModeratedQuerySet, queue_index
from core.moderation import NotPossible
from doctors.models.doctor import Doctor

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class PortraitQuerySet(ModeratedQuerySet):
    PUBLIC: ClassVar[Q] = Q(state=State.PUBLISHED, ended_at__isnull=True, doctor__state=State.PUBLISHED)

    def going(self) -> Self:
        """Whose picture has not been deleted."""
        return self.filter(ended_at__isnull=True)

    def standing(self) -> Self:
        """The one that a profile shows whenever readers see the profile."""
        return self.going().filter(state=State.PUBLISHED)


class Portrait(Moderated):
    """``ended_at``: its picture is deleted for good, because it was taken down or another took its place."""

    AUTHOR_PATH: ClassVar[str] = "doctor__user"

    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="portraits")
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = PortraitQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        ordering = ["-id"]
        indexes = [queue_index("doctors_portrait_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["doctor"],
                condition=Q(state__in=[State.PENDING, State.DRAFT]),
                name="doctors_portrait_one_at_a_time",
                violation_error_message="A portrait of this doctor is waiting already.",
            ),
            models.UniqueConstraint(
                fields=["doctor"],
                condition=Q(state=State.PUBLISHED, ended_at=None),
                name="doctors_portrait_one_is_shown",
                violation_error_message="A profile shows one portrait.",
            ),
        ]

    def __str__(self) -> str:
        return f"Portrait of {self.doctor}"

    def get_absolute_url(self) -> str:
        return reverse("doctors:own-portrait")

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the profile, as everybody locks the two: nobody waits for anybody crosswise."""
        Doctor.locked(cls._base_manager.values_list("doctor_id", flat=True).get(pk=pk))
        return super().locked(pk)

    @property
    def is_public(self) -> bool:
        return self.state == State.PUBLISHED and self.ended_at is None and self.doctor.is_public

    @property
    def photo(self) -> Photo | None:
        """None once it is gone."""
        return Photo.objects.filter(pk__in=self.photos.values("photo")).first()

    @property
    def sent_on(self) -> str:
        """By which its doctor knows it, having given it no words."""
        return f"Sent on {self.submitted_at:%-d %B %Y}" if self.submitted_at else ""

    def end(self) -> None:
        """Delete its picture for good; no page shows it from the end of this transaction on."""
        purge(Photo.objects.filter(pk__in=self.photos.values("photo")))
        self.ended_at = timezone.now()
        self.save(update_fields=["ended_at"])

    def before_transition(self, *, to: State, by: User) -> None:
        """What it replaces goes first. Raises NotPossible where there is nothing to show."""
        if self.ended_at is not None:
            raise NotPossible("This picture was taken down or replaced, and is deleted. Nothing was changed.")
        if to == State.PUBLISHED:
            self._make_way(by)

    def _make_way(self, by: User) -> None:
        if self._small() is None:
            raise NotPossible("The picture is still being prepared. Try again in a minute.")
        before = Portrait.objects.standing().filter(doctor=self.doctor_id).first()
        if before is None:
            return
        if self.state == State.REMOVED:
            raise NotPossible("This doctor has another portrait by now. Nothing was changed.")
        before.end()
        record(actor=by, action="replaced", obj=before, before=before.state, after=before.state)

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """Lists show what the profile names; what its doctor takes down is deleted."""
        if self.state == State.WITHDRAWN:
            self.end()
        elif State.PUBLISHED in (self.state, before):
            shown = self._small() if self.state == State.PUBLISHED else None
            Doctor.objects.filter(pk=self.doctor_id).update(portrait_shown=shown)

    def _small(self) -> Rendition | None:
        """What lists show of it; None while it is being prepared."""
        made = Rendition.objects.filter(photo__in=self.photos.values("photo"), kind=Kind.JPEG)
        return made.order_by("width").first()


class PortraitPhoto(HeldPhoto):
    HOLDER: ClassVar[str] = "portrait"

    portrait = models.ForeignKey(Portrait, models.CASCADE, related_name="photos")

    class Meta(HeldPhoto.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["portrait"],
                name="doctors_portraitphoto_one_each",
                violation_error_message="A portrait is one picture.",
            )
        ]
