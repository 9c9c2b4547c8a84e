"""Previews of threads and answers for the pages of lower floors, each one partial and a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from answers.consensus import bar_for_answers, bars_for_questions, with_bars, with_own_bars
from answers.coverage import Coverage, coverage_of, in_words
from answers.models import Answer, Thread, listed
from answers.selectors import opinions_of, similar_to, use_activity, with_positions
from answers.uses import bar_of_use, bars_for_uses, doctors_on_use, lines_on_use, reasons_on_use
from questions.models import Question
from treatments.models import Treatment, TreatmentUse

register = template.Library()
PREVIEW = 5
# Threads among which those that settled something are looked for.
COMPARED = 100
WAITING, NEWEST = 3, 6


@register.inclusion_tag("answers/_settled.html")
def settled_threads(treatment: Treatment) -> dict[str, Any]:
    """Those of the most helpful whose asker said that an answer settled it, then the others. Three queries."""
    threads = Thread.objects.public().for_display().listed_under(treatment, answer_count__gt=0)
    helpful = threads.order_by(*listed("-helpful_count", "-pk"))
    said = Answer.objects.public().filter(question=OuterRef("pk"), accepted__isnull=False).order_by()
    looked_at = helpful.annotate(settled_by=Subquery(said.values("pk")[:1]))[:COMPARED]
    chosen = sorted(looked_at.values_list("pk", "settled_by"), key=lambda row: row[1] is None)[:PREVIEW]
    order = {pk: place for place, (pk, _) in enumerate(chosen)}
    shown = Thread.objects.public().for_display().filter(pk__in=order)
    rows = sorted(shown, key=lambda thread: order[thread.pk])
    return {"treatment": treatment, "threads": with_bars(rows)}


@register.inclusion_tag("answers/_waiting.html")
def waiting_threads(treatment: Treatment) -> dict[str, Any]:
    """The questions of a treatment that wait longest. One query."""
    threads = Thread.objects.public().for_display().listed_under(treatment, answer_count=0)
    return {"treatment": treatment, "threads": list(threads.order_by(*listed("asked_at", "pk"))[:PREVIEW])}


@register.simple_tag
def coverage_for(treatment: Treatment) -> Coverage:
    """How the latest questions of a treatment fare. One query."""
    return coverage_of(treatment)


@register.simple_tag
def waited(question: Question) -> str:
    """How long ago a question was asked, in words; empty where an import did not say."""
    return in_words(timezone.now() - question.asked_at) if question.is_dated else ""


@register.inclusion_tag("answers/_coverage.html")
def coverage(treatment: Treatment) -> dict[str, Any]:
    """How many questions are answered, how many wait, how long it takes. One query."""
    return {"treatment": treatment, "coverage": coverage_of(treatment)}


@register.inclusion_tag("answers/_use_threads.html")
def use_threads(use: TreatmentUse) -> dict[str, Any]:
    """The threads of one use that helped most. Two queries."""
    threads = Thread.objects.public().for_display().filter(question__use=use)
    return {"use": use, "threads": with_bars(list(threads.order_by("-helpful_count", "-pk")[: 2 * PREVIEW]))}


@register.inclusion_tag("answers/_use_lines.html")
def use_lines(use: TreatmentUse) -> dict[str, Any]:
    """What doctors say of a use in a sentence each, by position. One query."""
    return {"positions": lines_on_use(use)}


@register.inclusion_tag("answers/_use_reasons.html")
def use_reasons(use: TreatmentUse) -> dict[str, Any]:
    """Why doctors differ on a use, side by side. One query."""
    return {"reasons": reasons_on_use(use)}


@register.inclusion_tag("answers/_use_doctors.html")
def use_doctors(use: TreatmentUse) -> dict[str, Any]:
    """Doctors who answered about a use, as cards with how much each has answered. Two queries."""
    return {"use": use, "doctors": doctors_on_use(use)}


@register.inclusion_tag("answers/_threads.html")
def newest_threads() -> dict[str, Any]:
    """The newest answered threads of the site. One query."""
    threads = Thread.objects.public().for_display().filter(answer_count__gt=0).order_by("-asked_at", "-pk")
    return {"threads": with_own_bars(list(with_positions(threads)[:NEWEST]))}


@register.inclusion_tag("answers/_threads.html")
def longest_waiting() -> dict[str, Any]:
    """The questions of the site that have waited longest for an answer. One query."""
    threads = Thread.objects.public().for_display().unanswered()
    return {"threads": list(threads.order_by("asked_at", "pk")[:WAITING])}


@register.inclusion_tag("components/stance_bar.html")
def use_bar(use: TreatmentUse) -> dict[str, Any]:
    """Where the doctors stand on a use over all its threads. One query."""
    return {"bar": bar_of_use(use)}


@register.simple_tag
def use_bars(uses: list[TreatmentUse]) -> dict[int, Any]:
    """``{use id: Bar}`` for the matrix. One query."""
    return bars_for_uses(use.pk for use in uses)


@register.simple_tag
def use_counts(uses: list[TreatmentUse]) -> dict[int, dict[str, Any]]:
    """``{use id: {"threads", "last_activity_at"}}`` for the matrix. One query."""
    return use_activity(use.pk for use in uses)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value under a key that is itself a variable."""
    return mapping.get(key)


@register.simple_tag
def answered_like(text: str, treatment: Treatment) -> list[Thread]:
    """Answered threads that resemble a question about to be asked, with their bars. Two queries."""
    return with_bars(similar_to(text, treatment=treatment))


@register.inclusion_tag("answers/_canonical.html")
def canonical_stand(question: Question) -> dict[str, Any]:
    """A thread by its title and where the doctors stand, for whoever asks beside it. One query."""
    return {"question": question, "bar": bars_for_questions([question.pk])[question.pk]}


@register.inclusion_tag("answers/_featured.html")
def featured_thread() -> dict[str, Any]:
    """The answered thread that helped most, with its whole bar. Three queries."""
    thread = (
        Thread.objects.public()
        .for_display()
        .filter(answer_count__gt=0)
        .order_by("-helpful_count", "-pk")
        .first()
    )
    if thread is None:
        return {}
    answers = list(
        Answer.objects.public().filter(question=thread.pk).select_related("doctor").defer("body", "body_html")
    )
    opinions = opinions_of(answers)
    return {"thread": thread, "bar": bar_for_answers(answers, opinions)}
