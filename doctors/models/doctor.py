"""Who answers: the profile, what it rests on, and who checked that."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from core.enums import State
from core.models import AuditEntry, Moderated, ModeratedQuerySet, Versioned, queue_index
from doctors.enums import CredentialKind, Standing, StandingNow
from treatments.models import Treatment


class Specialty(models.Model):
    """A specialty and the treatments this site holds to lie within it (families count for their children)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    nucc_code = models.CharField("NUCC code", max_length=10, blank=True)
    in_scope = models.ManyToManyField(Treatment, related_name="specialties", blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "specialties"

    def __str__(self) -> str:
        return self.name


class DoctorQuerySet(ModeratedQuerySet):
    def verified_now(self) -> Self:
        """Verified, and the verification has not run out today."""
        return self.filter(verified_today(""))

    def claimed(self) -> Self:
        return self.filter(user__isnull=False)

    def in_directory(self) -> Self:
        """Public profiles a reader may look for; imported ones stay reachable from what they wrote."""
        return self.public().filter(Q(is_imported=False) | verified_today(""))

    def present(self, *, on: date) -> Self:
        """Not away on that day: they come back on the day that ``away_until`` names."""
        return self.filter(Q(away_until__isnull=True) | Q(away_until__lte=on))

    def for_display(self) -> Self:
        return self.select_related("specialty")


def verified_today(prefix: str) -> Q:
    """The condition of counting today, for a query that reaches the doctor through ``prefix``."""
    return Q(**{f"{prefix}standing": Standing.VERIFIED}) & (
        Q(**{f"{prefix}verified_until__isnull": True})
        | Q(**{f"{prefix}verified_until__gte": timezone.localdate()})
    )


class Doctor(Versioned):
    """A profile. What its doctor says of themselves is changed by an approved edit; the rest is the moderators'."""

    AUTHOR_PATH: ClassVar[str] = "user"
    TEXT_FIELDS: ClassVar[tuple[str, ...]] = ("languages", "conflicts", "bio")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="doctor"
    )
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=60, blank=True, help_text="MD, MBBS, …")
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, blank=True, related_name="doctors")
    specialty_as_given = models.CharField(max_length=120, blank=True, editable=False)
    bio = models.TextField(blank=True)
    languages = models.CharField(max_length=120, blank=True)
    conflicts = models.CharField("conflicts of interest", max_length=500, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166: US, GB, …")
    portrait = models.ImageField(upload_to="portraits/", blank=True, editable=False)
    # By its name, so that lists show it without reading it; gone as soon as the picture is.
    portrait_shown = models.ForeignKey(
        "core.Rendition", models.SET_NULL, to_field="name", null=True, editable=False, related_name="+"
    )
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.UNVERIFIED, editable=False
    )
    verified_on = models.DateField(null=True, blank=True, editable=False)
    verified_until = models.DateField(null=True, blank=True, editable=False)
    # When the first of the licences ends that the verification rests on, as far as their registers say.
    licence_until = models.DateField(null=True, blank=True, editable=False)
    is_imported = models.BooleanField(default=False, editable=False)
    away_until = models.DateField(
        null=True, blank=True, editable=False, help_text="The day on which they answer again"
    )

    objects = DoctorQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        ordering = ["name", "id"]
        default_permissions = (*Moderated.Meta.default_permissions, "verify")  # type: ignore[assignment]
        indexes = [
            queue_index("doctors_doctor_waiting"),
            models.Index(fields=["state", "name", "id"], name="doctors_doctor_by_name"),
            # The directory stays quick beside any number of imported profiles, none of which it lists.
            models.Index(
                fields=["name", "id"],
                condition=Q(state=State.PUBLISHED) & (Q(is_imported=False) | Q(standing=Standing.VERIFIED)),
                name="doctors_doctor_listed",
            ),
            # How the directory looks for a place, by its beginning, and for a language, by its words.
            models.Index(OpClass(Upper("city"), name="text_pattern_ops"), name="doctors_doctor_city"),
            models.Index(OpClass(Upper("region"), name="text_pattern_ops"), name="doctors_doctor_region"),
            models.Index(fields=["country"], name="doctors_doctor_country"),
            GinIndex(SearchVector("languages", config="simple"), name="doctors_doctor_languages"),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                "name",
                "title",
                "city",
                condition=Q(is_imported=True),
                name="doctors_doctor_imported_once",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.VERIFIED) | Q(verified_on__isnull=False),
                name="doctors_doctor_verified_on_a_day",
                violation_error_message="A verified doctor was verified on some day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}" if self.title else self.name

    def get_absolute_url(self) -> str:
        return reverse("doctors:profile", args=[self.slug])

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[:1].isalpha()]
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.region, self.country) if part)

    @property
    def standing_now(self) -> StandingNow:
        """Past its day a verification has lapsed; if that is the day on which a licence ended, we say so."""
        today = timezone.localdate()
        if self.standing == Standing.VERIFIED and self.verified_until and self.verified_until < today:
            ended = self.licence_until is not None and self.licence_until < today
            return StandingNow.ENDED if ended else StandingNow.EXPIRED
        return StandingNow(self.standing)

    @property
    def is_verified_now(self) -> bool:
        return self.standing_now == StandingNow.VERIFIED

    @property
    def is_away(self) -> bool:
        return self.away_until is not None and self.away_until > timezone.localdate()

    @property
    def is_listed(self) -> bool:
        """Whether the directory has it; of a row at hand what ``in_directory()`` is of many."""
        return self.is_public and (not self.is_imported or self.is_verified_now)

    @property
    def portrait_url(self) -> str:
        """Of the picture that its doctor sent, else of the one that was drawn for the demonstration."""
        if self.portrait_shown_id and self.is_public:
            return reverse("photo", args=[self.portrait_shown_id])
        if not self.portrait.name:
            return ""
        return reverse("doctors:portrait", args=[self.slug, self.portrait.name.rsplit("/", 1)[-1]])

    def _written_in_the_admin(self) -> list[tuple[str, int]]:
        """``(add or edit, by whom)``, the last first: the audit trail knows."""
        written = AuditEntry.objects.filter(
            object_type=self._meta.label_lower, object_id=self.pk, action__in=("add", "edit")
        )
        return list(written.order_by("-id").values_list("action", "actor_id"))

    def stand_in_id(self) -> int | None:
        """Whoever last wrote this profile for the doctor in the admin."""
        return next((actor for _, actor in self._written_in_the_admin()), None)

    def entered_by(self) -> set[int]:
        """Whoever made this profile in the admin and whoever wrote it last: others check what it says."""
        written = self._written_in_the_admin()
        return {actor for action, actor in written if action == "add"} | {actor for _, actor in written[:1]}

    def snapshot(self) -> dict[str, Any]:
        """What is true of this doctor at this moment, as an answer keeps it.

        What has expired is not, nor what nobody has checked.
        """
        checks = list(self.verifications.defer("note", "source", "checked_by"))
        credentials = [row for row in self.credentials.all() if row.is_vouched_for(checks)]
        board = next((c for c in credentials if c.kind == CredentialKind.BOARD), None)
        licence = next((c for c in credentials if c.kind == CredentialKind.LICENCE), None)
        return {
            "name": self.name,
            "title": self.title,
            "specialty": self.specialty.name if self.specialty else self.specialty_as_given,
            "board": board.authority if board else "",
            "place": self.place,
            "country": self.country,
            "licence": licence.authority if licence else "",
            "standing": self.standing_now.value,
            "checked_on": self.verified_on.isoformat() if self.verified_on else None,
        }


class PracticePlace(models.Model):
    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="places")
    name = models.CharField(max_length=160)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2)
    # Of the middle of its postal code, where ``PostalPlace`` knows it.
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="doctors_practiceplace_lies_on_earth",
                violation_error_message="A place has both coordinates or none.",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.city, self.region, self.country) if part)
