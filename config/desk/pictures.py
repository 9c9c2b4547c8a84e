"""The pictures of a question on its screen: covered until looked at, removed one by one, covered for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from config.desk import views
from core.moderation import TransitionError
from core.text import clean_body
from questions.models import Question, QuestionPhoto
from questions.photos import GONE, cover, take_away

if TYPE_CHECKING:
    from accounts.models import User

REMOVED = "The picture is deleted; the author reads why."


@require_POST
def picture(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """What a moderator decides about one picture. What was wrong is said on the screen of the question."""
    kind, question, user = views.found(request, "question", pk)
    held = cast(Question, question).photos.filter(pk=photo).first()
    if held is None:
        messages.error(request, GONE)
    else:
        try:
            messages.success(request, _done(request, held, user))
        except TransitionError as error:
            messages.error(request, str(error))
    return redirect(views.item_url(kind, pk))


def _done(request: HttpRequest, held: QuestionPhoto, user: User) -> str:
    do = request.POST.get("do")
    if do == "remove":
        take_away(held, by=user, reason=clean_body(request.POST.get("reason", ""))[:500])
        return REMOVED
    cover(held, by=user, is_sensitive=do == "cover")
    return "Readers see it when they ask for it." if do == "cover" else "Readers see it at once."
