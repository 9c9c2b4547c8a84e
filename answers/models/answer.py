"""Where a question meets a doctor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from answers.enums import CitationKind, Confidence, OpinionKind, Reason, Stance
from answers.validators import validate_citations
from core.enums import BodyFormat, State
from core.models import Moderated, ModeratedQuerySet, Versioned, queue_index
from core.text import render
from doctors.models import Doctor, Specialty, verified_today
from questions.models import Question

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from answers.freshness import Freshness
    from answers.models.opinion import SecondOpinion

SUMMARY_LENGTH = 200
CITATION_ADDRESS = {
    CitationKind.PMID: "https://pubmed.ncbi.nlm.nih.gov/{}/",
    CitationKind.DOI: "https://doi.org/{}",
    CitationKind.LINK: "{}",
}

# When its author last stood by an answer, as far as anybody knows; Answer.stood_at in SQL.
STOOD_AT = Coalesce("confirmed_at", Case(When(is_dated=True, then="answered_at")))


def current_number(path: str) -> Coalesce:
    """The number of the version of an answer that readers see; what was stored without one is its first.

    A version taken out of the history stays the one readers see until the next is published.
    """
    return Coalesce(Subquery(_kept(path).values("number")[:1]), Value(1))


def _kept(path: str) -> models.QuerySet[AnswerRevision]:
    """The versions that were public, the latest first."""
    kept = AnswerRevision.objects.filter(answer=OuterRef(path), published_at__isnull=False)
    return kept.order_by("-number")


class AnswerText(models.Model):
    """What the doctor wrote and an edit may change."""

    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    reason = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence.choices, blank=True)
    summary = models.CharField(max_length=SUMMARY_LENGTH, blank=True)
    body = models.TextField()
    body_format = models.CharField(max_length=8, choices=BodyFormat.choices, default=BodyFormat.MARKDOWN)
    body_html = models.TextField(blank=True, editable=False)
    citations = models.JSONField(default=list, blank=True, validators=[validate_citations])
    conflict_of_interest = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    def render(self) -> None:
        """Bring the stored HTML in line with the source; called wherever the source is written."""
        self.body_html = render(self.body, self.body_format)

    @property
    def citation_links(self) -> list[dict[str, str | None]]:
        """Each citation as ``{"kind", "label", "url"}``; labels and guidelines are named, not linked."""
        links = []
        for citation in self.citations:
            kind = CitationKind(citation["kind"])
            address = CITATION_ADDRESS.get(kind)
            links.append(
                {
                    "kind": kind.label,
                    "label": citation.get("title") or citation["value"],
                    "value": citation["value"],
                    "url": address.format(citation["value"]) if address else None,
                }
            )
        return links


class AnswerQuerySet(ModeratedQuerySet):
    # Under a public question, by a doctor whose profile may be shown.
    PUBLIC: ClassVar[Q] = Q(
        state=State.PUBLISHED,
        question__state=State.PUBLISHED,
        question__duplicate_of__isnull=True,
        doctor__state=State.PUBLISHED,
    )

    def counted(self) -> Self:
        """Public positions of doctors verified today: what the bar counts."""
        return self.public().filter(verified_today("doctor__")).exclude(stance="")

    def for_display(self) -> Self:
        """With everything an answer card prints, in one query; also which version it is, and of when."""
        scoped = Specialty.in_scope.through.objects.filter(specialty=OuterRef("doctor__specialty"))
        # Nothing is said of the day of a version that a moderator took out of the history.
        day = Case(When(state=State.PUBLISHED, then="published_at"))
        return self.select_related("doctor__specialty", "accepted").annotate(
            scope_exists=Exists(
                scoped.filter(
                    Q(treatment=OuterRef("question__treatment"))
                    | Q(treatment=OuterRef("question__treatment__parent"))
                )
            ),
            version_number=current_number("pk"),
            version_at=Subquery(_kept("pk").values(day=day)[:1]),
        )


class Answer(AnswerText, Versioned):
    AUTHOR_PATH: ClassVar[str] = "doctor__user"
    TEXT_FIELDS: ClassVar[tuple[str, ...]] = (
        "stance",
        "reason",
        "confidence",
        "summary",
        "body",
        "body_format",
        "body_html",
        "citations",
        "conflict_of_interest",
        "author_snapshot",
    )

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="answers")
    author_snapshot = models.JSONField(default=dict, blank=True, editable=False)
    answered_at = models.DateTimeField(default=timezone.now, editable=False)
    is_dated = models.BooleanField(
        default=True,
        editable=False,
        help_text="Unset where an import did not say when; the date is then a guess",
    )
    confirmed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When its author last stood by it: at publication, at each approved edit, when asked again",
    )
    helpful_count = models.PositiveIntegerField(default=0, editable=False)
    is_imported = models.BooleanField(default=False, editable=False)

    objects = AnswerQuerySet.as_manager()  # type: ignore[misc]

    # What the viewer of a thread may do with it; the view sets these for signed-in people.
    voted = can_vote = can_edit = can_withdraw = can_confirm = can_second = False
    # What other doctors publicly say of it, and what the viewer says in any state; opinions_of() sets them.
    opinions: Sequence[SecondOpinion] = ()
    own_opinion: SecondOpinion | None = None
    # Whether it stands on the page that is being drawn.
    is_shown = False
    # Whether the author's specialty lists the treatment; for_display() and the preview know.
    scope_exists = False
    # The version that readers see, and since when if it has a place in the history; for_display() knows.
    version_number: int | None = None
    version_at: datetime | None = None
    # How current it is; answers.freshness sets this of published answers.
    freshness: Freshness | None = None

    class Meta(Moderated.Meta):
        ordering = ["question", "id"]
        indexes = [
            queue_index("answers_answer_waiting"),
            models.Index(fields=["doctor", "-id"], name="answers_answer_of_doctor"),
            models.Index(
                fields=["doctor", "-published_at", "-id"],
                condition=Q(state=State.PUBLISHED),
                name="answers_answer_newest_of",
            ),
            models.Index(
                fields=["doctor", "-published_at", "-id"],
                condition=Q(state=State.PUBLISHED) & ~Q(conflict_of_interest=""),
                name="answers_answer_with_interest",
            ),
        ]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(
                fields=["question", "doctor"],
                name="answers_answer_one_per_doctor",
                violation_error_message="You have answered this question already; edit that answer.",
            ),
            models.CheckConstraint(
                condition=Q(is_imported=True) | (Q(stance__in=Stance.values) & ~Q(summary="")),
                name="answers_answer_takes_a_position",
                violation_error_message="An answer needs a stance and a summary.",
            ),
            models.CheckConstraint(
                condition=~Q(stance=Stance.AGAINST) | ~Q(reason="") | Q(is_imported=True),
                name="answers_answer_against_has_a_reason",
                violation_error_message="Advising against something needs a reason.",
            ),
            models.CheckConstraint(
                condition=Q(stance__in=["", *Stance.values]), name="answers_answer_stance_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.summary or f"Answer by {self.doctor.name}"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#answer-{self.pk}"

    @property
    def permalink(self) -> str:
        return reverse("answers:answer", args=[self.pk])

    @property
    def snapshot_checked_on(self) -> date | None:
        """The day on which the author's credentials had been checked when this was published."""
        checked_on = self.author_snapshot.get("checked_on")
        return date.fromisoformat(checked_on) if checked_on else None

    @property
    def stood_at(self) -> datetime | None:
        """When its author last stood by it, as far as anybody knows."""
        return self.confirmed_at or (self.answered_at if self.is_dated else None)

    @property
    def taken_at(self) -> datetime:
        """When its position was taken; where nobody knows, when it was published.

        Imports publish everything at one moment, and an edit leaves the day of publication as it is.
        """
        return self.stood_at or self.published_at or self.answered_at

    @property
    def practised_in(self) -> str:
        """The country on whose practice it rests: the author's at publication, else today's."""
        return self.author_snapshot.get("country") or self.doctor.country

    @property
    def link(self) -> str:
        """Its place on the page being drawn, or the address that leads to it."""
        return f"#answer-{self.pk}" if self.is_shown else self.permalink

    @property
    def cosigned(self) -> list[SecondOpinion]:
        """The co-signatures loaded with it."""
        return [opinion for opinion in self.opinions if opinion.kind == OpinionKind.COSIGN]

    @property
    def disputed(self) -> list[SecondOpinion]:
        """The disputes loaded with it."""
        return [opinion for opinion in self.opinions if opinion.kind == OpinionKind.DISPUTE]

    @property
    def is_accepted(self) -> bool:
        return hasattr(self, "accepted")

    @property
    def scope(self) -> str:
        """``in`` or ``out`` of the doctor's specialty, ``unknown`` where either side is missing."""
        if self.doctor.specialty_id is None or self.question.treatment_id is None:
            return "unknown"
        return "in" if self.scope_exists else "out"

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """At publication the answer keeps its author's credentials of that moment, and its text as a version."""
        if self.state == State.PUBLISHED:
            if before == State.PENDING:
                self.author_snapshot, self.confirmed_at = self.doctor.snapshot(), at
                self.save(update_fields=["author_snapshot", "confirmed_at"])
            self.keep_version(at)
        elif before == State.PUBLISHED and self.state == State.PENDING:
            self.unkeep_version()


