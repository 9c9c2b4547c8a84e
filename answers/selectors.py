"""Reading threads: each function a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import (
    Case,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import JSONObject

from answers.asked import fact_rows
from answers.consensus import with_own_bars
from answers.models import (
    Answer,
    AnswerQuerySet,
    Outcome,
    SecondOpinion,
    SecondOpinionQuerySet,
    Thread,
    UseCount,
    UseThread,
)
from core.enums import State
from doctors.models import Doctor
from questions.models import Question
from questions.selectors import photo_rows
from treatments.models import LabelStatus, SafetyNotice, Source
from treatments.terms import terms_version

if TYPE_CHECKING:
    from core.models import Viewer
    from treatments.models import Treatment

SIMILAR = 4
DOCTORS_BESIDE = 4
VARIANTS = 20
# Threads of a treatment whose words are compared with a title: the most helpful, so that it costs the same for all.
COMPARED = 100
QUERY_WORDS = 60


def thread_question(pk: int, *, viewer: Viewer) -> Question | None:
    """The question of a thread with all that stands around its answers, in one query; see :func:`in_full`.

    ``outcome_rows`` is what its asker did in the end, as :func:`outcome_of` reads it; ``fact_rows`` what doctors
    asked of them and what they gave, as :func:`answers.asked.facts_of` reads it; ``photo_rows`` the pictures, as
    :func:`questions.selectors.photos_of` reads them.
    """
    said = Outcome.objects.filter(question=OuterRef("pk")).exclude(decision="").order_by("-after_days")
    questions = in_full(Question.objects.visible_to(viewer))
    known = questions.annotate(
        outcome_rows=_rows(said[:1], "decision", "said_at"), fact_rows=fact_rows(), photo_rows=photo_rows()
    )
    return known.filter(pk=pk).first()


def in_full(questions: QuerySet[Question]) -> QuerySet[Question]:
    """The same questions with all that stands around their answers.

    ``label_rows`` (of its use), ``notice_rows`` (of its treatment, in force) and ``variant_rows`` (public threads
    like it) and ``duplicate_rows`` (titles that lead to it) come as lists of JSON objects; :func:`labels_of` and
    its like make rows of them.
    """
    labels = LabelStatus.objects.filter(use=OuterRef("use")).order_by("jurisdiction")
    variants = Question.objects.public().filter(variant_of=OuterRef("pk")).order_by("asked_at", "pk")
    duplicates = Question.objects.duplicates().filter(duplicate_of=OuterRef("pk")).order_by("asked_at", "pk")
    return questions.select_related(
        "treatment__parent__parent__emergency_source",
        "treatment__parent__emergency_source",
        "treatment__emergency_source",
        "use",
        "author",
        "duplicate_of",
        "variant_of",
    ).annotate(
        label_rows=_rows(
            labels, "jurisdiction", "status", "note", "checked_on", "source__title", "source__dated"
        ),
        notice_rows=notice_rows("treatment"),
        variant_rows=_rows(variants[:VARIANTS], "id", "slug", "title", "difference"),
        duplicate_rows=_rows(duplicates[:VARIANTS], "title"),
        terms_version=terms_version(),
    )


def _rows(queryset: QuerySet, *names: str) -> ArraySubquery:
    """The rows of a subquery as JSON objects of these fields, in their order."""
    return ArraySubquery(queryset.values(row=JSONObject(**{name: name for name in names})))


def notice_rows(path: str) -> ArraySubquery:
    """The notices in force on the treatment at the end of ``path``, and on its families."""
    notices = SafetyNotice.objects.current().for_treatment(OuterRef(path)).distinct()
    names = ("id", "product", "text", "issued_on", "source__title", "source__dated", "source__url")
    return _rows(notices, *names, "source__publisher")


def outcome_of(question: Question) -> Outcome | None:
    """What :func:`thread_question` loaded of what the asker did in the end."""
    for row in question.outcome_rows:  # type: ignore[attr-defined]
        return Outcome(decision=row["decision"], said_at=datetime.fromisoformat(row["said_at"]))
    return None


def labels_of(question: Question) -> list[LabelStatus]:
    """The labels that :func:`thread_question` loaded with the question."""
    return [
        LabelStatus(
            jurisdiction=row["jurisdiction"],
            status=row["status"],
            note=row["note"],
            checked_on=row["checked_on"] and date.fromisoformat(row["checked_on"]),
            source=Source(title=row["source__title"], dated=row["source__dated"]),
        )
        for row in question.label_rows  # type: ignore[attr-defined]
    ]


def notices_of(row: Question | Answer) -> list[SafetyNotice]:
    """The safety notices that :func:`thread_question` or :func:`due_answers` loaded with it, latest first."""
    notices = [
        SafetyNotice(
            pk=found["id"],
            product=found["product"],
            text=found["text"],
            issued_on=date.fromisoformat(found["issued_on"]),
            source=Source(
                title=found["source__title"],
                dated=found["source__dated"],
                url=found["source__url"],
                publisher=found["source__publisher"],
            ),
        )
        for found in row.notice_rows  # type: ignore[union-attr]
    ]
    return sorted(notices, key=lambda notice: notice.issued_on, reverse=True)


def variants_of(question: Question) -> list[Question]:
    """Public threads that are this one in another case, as :func:`thread_question` loaded them."""
    return [
        Question(pk=row["id"], slug=row["slug"], title=row["title"], difference=row["difference"])
        for row in question.variant_rows  # type: ignore[attr-defined]
    ]


def kin_of(question: Question) -> dict[str, Any]:
    """The threads beside this one, all loaded with it: its canonical thread, its variants, its other titles."""
    canonical = question.variant_of
    return {
        "canonical": canonical if canonical and canonical.is_public else None,
        "variants": variants_of(question),
        "also_asked": [row["title"] for row in question.duplicate_rows],  # type: ignore[attr-defined]
    }


def canonical_of(**where: Any) -> Question | None:
    """The public thread that a published duplicate leads to; ``where`` tells which duplicate. One query."""
    found = {f"duplicates__{path}": value for path, value in where.items()}
    return Question.objects.public().filter(**found, duplicates__state=State.PUBLISHED).first()


def answers_of(question: Question, *, viewer: Viewer) -> list[Answer]:
    """The public answers and the viewer's own, without their texts. One query."""
    answers = Answer.objects.filter(question=question)
    visible = Q(pk__in=Answer.objects.public().filter(question=question).values("pk"))
    if viewer.is_authenticated:
        visible |= Q(doctor__user=viewer)
    loaded = list(answers.filter(visible).for_display().defer("body", "body_html"))
    for answer in loaded:
        answer.question = question
    return loaded


