"""That a thread was read, said by its page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from answers.services import count_reading
from questions.models import Question


@csrf_exempt
@never_cache
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One more, from anybody: a page that everybody gets has no token, and nothing is ordered by the sum."""
    question = Question.objects.public().filter(pk=pk).only("pk").first()
    if question is None:
        raise Http404
    count_reading(question=question)
    return HttpResponse(status=204)
