"""Reading threads: each function a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, Count, Max, Prefetch, Q, When

from answers.models import Answer, AnswerQuerySet, AnswerRevision, Thread

if TYPE_CHECKING:
    from core.models import Viewer
    from doctors.models import Doctor
    from questions.models import Question
    from treatments.models import Treatment

SIMILAR = 5
# Threads of a treatment whose words are compared with a title: the most helpful, so that it costs the same for all.
COMPARED = 100
DESK_ROWS = 100
QUERY_WORDS = 60


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
    """Other public threads of the same use, then of the same treatment; those that share words with the title,
    then the most helpful come first. One query."""
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
    if (query := _any_word_of(question.title)) is None:
        return list(nearest[:SIMILAR])
    compared = others.filter(pk__in=nearest.values("pk")[:COMPARED])
    return list(
        compared.order_by(same_use, SearchRank("words", query).desc(), "-helpful_count", "-pk")[:SIMILAR]
    )


def _any_word_of(text: str) -> SearchQuery | None:
    """What finds the longer words of a text; None for a text without any."""
    words = re.findall(r"[a-z]{4,}", text.lower())[:QUERY_WORDS]
    return (
        SearchQuery(" | ".join(dict.fromkeys(words)), search_type="raw", config="english") if words else None
    )


def desk_threads(doctor: Doctor) -> list[Thread]:
    """Unanswered questions within the doctor's scope, waiting longest first; without a scope, all of them."""
    threads = Thread.objects.public().for_display().unanswered().exclude(question__answers__doctor=doctor)
    if doctor.specialty is not None:
        scope = doctor.specialty.in_scope.values("pk")
        within = Q(question__treatment__in=scope) | Q(question__treatment__parent__in=scope)
        threads = threads.filter(within)
    return list(threads.order_by("asked_at", "pk")[:DESK_ROWS])


def desk_answers(doctor: Doctor) -> list[Answer]:
    """The doctor's own answers in every state, latest first, each with its waiting edit if there is one."""
    answers: list[Answer] = list(
        Answer.objects.filter(doctor=doctor)
        .select_related("question")
        .prefetch_related(
            Prefetch("revisions", queryset=AnswerRevision.objects.in_work(), to_attr="waiting_edits")
        )
        .defer("body", "body_html")
        .order_by("-pk")[:DESK_ROWS]
    )
    for answer in answers:
        answer.doctor = doctor
    return answers


def use_activity(use_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """``{use id: {"threads", "last_activity_at"}}`` over public threads; uses without any are left out. One query."""
    rows = (
        Thread.objects.public()
        .filter(question__use__in=list(use_ids))
        .values("question__use")
        .annotate(threads=Count("pk"), last_activity_at=Max("last_activity_at"))
    )
    return {row["question__use"]: dict(row) for row in rows}


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
