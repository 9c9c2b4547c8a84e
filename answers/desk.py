"""Reading a doctor's desk: what waits, what is being written, and what has become of what was sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
)
from django.utils import timezone

from answers.coverage import FEWEST, Median, in_words
from answers.freshness import with_freshness
from answers.models import (
    STOOD_AT,
    Answer,
    AnswerDraft,
    AnswerQuerySet,
    AnswerRevision,
    FactAsked,
    SecondOpinion,
    Thread,
)
from answers.selectors import notice_rows, notices_of
from core.claims import claim
from core.enums import State
from core.models import Claim
from treatments.models import SafetyNotice

if TYPE_CHECKING:
    from accounts.models import User
    from doctors.models import Doctor
    from questions.models import Question

DUE_ROWS = 100
BACK = (State.DRAFT, State.REJECTED, State.REMOVED)


def waiting_threads(doctor: Doctor, *, scope: str = "") -> QuerySet[Thread]:
    """Unanswered questions within the doctor's specialty; without one, all of them.

    ``scope``: ``all`` treatments, or ``beside`` threads in which the doctor has answered.
    """
    threads = Thread.objects.public().for_display().unanswered().exclude(question__answers__doctor=doctor)
    if scope == "beside":
        return threads.filter(
            question__variant_of__in=Answer.objects.public().filter(doctor=doctor).values("question")
        )
    if scope != "all" and doctor.specialty is not None:
        within = doctor.specialty.in_scope.values("pk")
        threads = threads.filter(
            Q(question__treatment__in=within) | Q(question__treatment__parent__in=within)
        )
    return threads


def with_company(threads: Iterable[Thread], *, doctor: Doctor) -> None:
    """Which of them a colleague is answering and until when, and which this doctor has begun. Two queries."""
    rows = {thread.pk: thread for thread in threads}
    taken = Claim.objects.active().filter(object_type=Thread._meta.label_lower, object_id__in=list(rows))
    for one in taken.exclude(by=doctor.user_id):
        rows[one.object_id].taken_until = one.until
    begun = AnswerDraft.objects.filter(doctor=doctor, question__in=list(rows))
    for pk in begun.values_list("question", flat=True):
        rows[pk].is_begun = True


def keeps_open(question: Question, *, by: User) -> Claim | None:
    """This doctor is answering, for a quarter of an hour from now; the claim of a colleague who came first stays."""
    return claim(Thread(pk=question.pk), by=by)


def drafts_by(doctor: Doctor) -> QuerySet[AnswerDraft]:
    return AnswerDraft.objects.filter(doctor=doctor).select_related("question")


def own_answers(doctor: Doctor, *, show: str) -> QuerySet[Answer]:
    """The doctor's own answers of one tab, each with its waiting edits."""
    edits = AnswerRevision.objects.to_tell()
    rows = _sorted_out(doctor).filter(**{f"is_{show}": True}).select_related("question", "doctor")
    return rows.prefetch_related(Prefetch("revisions", queryset=edits, to_attr="waiting_edits")).defer(
        "body", "body_html", "question__body", "question__body_html"
    )


def _sorted_out(doctor: Doctor) -> QuerySet[Answer]:
    """Which tabs an answer belongs to: an edit of a published one may be in another."""
    edits = AnswerRevision.objects.filter(answer=OuterRef("pk"))
    waits = Exists(edits.filter(state=State.PENDING))
    came_back = Exists(edits.to_tell().exclude(state=State.PENDING))
    return Answer.objects.filter(doctor=doctor).annotate(
        is_review=ExpressionWrapper(Q(state=State.PENDING) | Q(waits), BooleanField()),
        is_back=ExpressionWrapper(Q(state__in=BACK) | Q(came_back), BooleanField()),
        is_published=ExpressionWrapper(Q(state=State.PUBLISHED), BooleanField()),
        is_withdrawn=ExpressionWrapper(Q(state=State.WITHDRAWN), BooleanField()),
    )


