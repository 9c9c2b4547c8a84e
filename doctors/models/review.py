"""What patients say of a doctor and a treatment, as it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.enums import State
from core.images.showing import require_rendered
from core.models import HeldPhoto, Moderated, ModeratedQuerySet, queue_index
from doctors.enums import CostPart, Verdict, Weighed
from doctors.models.doctor import Doctor
from treatments.models import Treatment, TreatmentUse

if TYPE_CHECKING:
    from accounts.models import User

TEXT_LENGTH = 4000
# The text of what everybody who reviews declares; its words are in ``doctors.review_forms``.
DECLARATION = "2026-11"
RATED = {
    "explained": "explained the risks",
    "listened": "listened",
    "as_told": "the result was as told",
    "looked_after": "looked after me afterwards",
}
RATINGS = tuple(RATED)
OLDEST_COST = 1990
COST_AT_MOST = 1_000_000
# When one is asked how it is by now, in days after the treatment.
MILESTONES = (14, 90, 365)


def may_be_shown(prefix: str) -> Q:
    """Something of the review is published, its doctor's profile is public, and nobody speaks of themselves."""
    is_own = Q(**{f"{prefix}author": F(f"{prefix}doctor__user")})
    return Q(**{f"{prefix}latest__isnull": False, f"{prefix}doctor__state": State.PUBLISHED}) & ~is_own


class ReviewQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(may_be_shown(""))

    def for_display(self) -> Self:
        return self.select_related("author", "doctor", "treatment", "use", "latest")


