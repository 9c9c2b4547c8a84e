"""Helpful, and settled: one click each, the same with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from answers.models import Answer
from answers.services import accept_answer, mark_helpful


@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Set the vote the form names, so that a second click of the same form changes nothing."""
    wanted = request.POST.get("helpful", "yes") != "no"
    return _clicked(request, pk, lambda answer, by: mark_helpful(answer=answer, by=by, helpful=wanted))


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say which answer settled it, or that none did."""
    wanted = request.POST.get("settled", "yes") != "no"
    return _clicked(request, pk, lambda answer, by: accept_answer(answer=answer, by=by, accepted=wanted))


def _clicked(request: HttpRequest, pk: int, deed: Callable[[Answer, User], None]) -> HttpResponseBase:
    """Do it and go back to the answer; whose session has ended signs in and finds the answer again."""
    answer = get_object_or_404(Answer.objects.public().select_related("question", "doctor"), pk=pk)
    if not request.user.is_authenticated:
        return redirect_to_login(answer.permalink)
    deed(answer, request.user)
    return redirect(answer.get_absolute_url())
