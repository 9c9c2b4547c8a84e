"""One fact that a doctor misses before answering: asked of the patient, and given or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.enums import State
from core.models import Moderated, ModeratedQuerySet, queue_index
from doctors.models import Doctor
from questions.models import Question

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

ASKED_LENGTH, GIVEN_LENGTH = 300, 1000
# What a thread shows at most, and what one doctor may ask of one question at most, one after the other.
FACTS_OF_A_QUESTION, FACTS_OF_A_DOCTOR = 6, 3

# Of what is asked: over without an answer. Of what is given: said, taken back or refused for good.
OVER = (State.WITHDRAWN, State.REJECTED, State.REMOVED)
SETTLED = (State.PUBLISHED, *OVER)


class FactAskedQuerySet(ModeratedQuerySet):
    # Under a public question, by a doctor whose profile may be shown.
    PUBLIC: ClassVar[Q] = Q(
        state=State.PUBLISHED,
        question__state=State.PUBLISHED,
        question__duplicate_of__isnull=True,
        doctor__state=State.PUBLISHED,
    )

    def open(self) -> Self:
        """Those that still wait for a moderator or for the asker."""
        return self.filter(closed_at=None)

    def counted(self) -> Self:
        """What takes up one of the few places: public once, or in work."""
        in_work = Q(state__in=[State.DRAFT, State.PENDING, State.PUBLISHED])
        return self.filter(in_work | Q(published_at__isnull=False))


class FactAsked(Moderated):
    """What a doctor asks the asker of a question. ``closed_at``: since when nothing more is waited for."""

    AUTHOR_PATH: ClassVar[str] = "doctor__user"

    question = models.ForeignKey(Question, models.CASCADE, related_name="facts_asked")
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="facts_asked")
    text = models.CharField("what is asked", max_length=ASKED_LENGTH)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FactAskedQuerySet.as_manager()  # type: ignore[misc]

    # What readers see of what was given; answers.asked.facts_of() sets it.
    reply: FactGiven | None = None
    # What its asker, or its doctor, may know of it beside; the views set these.
    said: FactGiven | None = None
    can_withdraw = False

    class Meta(Moderated.Meta):
        verbose_name = "question to the asker"
        verbose_name_plural = "questions to askers"
        ordering = ["question", "id"]
        indexes = [
            queue_index("answers_factasked_waiting"),
            models.Index(fields=["doctor", "-id"], name="answers_factasked_of"),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["question", "doctor"],
                condition=Q(closed_at__isnull=True),
                name="answers_factasked_one_open_per_doctor",
                violation_error_message="You have asked this person something already; wait for the answer.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="answers_factasked_says_something",
                violation_error_message="Write what you would like to know.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#fact-{self.pk}"

    @property
    def is_public(self) -> bool:
        """Of a row at hand what ``public()`` is of many."""
        return super().is_public and self.question.is_public and self.doctor.is_public

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the question, as everybody locks the two: nobody waits for anybody crosswise."""
        Question.locked(cls.objects.values_list("question", flat=True).get(pk=pk))
        return super().locked(pk)

    def party_ids(self) -> set[int | None]:
        """Whoever is asked."""
        return {self.question.author_id}

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """What is withdrawn or refused waits for nothing. Given back, it waits again, unless the doctor has gone on."""
        if self.state in OVER:
            self.closed_at = self.closed_at or at
        elif self.closed_at is not None and self._may_wait_again():
            self.closed_at = None
        self.save(update_fields=["closed_at"])

    def _may_wait_again(self) -> bool:
        others = FactAsked.objects.open().filter(question=self.question_id, doctor=self.doctor_id)
        given = FactGiven.objects.filter(asked=self.pk, state__in=SETTLED)
        return not others.exclude(pk=self.pk).exists() and not given.exists()


class FactGivenQuerySet(ModeratedQuerySet):
    # Beside a public question of a doctor's.
    PUBLIC: ClassVar[Q] = Q(
        state=State.PUBLISHED,
        asked__state=State.PUBLISHED,
        asked__question__state=State.PUBLISHED,
        asked__question__duplicate_of__isnull=True,
        asked__doctor__state=State.PUBLISHED,
    )


class FactGiven(Moderated):
    """What the asker says to it. Whoever would rather not say has a withdrawn row without a word."""

    AUTHOR_PATH: ClassVar[str] = "asked__question__author"

    asked = models.OneToOneField(FactAsked, models.CASCADE, related_name="given")
    text = models.CharField("what is given", max_length=GIVEN_LENGTH, blank=True)

    objects = FactGivenQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        verbose_name = "reply to a doctor"
        verbose_name_plural = "replies to doctors"
        ordering = ["id"]
        indexes = [queue_index("answers_factgiven_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text="") | Q(state__in=[State.DRAFT, State.WITHDRAWN]),
                name="answers_factgiven_says_something",
                violation_error_message="Write something, or say that you would rather not say.",
            ),
        ]

    def __str__(self) -> str:
        return self.text or "Would rather not say"

    def get_absolute_url(self) -> str:
        return self.asked.get_absolute_url()

    @property
    def own_url(self) -> str:
        """Where its author reads and changes it."""
        return reverse("answers:give-fact", args=[self.asked_id])

    @property
    def wording(self) -> str:
        """All that was written, for the rules that look for words."""
        return self.text

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After what was asked, as everybody locks the two."""
        FactAsked.locked(cls.objects.values_list("asked", flat=True).get(pk=pk))
        return super().locked(pk)

    def party_ids(self) -> set[int | None]:
        """The doctor who asked."""
        return {self.asked.doctor.user_id}

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """It has the day of the words that have just become public; once it is settled nobody waits for it."""
        if self.state == State.PUBLISHED and before == State.PENDING:
            self.published_at = at
            self.save(update_fields=["published_at"])
        if self.state in SETTLED:
            FactAsked.objects.open().filter(pk=self.asked_id).update(closed_at=at)