class Review(models.Model):
    """What one person says of one doctor and one treatment, in entries over time.

    It has no state: readers see it while one of its entries is published. ``latest`` is the last of these; the
    database keeps it. Day and month of ``treated_on`` are for nobody but its author and moderators.
    """

    AUTHOR_PATH: ClassVar[str] = "author"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviews")
    alias = models.CharField(max_length=40, blank=True, help_text="A name for this review alone")
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="reviews")
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="reviews")
    use = models.ForeignKey(TreatmentUse, models.PROTECT, null=True, blank=True, related_name="reviews")
    treated_on = models.DateField("day of the treatment")
    declaration = models.CharField(
        "declaration", max_length=20, help_text="The version of the text its author agreed to"
    )
    declared_at = models.DateTimeField(default=timezone.now, editable=False)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    latest = models.ForeignKey(
        "ReviewEntry", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=[about, "-id"],
                condition=Q(latest__isnull=False),
                name=f"doctors_review_of_{about}",
            )
            for about in ("doctor", "treatment")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "doctor", "treatment"],
                name="doctors_review_one_per_person_doctor_and_treatment",
                violation_error_message="You have reviewed this doctor for this treatment already. Add to that "
                "review instead.",
            ),
            models.CheckConstraint(
                condition=~Q(declaration=""),
                name="doctors_review_is_declared",
                violation_error_message="Confirm that this is your own experience.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment} by {self.doctor}"

    def get_absolute_url(self) -> str:
        return f"{reverse('doctors:reviews', args=[self.doctor.slug])}?review={self.pk}#review-{self.pk}"

    @classmethod
    def locked(cls, pk: int) -> Self:
        return cls._base_manager.select_for_update(of=("self",)).get(pk=pk)

    @property
    def is_public(self) -> bool:
        """Of a row at hand what ``public()`` is of many."""
        return bool(self.latest_id) and self.doctor.is_public and self.author_id != self.doctor.user_id

    @property
    def author_name(self) -> str:
        """The alias or the handle: never anything that leads to the person."""
        return self.alias or self.author.handle

    @property
    def days_since(self) -> int:
        return max((timezone.localdate() - self.treated_on) // timedelta(days=1), 0)


class ReviewEntryQuerySet(ModeratedQuerySet):
    PUBLIC: ClassVar[Q] = Q(state=State.PUBLISHED) & may_be_shown("review__")


class ReviewEntry(Moderated):
    """What its author says on one day. What is published is corrected by a later entry alone.

    Where an entry has costs, they stand for all that was paid until then, and take the place of those before.
    """

    AUTHOR_PATH: ClassVar[str] = "review__author"

    review = models.ForeignKey(Review, models.CASCADE, related_name="entries")
    day = models.PositiveIntegerField("days after the treatment", editable=False)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    weighed = ArrayField(
        models.CharField(max_length=12, choices=Weighed.choices),
        verbose_name="what it rests on",
        default=list,
        blank=True,
    )
    text = models.TextField("in their own words", max_length=TEXT_LENGTH)
    explained = models.PositiveSmallIntegerField("explained the risks", null=True, blank=True)
    listened = models.PositiveSmallIntegerField("listened", null=True, blank=True)
    as_told = models.PositiveSmallIntegerField("the result was as told", null=True, blank=True)
    looked_after = models.PositiveSmallIntegerField("looked after me afterwards", null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    paid_in = models.PositiveSmallIntegerField("year of paying", null=True, blank=True)

    objects = ReviewEntryQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        verbose_name = "review"
        verbose_name_plural = "reviews"
        ordering = ["review", "id"]
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        indexes = [
            queue_index("doctors_reviewentry_waiting"),
            models.Index(
                fields=["review", "-id"],
                condition=Q(state=State.PUBLISHED),
                name="doctors_reviewentry_public",
            ),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(state__in=[State.DRAFT, State.PENDING]),
                name="doctors_reviewentry_one_at_a_time",
                violation_error_message="What you wrote last is still with a moderator. Change that instead.",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values),
                name="doctors_reviewentry_verdict_is_known",
                violation_error_message="Choose whether it was worth it.",
            ),
            models.CheckConstraint(
                condition=Q(weighed__contained_by=Weighed.values),
                name="doctors_reviewentry_rests_on_what_is_listed",
                violation_error_message="Choose from the list.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="doctors_reviewentry_says_something",
                violation_error_message="Say in a few words how it was.",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 5)}),
                    name=f"doctors_reviewentry_{name}_is_of_five",
                    violation_error_message="A rating is a number from 1 to 5.",
                )
                for name in RATINGS
            ),
            models.CheckConstraint(
                condition=Q(currency="", paid_in__isnull=True)
                | Q(currency__regex="^[A-Z]{3}$", paid_in__gte=OLDEST_COST),
                name="doctors_reviewentry_costs_have_a_currency_and_a_year",
                violation_error_message="For costs, give the currency and the year.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return self.review.get_absolute_url()

    @property
    def own_url(self) -> str:
        """Where its author reads and changes it."""
        return reverse("doctors:review-entry", args=[self.pk])

    @property
    def is_public(self) -> bool:
        """Of a row at hand what ``public()`` is of many."""
        return super().is_public and self.review.is_public

    @property
    def wording(self) -> str:
        """All that was written, for the rules that look for words."""
        return "\n".join(text for text in (self.review.alias, self.text) if text)

    @property
    def weighed_words(self) -> list[str]:
        return [Weighed(code).label for code in self.weighed if code in Weighed.values]

    @property
    def ratings(self) -> list[tuple[str, int]]:
        """Each mark that was given, with what it is for."""
        given = [(RATED[name], getattr(self, name)) for name in RATINGS]
        return [(label, mark) for label, mark in given if mark is not None]

    def before_transition(self, *, to: State, by: User) -> None:
        """Raises NotPossible while there is a picture that no page could show."""
        if to == State.PUBLISHED:
            require_rendered(self.photos.all())

    def party_ids(self) -> set[int | None]:
        """The doctor who is spoken of."""
        return {self.review.doctor.user_id}

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the review, as everybody locks the two: nobody waits for anybody crosswise."""
        Review.locked(cls._base_manager.values_list("review", flat=True).get(pk=pk))
        return super().locked(pk)


class ReviewCost(models.Model):
    """One part of what was paid; currency and year stand on the entry."""

    entry = models.ForeignKey(ReviewEntry, models.CASCADE, related_name="costs")
    part = models.CharField(max_length=12, choices=CostPart.choices)
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["entry", "part"], name="doctors_reviewcost_each_part_once"),
            models.CheckConstraint(
                condition=Q(part__in=CostPart.values), name="doctors_reviewcost_part_is_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=COST_AT_MOST),
                name="doctors_reviewcost_is_an_amount",
                violation_error_message="An amount lies between nothing and a million.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.amount}"


class ReviewPhoto(HeldPhoto):
    """A picture that somebody added to what they say."""

    HOLDER: ClassVar[str] = "entry"

    entry = models.ForeignKey(ReviewEntry, models.CASCADE, related_name="photos")

    class Meta(HeldPhoto.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "position"],
                name="doctors_reviewphoto_in_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
