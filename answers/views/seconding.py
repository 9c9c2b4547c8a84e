"""A second opinion on another doctor's answer: given, changed while it waits, withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from answers.forms import SecondOpinionForm
from answers.models import Answer, SecondOpinion, current_number
from answers.opinions import change_opinion, give_opinion, withdraw_opinion
from answers.permissions import may_change_opinion, may_withdraw_opinion, seconding_doctor
from core.enums import State
from core.moderation import Stale, TransitionError
from core.remarks import with_remarks
from core.statements import with_statements
from core.writing import require_writer

SENT = (
    "Your second opinion is with the moderators. It appears at the answer once one of them has approved it."
)
DECIDED = "What you said before has been decided on meanwhile; nothing was changed."


@login_required
@require_http_methods(["GET", "POST"])
def second_opinion(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One page for all of it; whoever has said something sees that first."""
    answer, given = _found(request, pk)
    if given is None and seconding_doctor(request.user, answer) is None:
        require_writer(request.user)
        raise PermissionDenied("Only doctors verified now, and not on their own answer or question.")
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdrawn(request, answer, given)
    if given is not None and not (answer.is_open and may_change_opinion(request.user, given)):
        if request.method == "POST":
            messages.info(request, DECIDED)
            return redirect("answers:second-opinion", pk)
        return _page(request, answer, given)
    form = SecondOpinionForm(request.POST or None, answer=answer, number=answer.number, given=given)
    if request.method == "POST" and form.is_valid():
        try:
            return _sent(request, form, given)
        except Stale as stale:
            form.add_error(None, str(stale))
    return _page(request, answer, given, form)


def _found(request: SignedInRequest, pk: int) -> tuple[Any, SecondOpinion | None]:
    """A public answer, or whichever the person has said something of, with ``number`` and ``is_open``."""
    is_public = Exists(Answer.objects.public().filter(pk=OuterRef("pk")))
    answers = Answer.objects.annotate(number=current_number("pk"), is_open=is_public)
    answer = answers.select_related("question__use", "doctor__specialty").filter(pk=pk).first()
    given = SecondOpinion.objects.filter(answer=answer, doctor__user=request.user).select_related("doctor")
    own = given.first() if answer is not None else None
    if answer is None or not (own or answer.is_open):
        raise Http404
    if own is not None:
        own.answer = answer
        with_remarks(with_statements([own]))
    return answer, own


def _sent(request: SignedInRequest, form: SecondOpinionForm, given: SecondOpinion | None) -> HttpResponseBase:
    if given is None:
        give_opinion(answer=form.answer, by=request.user, **form.values())
    else:
        change_opinion(opinion=given, by=request.user, **form.values())
    messages.success(request, SENT)
    return redirect(form.answer.get_absolute_url())


def _withdrawn(request: SignedInRequest, answer: Any, given: SecondOpinion | None) -> HttpResponseBase:
    if given is not None and given.state != State.WITHDRAWN:  # else the same form sent again
        try:
            withdraw_opinion(opinion=given, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Your second opinion is withdrawn. Nobody else sees it any more.")
    return redirect("answers:second-opinion", answer.pk)


def _page(
    request: SignedInRequest,
    answer: Any,
    given: SecondOpinion | None,
    form: SecondOpinionForm | None = None,
) -> HttpResponse:
    crumbs = [("Desk", reverse("answers:desk"))]
    crumbs += [(answer.question.title, answer.get_absolute_url())] if answer.is_open else []
    context = {
        "answer": answer,
        "given": given,
        "form": form,
        "can_withdraw": given is not None and may_withdraw_opinion(request.user, given),
        "crumbs": [*crumbs, ("Second opinion", None)],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "answers/second_opinion.html", context, status=status)
