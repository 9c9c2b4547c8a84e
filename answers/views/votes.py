"""Helpful, and settled: one click each, the same with and without JavaScript."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from answers.models import Answer
from answers.services import accept_answer, mark_helpful


@login_required
@require_POST
def helpful(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Set the vote the form names, so that a second click of the same form changes nothing."""
    answer = get_object_or_404(Answer.objects.public().select_related("question", "doctor"), pk=pk)
    mark_helpful(answer=answer, by=request.user, helpful=request.POST.get("helpful", "yes") != "no")
    return redirect(answer.get_absolute_url())


@login_required
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponseBase:
    answer = get_object_or_404(Answer.objects.public().select_related("question", "doctor"), pk=pk)
    accept_answer(answer=answer, by=request.user, accepted=request.POST.get("settled", "yes") != "no")
    return redirect(answer.get_absolute_url())