def counts_of(doctor: Doctor) -> dict[str, int]:
    """How many things each tab holds, where counting is cheap. Four queries."""
    tabs = ("review", "back", "published", "withdrawn")
    counted = {show: Count("pk", filter=Q(**{f"is_{show}": True})) for show in tabs}
    return {
        **_sorted_out(doctor).aggregate(**counted),
        "drafts": AnswerDraft.objects.filter(doctor=doctor).count(),
        "opinions": SecondOpinion.objects.filter(doctor=doctor).count(),
        "facts": FactAsked.objects.filter(doctor=doctor).count(),
    }


@dataclass(frozen=True)
class Numbers:
    """What a doctor's public answers came to. ``read``: how often their threads were; ``to_answer``: a median in words.

    That is empty where too few tell.
    """

    answers: int
    helpful: int
    read: int
    to_answer: str


def numbers_of(doctor: Doctor) -> Numbers:
    """One query. Imported answers and questions without a date tell no time."""
    is_measured = Q(
        is_dated=True, is_imported=False, question__is_dated=True, answered_at__gte=F("question__asked_at")
    )
    wait = ExpressionWrapper(F("answered_at") - F("question__asked_at"), DurationField())
    row = (
        Answer.objects.public()
        .filter(doctor=doctor)
        .aggregate(
            answers=Count("pk"),
            helpful=Sum("helpful_count", default=0),
            read=Sum("question__readership__times", default=0),
            measured=Count("pk", filter=is_measured),
            to_answer=Median(wait, filter=is_measured, output_field=DurationField()),
        )
    )
    to_answer = in_words(row["to_answer"]) if row["measured"] >= FEWEST else ""
    return Numbers(row["answers"], row["helpful"], row["read"], to_answer)


def due_answers(doctor: Doctor) -> list[Answer]:
    """The doctor's public answers that want a confirmation, longest due first, with ``freshness``. One query."""
    own = Answer.objects.public().filter(doctor=doctor).select_related("question__treatment")
    rows = _perhaps_due(own.annotate(notice_rows=notice_rows("question__treatment")))
    rows = rows.defer("body", "body_html", "question__body", "question__body_html")
    answers = list(rows.order_by(F("due_at").asc(nulls_first=True), "pk")[:DUE_ROWS])
    for answer in answers:
        answer.doctor = doctor
        with_freshness([answer], treatment=answer.question.treatment, notices=notices_of(answer))
    return [answer for answer in answers if answer.freshness and answer.freshness.wants_confirmation]


def _perhaps_due(answers: AnswerQuerySet) -> AnswerQuerySet:
    """Without those that are certainly current; the rules themselves stand in :mod:`answers.freshness`."""
    interval = Func(
        F("question__treatment__review_interval_months"),
        template="make_interval(months => %(expressions)s)",
        output_field=DurationField(),
    )
    due_at = ExpressionWrapper(F("stood") + interval, output_field=DateTimeField())
    later = SafetyNotice.objects.current().for_treatment(OuterRef("question__treatment"))
    return (
        answers.annotate(stood=STOOD_AT)
        .annotate(due_at=due_at)
        .filter(
            Q(stood=None)
            | Q(due_at__lt=timezone.now() + timedelta(days=1))
            | Exists(later.filter(issued_on__gt=OuterRef("stood")))
        )
    )


def given_opinions(doctor: Doctor) -> QuerySet[SecondOpinion]:
    """What the doctor has said of others' answers, in every state; ``is_open``: of a public one."""
    is_open = Exists(Answer.objects.public().filter(pk=OuterRef("answer")))
    given = SecondOpinion.objects.filter(doctor=doctor).annotate(is_open=is_open)
    given = given.select_related("answer__question", "answer__doctor")
    return given.defer("answer__body", "answer__body_html")


def asked_facts(doctor: Doctor) -> QuerySet[FactAsked]:
    """What the doctor has asked askers, in every state, and what was said to it."""
    asked = FactAsked.objects.filter(doctor=doctor).select_related("question", "doctor", "given")
    return asked.defer("question__body", "question__body_html")
