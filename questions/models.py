"""A patient's question. It knows its treatment and use, and nothing of who answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from core.enums import BodyFormat, State
from core.models import HeldPhoto, Moderated, ModeratedQuerySet, Versioned, queue_index
from core.text import excerpt, render
from questions.enums import AgeBand, Stage
from treatments.models import Treatment, TreatmentUse

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

TITLE_LENGTH = 120
IMPORTED_TITLE_LENGTH = 300
SLUG_LENGTH = 80
DIFFERENCE_LENGTH = 200
PHOTOS_AT_MOST = 6


# What stands at this place of an address and is no thread.
PAGES_OF_A_QUESTION = frozenset({"answer", "edit", "feed", "follow", "save", "withdraw"})


def question_slug(title: str) -> str:
    """The readable end of a thread's address; never empty, whatever script the title is in."""
    slug = slugify(title)[:SLUG_LENGTH].strip("-") or "question"
    return f"{slug}-question" if slug in PAGES_OF_A_QUESTION else slug


class QuestionText(models.Model):
    """What the asker wrote and an edit may change."""

    title = models.CharField(max_length=IMPORTED_TITLE_LENGTH)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=8, choices=BodyFormat.choices, default=BodyFormat.MARKDOWN)
    body_html = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def render(self) -> None:
        """Bring the stored HTML in line with the source; called wherever the source is written."""
        self.body_html = render(self.body, self.body_format)

    @property
    def wording(self) -> str:
        """All that was written, for the rules that look for words."""
        return f"{self.title}\n{self.body}"


class QuestionQuerySet(ModeratedQuerySet):
    # A duplicate leads to the thread it repeats and is shown nowhere itself.
    PUBLIC: ClassVar[Q] = Q(state=State.PUBLISHED, duplicate_of__isnull=True)

    def duplicates(self) -> Self:
        """Published and leading to another thread: their titles may be read there."""
        return self.filter(state=State.PUBLISHED, duplicate_of__isnull=False)

    def about(self, treatment: Treatment) -> Self:
        """Those that name it, mainly or beside another; each of the three ways has an index of its own."""
        named = QuestionTreatment.objects.filter(treatment=treatment).order_by().values("question")
        filed = [
            Question.objects.filter(of).order_by()
            for of in (Q(treatment=treatment), Q(use__treatment=treatment))
        ]
        return self.filter(pk__in=named.union(*(rows.values("pk") for rows in filed)))

    def for_display(self) -> Self:
        return self.select_related("treatment", "use")


