"""Every published version of an answer, with what changed and how to cite it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from answers.history import citation, versions_of
from answers.models import Answer


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of a public answer, latest first. Four queries."""
    answers = Answer.objects.public().select_related("question", "doctor__specialty")
    answer = get_object_or_404(answers, pk=pk)
    crumbs = [
        ("Questions", reverse("answers:list")),
        (answer.question.title, answer.get_absolute_url()),
        ("Versions", None),
    ]
    versions = [(version, citation(answer, version)) for version in versions_of(answer)]
    context = {"answer": answer, "versions": versions, "crumbs": crumbs}
    return render(request, "answers/history.html", context)
