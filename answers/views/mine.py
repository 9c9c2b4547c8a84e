"""The asker's own pages: what has become of my questions, and what I did in the end."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest, writing_required
from answers.forms import OutcomeForm
from answers.mine import Part, asked_for_facts, asked_for_outcome, outcome_said, own_questions
from answers.models import ASKED_AFTER, Outcome
from answers.services import say_outcome
from core.pagination import paginate
from core.remarks import with_remarks
from core.statements import with_statements
from questions.models import Question


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """My questions in every state: what is to be mended first, then what has been answered since I looked."""
    page = paginate(own_questions(request.user), order=("part", "-pk"), params=request.GET)
    with_remarks(with_statements(page.rows))
    with_statements(edit for question in page.rows for edit in question.waiting_edits)
    for question in page.rows:
        question.part_name = Part(question.part).label
        question.said = next((row for row in reversed(question.outcomes.all()) if row.decision), None)
    is_first = not page.first_url
    context = {
        "page": page,
        "has_parts": any(question.part != Part.REST for question in page.rows),
        "asked": asked_for_outcome(request.user) if is_first else [],
        "facts": asked_for_facts(request.user) if is_first else [],
        "crumbs": [("My questions", None)],
    }
    return render(request, "answers/mine.html", context)


@writing_required
@require_http_methods(["GET", "HEAD", "POST"])
def afterwards(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """What I did in the end; asked after a month and after half a year, and changed at any time from then on."""
    own = Question.objects.public().by_author(request.user).filter(is_imported=False)
    question = get_object_or_404(own.select_related("treatment"), pk=pk)
    after_days = Outcome.due_after(question.published_at)
    context = {
        "question": question,
        "crumbs": [("My questions", reverse("answers:mine")), ("What you did in the end", None)],
    }
    if after_days is None:
        return render(
            request, "answers/afterwards.html", context | {"asked_on": Outcome.first_asked(question)}
        )
    said = outcome_said(question, after_days)
    form = OutcomeForm(request.POST or None, instance=said or Outcome(question=question))
    if request.method == "POST" and form.is_valid():
        say_outcome(question=question, by=request.user, **form.cleaned_data)
        messages.success(request, _thanks(form.cleaned_data["decision"]))
        return redirect("answers:mine")
    context |= {
        "form": form,
        "earlier": None if said else outcome_said(question),
        "is_last": after_days == ASKED_AFTER[-1],
    }
    return render(request, "answers/afterwards.html", context, status=422 if form.errors else 200)


def _thanks(decision: str) -> str:
    if not decision:
        return "That is fine. You are not asked about this question again for now."
    return "Thank you. Readers see it under your question; your note is for you alone."
