"""The picture that stands for a thread where its address is shared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from answers.cards import Card, picture
from answers.consensus import bar_for_answers
from answers.models import Answer
from answers.selectors import opinions_of
from questions.models import Question

# A version never changes; shared caches ask again after a minute, so that one taken down is gone there too.
CARD_CACHE = "public, max-age=31536000, s-maxage=60, immutable"


@require_safe
def card(request: HttpRequest, pk: int, version: str) -> HttpResponseBase:
    """The card of a public thread as it is now; any other version leads to it. Three queries."""
    question = get_object_or_404(Question.objects.public().for_display().defer("body", "body_html"), pk=pk)
    public = Answer.objects.public().filter(question=pk).select_related("doctor", "question")
    answers = list(public.order_by("pk").defer("body", "body_html"))
    current = Card.of(question, bar_for_answers(answers, opinions_of(answers)))
    if version != current.version:
        return redirect("answers:card", pk, current.version)
    response = HttpResponse(picture(pk, current), content_type="image/png")
    response["Cache-Control"] = CARD_CACHE
    # Made to be shown elsewhere.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