def opinions_of(answers: list[Answer], *, viewer: Viewer | None = None) -> list[SecondOpinion]:
    """The public second opinions on these answers, put to each of them too, and the viewer's own. One query."""
    by_key = {answer.pk: answer for answer in answers}
    visible = SecondOpinionQuerySet.PUBLIC
    if viewer is not None and viewer.is_authenticated:
        visible |= Q(doctor__user=viewer)
    given = SecondOpinion.objects.filter(visible, answer__in=list(by_key))
    public = []
    for opinion in given.for_display().order_by("pk"):
        opinion.answer = answer = by_key[opinion.answer_id]
        if viewer is not None and opinion.doctor.user_id == viewer.pk:
            answer.own_opinion = opinion
        if answer.is_public and opinion.is_public and opinion.doctor.is_public:
            answer.opinions = [*answer.opinions, opinion]
            public.append(opinion)
    return public


def bodies_of(answers: list[Answer]) -> None:
    """Load the rendered texts of the answers shown, in one query."""
    bodies = dict(Answer.objects.filter(pk__in=[a.pk for a in answers]).values_list("pk", "body_html"))
    for answer in answers:
        answer.body_html = bodies[answer.pk]


def public_answers_by(doctor: Doctor) -> AnswerQuerySet:
    """A doctor's public answers as rows of a list, without their texts."""
    return (
        Answer.objects.public()
        .filter(doctor=doctor)
        .select_related("question__treatment")
        .defer("body", "body_html", "question__body", "question__body_html")
    )