class Question(QuestionText, Versioned):
    TEXT_FIELDS: ClassVar[tuple[str, ...]] = ("title", "body", "body_format", "body_html")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    alias = models.CharField(max_length=40, blank=True, help_text="A name for this question alone")
    treatment = models.ForeignKey(Treatment, models.PROTECT, null=True, blank=True, related_name="questions")
    use = models.ForeignKey(TreatmentUse, models.PROTECT, null=True, blank=True, related_name="questions")
    treatments = models.ManyToManyField(Treatment, through="QuestionTreatment", related_name="+")
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="duplicates"
    )
    variant_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="variants"
    )
    difference = models.CharField(
        max_length=DIFFERENCE_LENGTH,
        blank=True,
        help_text="What is different in this case from the thread it is a variant of",
    )
    stage = models.CharField(max_length=8, choices=Stage.choices, blank=True)
    age_band = models.CharField(max_length=5, choices=AgeBand.choices, blank=True)
    place = models.CharField(max_length=80, blank=True)
    slug = models.SlugField(max_length=SLUG_LENGTH, blank=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    is_dated = models.BooleanField(
        default=True,
        editable=False,
        help_text="Unset where an import did not say when; the date is then a guess",
    )
    submission_key = models.UUIDField(default=uuid.uuid4, editable=False)
    # null, not empty: the unique rule must let any number of questions have none
    external_id = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001
    source_url = models.URLField(max_length=500, blank=True, editable=False)
    is_imported = models.BooleanField(default=False, editable=False)
    import_digest = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        help_text="Of the line it came from, to know the same line again",
    )

    objects = QuestionQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        ordering = ["-id"]
        indexes = [
            queue_index("questions_question_waiting"),
            # The latest that wait about one treatment, to find near-identical texts among them.
            models.Index(
                fields=["treatment", "-id"],
                condition=Q(state=State.PENDING),
                name="questions_waiting_by_treatment",
            ),
            models.Index(fields=["author", "-id"], name="questions_question_of_author"),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(fields=["submission_key"], name="questions_question_submitted_once"),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=Q(external_id__isnull=False),
                name="questions_question_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(use__isnull=True) | Q(treatment__isnull=False),
                name="questions_question_use_has_a_treatment",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="questions_question_is_not_its_own_duplicate",
                violation_error_message="A question cannot repeat itself.",
            ),
            models.CheckConstraint(
                condition=Q(variant_of__isnull=True) | ~Q(variant_of=F("id")),
                name="questions_question_is_not_its_own_variant",
                violation_error_message="A question cannot be a variant of itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("answers:thread", args=[self.pk, self.slug or "question"])

    @property
    def is_public(self) -> bool:
        """Of a row at hand what ``public()`` is of many."""
        return super().is_public and self.duplicate_of_id is None

    @property
    def is_linked(self) -> bool:
        return self.duplicate_of_id is not None or self.variant_of_id is not None

    @property
    def leads_on(self) -> bool:
        """Whether its address leads to the thread it repeats."""
        canonical = self.duplicate_of if self.state == State.PUBLISHED else None
        return canonical is not None and canonical.is_public

    @property
    def wording(self) -> str:
        captions = [photo.caption for photo in self.photos.all()] if self.pk else []
        return "\n".join(text for text in (super().wording, self.difference, *captions) if text)

    @property
    def asker_name(self) -> str:
        """The alias, the handle, or nobody: never anything that leads to the person."""
        if self.alias:
            return self.alias
        if self.is_imported:
            return "a patient"
        return self.author.handle if self.author else "a former member"

    @property
    def excerpt(self) -> str:
        return excerpt(self.body_html)

    def render(self) -> None:
        super().render()
        self.slug = question_slug(self.title)

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """A published text is kept as a version of its own; one whose publication was undone is not."""
        if self.state == State.PUBLISHED:
            self.keep_version(at)
        elif before == State.PUBLISHED and self.state == State.PENDING:
            self.unkeep_version()


class QuestionTreatment(models.Model):
    """A treatment the question is about; position 0 is the main one, repeated in ``Question.treatment``."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="treatment_rows")
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="question_rows")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["treatment", "-question"], name="questions_by_treatment")]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "treatment"], name="questions_questiontreatment_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.treatment_id}"


class QuestionRevision(QuestionText, Moderated):
    """A version of a published question: those that were public, and at most one that waits."""

    AUTHOR_PATH: ClassVar[str] = "question__author"

    question = models.ForeignKey(Question, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()

    class Meta(Moderated.Meta):
        verbose_name = "edit of a question"
        verbose_name_plural = "edits of questions"
        ordering = ["question", "number"]
        indexes = [queue_index("questions_revision_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["question", "number"], name="questions_questionrevision_numbered"
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(state__in=[State.PENDING, State.DRAFT]),
                name="questions_questionrevision_one_at_a_time",
                violation_error_message="An edit of this question is waiting already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    def get_absolute_url(self) -> str:
        return self.question.get_absolute_url()

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the question, as everybody locks the two: nobody waits for anybody crosswise."""
        Question.locked(cls.objects.values_list("question", flat=True).get(pk=pk))
        return super().locked(pk)

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """The approved text becomes the question's."""
        if self.state != State.PUBLISHED or before != State.PENDING:
            return  # a version restored to the history is no new text
        question = Question.locked(self.question_id)
        question.take_over(self, slug=question_slug(self.title))


class QuestionPhoto(HeldPhoto):
    """A picture that the asker added. Its place is below :data:`PHOTOS_AT_MOST`, so there are never more."""

    HOLDER: ClassVar[str] = "question"

    question = models.ForeignKey(Question, models.CASCADE, related_name="photos")
    caption = models.CharField(max_length=120, blank=True)
    is_sensitive = models.BooleanField("show only when asked for", default=False)

    class Meta(HeldPhoto.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question", "position"],
                name="questions_questionphoto_in_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(position__lt=PHOTOS_AT_MOST),
                name="questions_questionphoto_few",
                violation_error_message=f"A question has {PHOTOS_AT_MOST} pictures at most.",
            ),
        ]


class SavedQuestion(models.Model):
    """A thread somebody keeps to carry along."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_questions")
    question = models.ForeignKey(Question, models.CASCADE, related_name="saved_by")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="questions_savedquestion_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} keeps {self.question_id}"


class Follow(models.Model):
    """A person wants to hear of a thread or of a treatment's new threads: one of the two."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="followed_by")
    treatment = models.ForeignKey(
        Treatment, models.CASCADE, null=True, blank=True, related_name="followed_by"
    )
    followed_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="When its news were last looked at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="questions_follow_a_question_once"),
            models.UniqueConstraint(fields=["user", "treatment"], name="questions_follow_a_treatment_once"),
            models.CheckConstraint(
                condition=Q(question__isnull=True) ^ Q(treatment__isnull=True),
                name="questions_follow_one_thing",
                violation_error_message="One follows a question or a treatment.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.question or self.treatment}"
