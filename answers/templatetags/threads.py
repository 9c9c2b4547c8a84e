"""Previews of threads and answers for the pages of lower floors, each one partial and a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django import template

from answers.consensus import bar_for_answers, bars_for_uses, with_bars
from answers.models import Answer, Thread
from answers.selectors import opinions_of, public_answers_by, similar_to, use_activity
from doctors.models import Doctor
from treatments.models import Treatment, TreatmentUse

register = template.Library()
PREVIEW = 5
ANSWERS_OF_A_DOCTOR = 12


@register.inclusion_tag("answers/_threads.html")
def top_threads(treatment: Treatment) -> dict[str, Any]:
    """The threads of a treatment that helped most. Two queries."""
    threads = Thread.objects.public().for_display().for_treatment(treatment).filter(answer_count__gt=0)
    return {"threads": with_bars(list(threads.order_by("-helpful_count", "-pk")[:PREVIEW]))}


@register.inclusion_tag("answers/_threads.html")
def waiting_threads(treatment: Treatment) -> dict[str, Any]:
    """The questions of a treatment that wait longest. One query."""
    threads = Thread.objects.public().for_display().for_treatment(treatment).unanswered()
    return {"threads": list(threads.order_by("asked_at", "pk")[:PREVIEW])}


@register.inclusion_tag("answers/_threads.html")
def use_threads(use: TreatmentUse) -> dict[str, Any]:
    """The threads of one use that helped most. Two queries."""
    threads = Thread.objects.public().for_display().filter(question__use=use)
    return {"threads": with_bars(list(threads.order_by("-helpful_count", "-pk")[: 2 * PREVIEW]))}


@register.inclusion_tag("answers/_threads.html")
def newest_threads() -> dict[str, Any]:
    """The newest answered threads of the site. Two queries."""
    threads = Thread.objects.public().for_display().filter(answer_count__gt=0)
    return {"threads": with_bars(list(threads.order_by("-asked_at", "-pk")[: 2 * PREVIEW]))}


@register.inclusion_tag("answers/_doctor_answers.html")
def doctor_answers(doctor: Doctor) -> dict[str, Any]:
    """A doctor's latest public answers, by treatment. One query."""
    latest = list(public_answers_by(doctor).order_by("-published_at", "-pk")[: ANSWERS_OF_A_DOCTOR + 1])
    answers = sorted(latest[:ANSWERS_OF_A_DOCTOR], key=lambda answer: str(answer.question.treatment or "~"))
    return {"doctor": doctor, "answers": answers, "more": len(latest) > ANSWERS_OF_A_DOCTOR}


@register.inclusion_tag("components/stance_bar.html")
def use_bar(use: TreatmentUse) -> dict[str, Any]:
    """Where the doctors stand on a use over all its threads. One query."""
    return {"bar": bars_for_uses([use.pk])[use.pk]}


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


@register.inclusion_tag("answers/_similar.html")
def similar_to_draft(text: str, treatment: Treatment) -> dict[str, Any]:
    """Answered threads that resemble a question about to be asked. Two queries."""
    return {"threads": with_bars(similar_to(text, treatment=treatment))}


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
    opinions = opinions_of(thread.question, answers)
    return {"thread": thread, "bar": bar_for_answers(answers, opinions)}
