"""What is due every night about answers. Each may run twice, and be interrupted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.notify import tell_many
from answers.models import STOOD_AT, Answer
from answers.notifications import NOTICE
from answers.routing import forget_rounds, route_questions
from answers.services import ask_what_came_of_it
from treatments.models import SafetyNotice

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Older notices were there when the answers were last looked at, or have been told of long ago.
LOOKS_BACK = timedelta(days=90)


def tell_of_notices() -> str:
    """Doctors with an answer that predates a safety notice, each once a notice."""
    notices = SafetyNotice.objects.current().filter(issued_on__gte=timezone.localdate() - LOOKS_BACK)
    told = sum(
        tell_many(
            to=predating(notice).values_list("doctor__user", flat=True),
            kind=NOTICE.name,
            about=notice,
            event=f"notice-{notice.pk}",
            url=reverse("answers:desk"),
        )
        for notice in notices
    )
    return f"{told} doctors told of a safety notice"


def route() -> str:
    """What is due of the ways of questions to doctors; the worker does it all day, this what it missed."""
    return f"{len(route_questions())} rounds sent out, {forget_rounds()} old rows deleted"


def ask_askers() -> str:
    """A month and half a year after their question, what they did in the end."""
    return f"{ask_what_came_of_it()} askers asked what they did in the end"


def predating(notice: SafetyNotice) -> QuerySet[Answer]:
    """Public answers of people with an account that ``answers.freshness`` holds to be older than the notice."""
    concerned = Q()
    for path in ("treatment", "treatment__parent", "treatment__parent__parent"):
        concerned |= Q(**{f"question__{path}": notice.treatment_id})
    answers = Answer.objects.public().annotate(stood=STOOD_AT)
    older = Q(stood__date__lt=notice.issued_on) | Q(stood=None)
    return answers.filter(concerned, older, doctor__user__isnull=False)
