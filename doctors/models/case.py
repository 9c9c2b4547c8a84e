"""Before and after: what a doctor did for somebody who agreed to show it, and how far its pictures compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q
from django.urls import reverse

from core.enums import State
from core.images.models import HeldPhoto, HeldPhotoQuerySet
from core.images.showing import require_rendered
from core.models import Moderated, ModeratedQuerySet, queue_index
from core.moderation import NotPossible
from doctors.enums import AgeBand, Alike, EndedBy, Role, Sex, ShownIn, SkinType, View
from doctors.models.consent import Consent, in_force
from doctors.models.doctor import Doctor, PracticePlace, verified_today
from treatments.models import BodyArea, Treatment, TreatmentUse

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Viewer

WORDS_LENGTH = 1500
# Where the law lets no practice show before and after to the public (docs/adr/0018).
NOT_SHOWN_IN = "DE"


def practises_where_not_shown(doctor: str) -> Exists:
    """``doctor`` is the path to the key of a doctor."""
    return Exists(PracticePlace.objects.filter(doctor=OuterRef(doctor), country=NOT_SHOWN_IN))


def _covered() -> Q:
    """What a case shows is what its consent is for."""
    return (Q(is_identifiable=False) | Q(consent__is_identifiable=True)) & (
        Q(is_sensitive=False) | Q(consent__is_sensitive=True)
    )


class CaseQuerySet(ModeratedQuerySet):
    def public(self) -> Self:
        """Published, with a consent in force today that covers it, of a verified doctor whose law allows it."""
        return self.filter(self._public())

    @staticmethod
    def _public() -> Q:
        of_doctor = Q(doctor__state=State.PUBLISHED) & verified_today("doctor__")
        by_law = ~Q(doctor__country=NOT_SHOWN_IN) & ~practises_where_not_shown("doctor")
        return (
            Q(state=State.PUBLISHED, ended_at__isnull=True)
            & in_force("consent__")
            & _covered()
            & of_doctor
            & Q(by_law)
        )

    def visible_to(self, user: Viewer) -> Self:
        if not user.is_authenticated:
            return self.public()
        if user.has_perm(Case.moderate_permission()):
            return self
        return self.filter(self._public() | Q(doctor__user=user))

    def used_in(self, use: ShownIn) -> Self:
        """Only those whose person agreed to be shown there."""
        return self.filter(consent__uses__contains=[use])

    def not_sensitive(self) -> Self:
        return self.filter(is_sensitive=False)

    def going(self) -> Self:
        """Of which more is left than a number."""
        return self.filter(ended_at__isnull=True)

    def tombstones(self) -> Self:
        """Which readers knew, and whose pictures and words are gone for good."""
        return self.filter(ended_at__isnull=False, published_at__isnull=False)

    def pending(self) -> Self:
        return super().pending().going()

    def for_display(self) -> Self:
        """With all that a page says of each: two queries beside this one."""
        photos = CasePhoto.objects.select_related("photo").prefetch_related("photo__renditions")
        return self.select_related(
            "doctor__specialty", "consent", "treatment", "use", "body_area"
        ).prefetch_related(Prefetch("photos", photos))


class Case(Moderated):
    """``ended_at``: its pictures and words are gone for good, at the wish of the person in them or of its doctor."""

    AUTHOR_PATH: ClassVar[str] = "doctor__user"

    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="cases")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="cases")
    treatment = models.ForeignKey(Treatment, models.PROTECT, null=True, related_name="cases")
    use = models.ForeignKey(TreatmentUse, models.PROTECT, null=True, blank=True, related_name="cases")
    body_area = models.ForeignKey(BodyArea, models.PROTECT, null=True, blank=True, related_name="cases")
    technique = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    amount = models.CharField(max_length=80, blank=True)
    age_band = models.CharField("age", max_length=5, choices=AgeBand.choices, blank=True)
    skin_type = models.CharField(max_length=1, choices=SkinType.choices, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    days_after = models.PositiveIntegerField(null=True, blank=True)
    words = models.TextField("what else there is to say", blank=True)
    alike = ArrayField(
        models.CharField(max_length=12, choices=Alike.choices),
        verbose_name="what is alike",
        default=list,
        blank=True,
    )
    comparable_count = models.GeneratedField(
        expression=Func(F("alike"), function="cardinality"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    is_unedited = models.BooleanField("nothing in the pictures is edited", default=False)
    is_identifiable = models.BooleanField("somebody could recognise the person", default=False)
    is_sensitive = models.BooleanField("breasts, buttocks or genitals are shown", default=False)
    # Which version was looked through for what could tell who it is.
    looked_through = models.PositiveIntegerField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.CharField(max_length=7, choices=EndedBy.choices, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        ordering = ["-id"]
        indexes = [
            queue_index("doctors_case_waiting"),
            *(
                models.Index(
                    *(F(of).asc(), F("comparable_count").desc(), F("published_at").desc(), F("id").desc()),
                    condition=Q(state=State.PUBLISHED, ended_at=None),
                    name=f"doctors_case_of_{of}",
                )
                for of in ("treatment", "use", "doctor")
            ),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(alike__contained_by=Alike.values, alike__len__lte=len(Alike)),
                name="doctors_case_alike_is_known",
                violation_error_message="What is alike is chosen from nine things.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PENDING, State.PUBLISHED])
                | Q(ended_at__isnull=False)
                | Q(consent__isnull=False, treatment__isnull=False, is_unedited=True),
                name="doctors_case_complete_when_sent",
                violation_error_message="A case is sent with consent, a treatment, and pictures that are not edited.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | (
                    Q(ended_at__isnull=False, words="", technique="", product="", amount="") & ~Q(ended_by="")
                ),
                name="doctors_case_ended_without_words",
                violation_error_message="Of what has ended nothing is kept.",
            ),
        ]

    def __str__(self) -> str:
        what = self.use or self.treatment
        return f"Case {self.pk}: {what}" if what else f"Case {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("doctors:case", args=[self.pk])

    @classmethod
    def locked(cls, pk: int) -> Self:
        """The consent first: whoever takes it back and whoever publishes do so one after the other."""
        consent = cls._base_manager.values_list("consent_id", flat=True).get(pk=pk)
        if consent is not None:
            Consent.objects.select_for_update(of=("self",)).get(pk=consent)
        return super().locked(pk)

    @property
    def met(self) -> list[bool]:
        """Of each of the nine, in their order, whether it is the same."""
        return [item in self.alike for item in Alike]

    @property
    def failing(self) -> list[str]:
        """What differs between before and after besides the treatment, in words."""
        return [item.failing for item in Alike if item not in self.alike]

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def gone_because(self) -> str:
        """As a sentence for readers of its address."""
        return f"It was {self.get_ended_by_display()}." if self.ended_by else ""

    @property
    def is_covered(self) -> bool:
        """Whether a consent that holds today is for what it shows."""
        consent = self.consent
        return bool(
            consent is not None
            and consent.is_in_force
            and (consent.is_identifiable or not self.is_identifiable)
            and (consent.is_sensitive or not self.is_sensitive)
        )

    def before_transition(self, *, to: State, by: User) -> None:
        """Raises NotPossible where there is nothing to show, or nobody agreed to it."""
        if self.has_ended:
            raise NotPossible(f"This case is gone for good: it was {self.get_ended_by_display()}.")
        if to in (State.PENDING, State.PUBLISHED) and not self.is_covered:
            raise NotPossible(
                "The consent does not hold, or not for what the pictures show. Nothing was changed."
            )
        if to == State.PUBLISHED and self.looked_through != self.version:
            raise NotPossible("Look through the list of what could tell who it is first, and tick all of it.")
        if to == State.PUBLISHED:
            require_rendered(self.photos.all())


class CasePhotoQuerySet(HeldPhotoQuerySet):
    def for_display(self) -> Self:
        return self.select_related("photo").prefetch_related("photo__renditions")


class CasePhoto(HeldPhoto):
    """One picture of a case; two of the same view are a pair."""

    HOLDER: ClassVar[str] = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos")
    role = models.CharField(max_length=6, choices=Role.choices)
    view = models.CharField(max_length=13, choices=View.choices)

    objects = CasePhotoQuerySet.as_manager()  # type: ignore[misc]

    class Meta(HeldPhoto.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "view", "role"],
                name="doctors_casephoto_once_per_view",
                violation_error_message="There is a picture of this view already. Take it out first.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values, view__in=View.values),
                name="doctors_casephoto_is_placed",
                violation_error_message="A picture shows before or after, from one of the known sides.",
            ),
        ]

    @property
    def may_be_found(self) -> bool:
        """What is not sensitive, of somebody who agreed to stand in galleries."""
        found = Case.objects.not_sensitive().used_in(ShownIn.GALLERY)
        return found.filter(pk=self.case_id).exists()