class AnswerRevision(AnswerText, Moderated):
    """A version of a published answer: those that were public, and at most one that waits."""

    AUTHOR_PATH: ClassVar[str] = "answer__doctor__user"

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    author_snapshot = models.JSONField(default=dict, blank=True, editable=False)

    class Meta(Moderated.Meta):
        verbose_name = "edit of an answer"
        verbose_name_plural = "edits of answers"
        ordering = ["answer", "number"]
        indexes = [queue_index("answers_revision_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint(fields=["answer", "number"], name="answers_answerrevision_numbered"),
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(state__in=[State.PENDING, State.DRAFT]),
                name="answers_answerrevision_one_at_a_time",
                violation_error_message="An edit of this answer is waiting already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.summary} (version {self.number})"

    def get_absolute_url(self) -> str:
        return self.answer.get_absolute_url()

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the answer, as everybody locks the two: nobody waits for anybody crosswise."""
        Answer.locked(cls.objects.values_list("answer", flat=True).get(pk=pk))
        return super().locked(pk)

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """The approved text becomes the answer's, with the credentials of this moment."""
        if self.state != State.PUBLISHED or before != State.PENDING:
            return  # a version restored to the history is no new text
        answer = Answer.locked(self.answer_id)
        self.author_snapshot = answer.doctor.snapshot()
        self.save(update_fields=["author_snapshot"])
        answer.take_over(self, confirmed_at=at)


class AcceptedAnswer(models.Model):
    """The answer that settled it for the asker."""

    question = models.OneToOneField(Question, models.CASCADE, related_name="accepted")
    answer = models.OneToOneField(Answer, models.CASCADE, related_name="accepted")
    accepted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.question_id} settled by {self.answer_id}"


class HelpfulVote(models.Model):
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="helpful_votes")
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "user"], name="answers_helpfulvote_one_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} found {self.answer_id} helpful"


class ImportedAnswer(models.Model):
    """The name an answer had where it came from; several may have become one answer here."""

    external_id = models.CharField(max_length=200, unique=True)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="imported_as")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.external_id
