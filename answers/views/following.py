"""Following a thread or a treatment, and what is new about them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from answers.shelf import follows_with_news
from questions.keeping import TooMany, follow, mark_seen, unfollow
from questions.models import Follow, Question
from treatments.models import Treatment


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_thread(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = get_object_or_404(Question.objects.public(), pk=pk)
    return _follow(request, question, question=question)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_treatment(request: SignedInRequest, slug: str) -> HttpResponseBase:
    treatment = get_object_or_404(Treatment.objects.public(), slug=slug)
    return _follow(request, treatment, treatment=treatment)


def _follow(
    request: SignedInRequest,
    thing: Question | Treatment,
    *,
    question: Question | None = None,
    treatment: Treatment | None = None,
) -> HttpResponseBase:
    """The one button for those who come from the sign-in; the form names what is wanted."""
    if request.method == "POST":
        if request.POST.get("follow", "yes") == "no":
            unfollow(by=request.user, question=question, treatment=treatment)
        else:
            try:
                follow(by=request.user, question=question, treatment=treatment)
            except TooMany as error:
                messages.error(request, str(error))
        to_list = request.POST.get("from") == "list"
        return redirect("answers:follows" if to_list else f"{thing.get_absolute_url()}#keep")
    context = {
        "question": question,
        "treatment": treatment,
        "thing": thing,
        "is_followed": Follow.objects.filter(
            user=request.user, question=question, treatment=treatment
        ).exists(),
        "crumbs": [(str(thing), thing.get_absolute_url()), ("Follow", None)],
    }
    return render(request, "answers/follow.html", context)


@login_required
@require_safe
def follows(request: SignedInRequest) -> HttpResponse:
    """What one follows, with what is new since the last look; having looked, it is new no more."""
    looked_at = timezone.now()
    rows = follows_with_news(request.user)
    if request.method == "GET":
        mark_seen(follows=rows, by=request.user, at=looked_at)
    return render(request, "answers/follows.html", {"follows": rows, "crumbs": [("Follows", None)]})