def similar_threads(question: Question) -> list[Thread]:
    """Other public threads of the same use, then of the same treatment, each with its bar. One query.

    Those that share words with the title, then the most helpful come first. Each has ``doctor_rows``, who
    answered it, for :func:`doctors_beside`.
    """
    if question.treatment_id is None:
        return []
    same_use = Case(When(question__use=question.use_id, then=0), default=1)
    others = (
        Thread.objects.public()
        .for_display()
        .filter(question__treatment=question.treatment_id)
        .exclude(pk=question.pk)
    )
    nearest = others.order_by(same_use, "-helpful_count", "-pk")
    if query := _any_word_of(question.title):
        nearest = others.filter(pk__in=nearest.values("pk")[:COMPARED]).order_by(
            same_use, SearchRank("words", query).desc(), "-helpful_count", "-pk"
        )
    answered = Answer.objects.counted().filter(question=OuterRef("pk")).order_by("-helpful_count", "pk")
    rows = _rows(answered[:DOCTORS_BESIDE], "doctor_id", "doctor__name", "doctor__title", "doctor__slug")
    return with_own_bars(list(with_positions(nearest).annotate(doctor_rows=rows)[:SIMILAR]))


def doctors_beside(question: Question, answers: Iterable[Answer], similar: Iterable[Thread]) -> list[Doctor]:
    """Verified doctors who answered similar threads about the same use, and not this one. No query.

    ``similar`` are those of :func:`similar_threads`. Where the thread is about no use, the treatment counts.
    """
    here = {answer.doctor_id for answer in answers}
    found = {
        row["doctor_id"]: Doctor(
            pk=row["doctor_id"],
            name=row["doctor__name"],
            title=row["doctor__title"],
            slug=row["doctor__slug"],
        )
        for thread in similar
        if question.use_id in (None, thread.question.use_id)
        for row in thread.doctor_rows  # type: ignore[attr-defined]
        if row["doctor_id"] not in here
    }
    return list(found.values())[:DOCTORS_BESIDE]


def with_positions(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """The same threads with the stances that count in each, for :func:`answers.consensus.with_own_bars`."""
    answered = Answer.objects.counted().filter(question=OuterRef("pk")).values("stance")
    seconded = SecondOpinion.objects.held().filter(answer__question=OuterRef("pk")).values("stance")
    return threads.annotate(answered=ArraySubquery(answered), seconded=ArraySubquery(seconded))


def _any_word_of(text: str) -> SearchQuery | None:
    """What finds the longer words of a text; None for a text without any."""
    words = re.findall(r"[a-z]{4,}", text.lower())[:QUERY_WORDS]
    return (
        SearchQuery(" | ".join(dict.fromkeys(words)), search_type="raw", config="english") if words else None
    )


def use_activity(use_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """``{use id: {"threads", "last_activity_at"}}`` over public threads; uses without any are left out. One query."""
    latest = UseThread.objects.filter(use=OuterRef("use")).order_by("-last_activity_at")
    rows = UseCount.objects.filter(use__in=list(use_ids), threads__gt=0).annotate(
        last_activity_at=Subquery(latest.values("last_activity_at")[:1])
    )
    return {row["use"]: dict(row) for row in rows.values("use", "threads", "last_activity_at")}


def similar_to(text: str, *, treatment: Treatment) -> list[Thread]:
    """Answered threads of a treatment that share words with a question about to be asked. One query."""
    if (query := _any_word_of(text)) is None:
        return []
    return list(
        Thread.objects.public()
        .for_display()
        .for_treatment(treatment)
        .filter(answer_count__gt=0, words=query)
        .order_by(SearchRank("words", query).desc(), "-pk")[:SIMILAR]
    )
