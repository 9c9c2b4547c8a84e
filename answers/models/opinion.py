"""What other doctors say of an answer: co-signatures and disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from answers.enums import OpinionKind, Reason, Stance
from answers.models.answer import SUMMARY_LENGTH, Answer, current_number
from core.enums import State
from core.models import Moderated, ModeratedQuerySet, queue_index
from doctors.models import Doctor, verified_today

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class SecondOpinionQuerySet(ModeratedQuerySet):
    # Beside a public answer, by a doctor whose profile may be shown.
    PUBLIC: ClassVar[Q] = Q(
        state=State.PUBLISHED,
        answer__state=State.PUBLISHED,
        answer__question__state=State.PUBLISHED,
        answer__question__duplicate_of__isnull=True,
        answer__doctor__state=State.PUBLISHED,
        doctor__state=State.PUBLISHED,
    )

    def counted(self) -> Self:
        """Public positions of doctors verified today."""
        return self.public().filter(verified_today("doctor__"))

    def held(self) -> Self:
        """Those that count in their thread: once per doctor, the latest, and none of who answered there too."""
        same_thread = {"question": OuterRef("answer__question"), "doctor": OuterRef("doctor")}
        same = {"answer__question": OuterRef("answer__question"), "doctor": OuterRef("doctor")}
        later = Q(published_at__gt=OuterRef("published_at")) | Q(
            published_at=OuterRef("published_at"), pk__gt=OuterRef("pk")
        )
        return self.counted().exclude(
            Exists(Answer.objects.counted().filter(**same_thread))
            | Exists(SecondOpinion.objects.counted().filter(later, **same))
        )

    def for_display(self) -> Self:
        """With everything its line prints, in one query."""
        return self.select_related("doctor__specialty").annotate(current_number=current_number("answer"))


class SecondOpinion(Moderated):
    """Another doctor's word on an answer: a co-signature, or a dispute with its reason.

    It holds a position of its own, the one the doctor agreed to or took instead, so that a later edit of the
    answer never moves anybody who did not say so.
    """

    AUTHOR_PATH: ClassVar[str] = "doctor__user"

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="second_opinions")
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="second_opinions")
    kind = models.CharField(max_length=7, choices=OpinionKind.choices)
    stance = models.CharField(max_length=10, choices=Stance.choices)
    reason = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=SUMMARY_LENGTH, blank=True)
    about_number = models.PositiveIntegerField(
        default=1, editable=False, help_text="The version of the answer it is about"
    )
    author_snapshot = models.JSONField(default=dict, blank=True, editable=False)

    objects = SecondOpinionQuerySet.as_manager()  # type: ignore[misc]

    # The version of the answer that readers see; for_display() knows.
    current_number = 1

    class Meta(Moderated.Meta):
        ordering = ["answer", "id"]
        indexes = [
            queue_index("answers_opinion_waiting"),
            models.Index(fields=["doctor", "-id"], name="answers_secondopinion_of"),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["answer", "doctor"],
                name="answers_secondopinion_one_per_doctor",
                violation_error_message="You have said what you think of this answer already.",
            ),
            models.CheckConstraint(
                condition=Q(kind=OpinionKind.COSIGN) | (~Q(reason="") & ~Q(note="")),
                name="answers_secondopinion_dispute_has_a_reason",
                violation_error_message="A dispute needs a reason and a sentence.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OpinionKind.values) & Q(stance__in=Stance.values),
                name="answers_secondopinion_takes_a_position",
            ),
        ]

    def __str__(self) -> str:
        return self.note or f"{self.get_kind_display()} by {self.doctor.name}"

    def get_absolute_url(self) -> str:
        return self.permalink

    @property
    def permalink(self) -> str:
        """Leads to its line, on whichever page of the thread that stands."""
        return f"{self.answer.permalink}?opinion={self.pk}"

    @property
    def link(self) -> str:
        """Its place on the page being drawn, or the address that leads to it."""
        return f"#opinion-{self.pk}" if self.answer.is_shown else self.permalink

    @property
    def is_about_earlier_version(self) -> bool:
        return self.about_number < self.current_number

    def party_ids(self) -> set[int | None]:
        """The doctor whose answer is co-signed or disputed."""
        return {self.answer.doctor.user_id}

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """It keeps its author's credentials and the date of the words that have just become public.

        Other than an answer it keeps no versions: given again after a withdrawal, it is a new statement.
        """
        if self.state == State.PUBLISHED and before == State.PENDING:
            self.author_snapshot, self.published_at = self.doctor.snapshot(), at
            self.save(update_fields=["author_snapshot", "published_at"])
