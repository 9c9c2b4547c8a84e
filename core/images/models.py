"""Pictures that were taken in, their files, and which of them look alike.

A photo belongs to whoever sent it until something holds it; what holds it decides who sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils import timezone

from core.images.renditions import Kind

if TYPE_CHECKING:
    from core.models.moderated import Viewer

BANDS, BAND_BITS = 4, 16


def _band(number: int) -> models.GeneratedField:
    """Sixteen of the 64 bits, moved to where a small integer can hold them."""
    bits = F("hash").bitrightshift(number * BAND_BITS).bitand((1 << BAND_BITS) - 1)
    return models.GeneratedField(
        expression=Cast(bits - (1 << (BAND_BITS - 1)), models.SmallIntegerField()),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )


class PhotoQuerySet(models.QuerySet):
    def free(self) -> Self:
        """Held by nothing yet, and therefore their owner's alone."""
        return self.filter(holder="")


class Photo(models.Model):
    """A picture that somebody sent, drawn anew. Its file, ``name``, is for whoever may see all of it alone."""

    name = models.CharField(max_length=40, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="photos"
    )
    holder = models.CharField(
        "what holds it", max_length=60, blank=True, editable=False, help_text="The kind; empty for nothing"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_on = models.DateField(
        null=True, editable=False, help_text="To count days with; forgotten when what holds it is sent"
    )
    rendered_at = models.DateTimeField(null=True, editable=False)
    mirrored = models.BigIntegerField(
        null=True, editable=False, help_text="How it looks in a mirror, as 64 bits"
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["added_at"], condition=Q(holder=""), name="core_photo_free"),
            models.Index(fields=["added_at"], condition=Q(rendered_at=None), name="core_photo_to_render"),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"

    def holding(self) -> HeldPhotoQuerySet | None:
        """The row that holds it, of whatever kind, as a queryset; None while nothing does."""
        if not self.holder:
            return None
        return cast("HeldPhotoQuerySet", apps.get_model(self.holder)._default_manager.filter(photo=self))


class Rendition(models.Model):
    """One file that pages show of a photo."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=40, unique=True, editable=False)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.name) for kind in Kind], editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["width"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["photo", "kind", "width"], name="core_rendition_once_per_width")
        ]

    def __str__(self) -> str:
        return self.name


class Loose(models.Model):
    """The name of a file in the store that no row names: one that is being written, or is to be deleted.

    Written before the file is, and gone with the transaction that names the file elsewhere: whatever dies in between,
    no file is left that nothing knows of.
    """

    name = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField(default=timezone.now)
    is_doomed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class HeldPhotoQuerySet(models.QuerySet):
    """Who may see a photo is decided by what holds it."""

    def public(self) -> Self:
        return self._of(self._holders.public())

    def visible_to(self, user: Viewer) -> Self:
        return self._of(self._holders.visible_to(user))

    def moderated_by(self, user: Viewer) -> bool:
        return user.has_perm(self._holders.model.moderate_permission())

    @property
    def _kind(self) -> type[HeldPhoto]:
        return cast("type[HeldPhoto]", self.model)

    @property
    def _holders(self) -> Any:
        field = self._kind._meta.get_field(self._kind.HOLDER)
        return cast("Any", field.related_model).objects.order_by()

    def _of(self, holders: models.QuerySet) -> Self:
        return self.filter(**{f"{self._kind.HOLDER}__in": holders})


class HeldPhoto(models.Model):
    """A photo's place in something moderated. ``HOLDER`` names the key that leads there."""

    HOLDER: ClassVar[str] = ""

    photo = models.OneToOneField(Photo, models.CASCADE, related_name="+", editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = HeldPhotoQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.photo}"

    @property
    def may_be_found(self) -> bool:
        """Whether search engines may show it by itself. A kind says so where its people agreed to that."""
        return False

    @property
    def held_by(self) -> Any:
        return getattr(self, self.HOLDER)


class Likeness(models.Model):
    """One hash of one picture: of the whole, or of it without its edges."""

    object_type = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    hash = models.BigIntegerField()
    band_0 = _band(0)
    band_1 = _band(1)
    band_2 = _band(2)
    band_3 = _band(3)

    class Meta:
        verbose_name_plural = "likenesses"
        # With the hash in each index, candidates are weighed without reading their rows.
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"], name="core_likeness_object"),
            *(
                models.Index(
                    fields=[f"band_{number}"], include=["id", "hash"], name=f"core_likeness_band_{number}"
                )
                for number in range(BANDS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"
