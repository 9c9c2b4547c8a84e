"""What lists and search read: rows that repeat what is public, and can be computed again at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.utils import timezone

from answers.enums import Stance
from core.enums import State
from questions.models import Question
from treatments.models import Treatment

if TYPE_CHECKING:
    from datetime import datetime

    from answers.consensus import Bar


def listed(*order: str) -> tuple[str, ...]:
    """An order of threads as the lists of one treatment have it, :meth:`ThreadQuerySet.listed_under`."""
    return tuple(
        name if name.endswith("pk") else f"-listed_{name[1:]}" if name.startswith("-") else f"listed_{name}"
        for name in order
    )


class ThreadQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(question__state=State.PUBLISHED, question__duplicate_of__isnull=True)

    def unanswered(self) -> Self:
        return self.filter(answer_count=0)

    def for_treatment(self, treatment: Any) -> Self:
        return self.filter(question__treatment_rows__treatment=treatment)

    def listed_under(self, treatment: Any, **listed: Any) -> Self:
        """The same of those that the treatment lists as ``listed`` (:class:`TreatmentThread`).

        In an order of :func:`listed` no others are read.
        """
        chosen = {f"listings__{name}": value for name, value in listed.items()}
        order = {f"listed_{name}": F(f"listings__{name}") for name in TreatmentThread.ORDERS}
        return self.filter(listings__treatment=treatment, **chosen).annotate(**order)

    def for_display(self) -> Self:
        return self.select_related("question__treatment", "question__use").defer("words", "question__body")


class Thread(models.Model):
    """What lists and search read: one row per public question, written in the transaction of each decision.

    A read model: every column can be computed again by :func:`answers.threads.refresh`.
    """

    question = models.OneToOneField(Question, models.CASCADE, primary_key=True, related_name="thread")
    asked_at = models.DateTimeField()
    answer_count = models.PositiveIntegerField(default=0)
    helpful_count = models.PositiveIntegerField(default=0)
    first_answered_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField()
    # Every position that somebody takes here, whether or not it counts today: where to look for one that does.
    stances = ArrayField(models.CharField(max_length=10), default=list, db_default=[])
    words = SearchVectorField()

    # Where a search found its words; :func:`answers.search.load` fills it in.
    extract = ""
    # Until when a colleague of the reader's is answering it, and whether the reader has begun; the desk sets these.
    taken_until: datetime | None = None
    is_begun = False

    objects = ThreadQuerySet.as_manager()

    if TYPE_CHECKING:
        bar: Bar

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="answers_thread_words"),
            models.Index(fields=["-asked_at", "-question"], name="answers_thread_newest"),
            models.Index(fields=["-helpful_count", "-question"], name="answers_thread_helpful"),
            models.Index(fields=["-answer_count", "-question"], name="answers_thread_discussed"),
            models.Index(
                fields=["-asked_at", "-question"],
                condition=Q(answer_count__gt=0),
                name="answers_thread_answered",
            ),
            models.Index(
                fields=["asked_at", "question"], condition=Q(answer_count=0), name="answers_thread_waiting"
            ),
            *(
                models.Index(
                    fields=["-asked_at", "-question"],
                    condition=Q(stances__contains=[stance]),
                    name=f"answers_thread_{stance}",
                )
                for stance in Stance.values
            ),
        ]

    def __str__(self) -> str:
        return str(self.question)

    @property
    def waiting_days(self) -> int:
        """Whole days since it was asked."""
        return max((timezone.now() - self.asked_at).days, 0)


class TreatmentThread(models.Model):
    """A thread as one of its treatments lists it: what it is chosen by, in the order of its lists.

    A read model, kept by :mod:`answers.activity`. Of a treatment few threads may wait, or none have a position that
    is common elsewhere: who looks for them among the threads of the site reads all of those.
    """

    ORDERS = ("asked_at", "helpful_count", "answer_count")

    thread = models.ForeignKey(
        Thread, models.CASCADE, db_constraint=False, db_index=False, related_name="listings"
    )
    treatment = models.ForeignKey(
        Treatment, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer_count = models.PositiveIntegerField()
    helpful_count = models.PositiveIntegerField()
    stances = ArrayField(models.CharField(max_length=10))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "treatment"], name="answers_treatmentthread_listed_once"
            )
        ]
        indexes = [
            models.Index(fields=["treatment", "-asked_at", "-thread"], name="answers_listed_newest"),
            models.Index(fields=["treatment", "-helpful_count", "-thread"], name="answers_listed_helpful"),
            models.Index(fields=["treatment", "-answer_count", "-thread"], name="answers_listed_discussed"),
            models.Index(
                fields=["treatment", "asked_at", "thread"],
                condition=Q(answer_count=0),
                name="answers_listed_waiting",
            ),
            *(
                models.Index(
                    fields=["treatment", "-asked_at", "-thread"],
                    condition=Q(stances__contains=[stance]),
                    name=f"answers_listed_{stance}",
                )
                for stance in Stance.values
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id}: {self.thread_id}"


class Word(models.Model):
    """A word of the public threads: how much it says of a text, and what a misspelt one may have meant.

    A read model, kept by :mod:`answers.threads`. ``threads`` is counted in a sample of bounded size; the
    empty word stands for the sample itself.
    """

    word = models.CharField(max_length=40, primary_key=True)
    stem = models.CharField(max_length=40)
    threads = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["stem"], name="answers_word_of_stem"),
            models.Index(Left("word", 1), Length("word"), name="answers_word_near_in_spelling"),
        ]

    def __str__(self) -> str:
        return self.word
