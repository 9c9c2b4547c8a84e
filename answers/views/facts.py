"""One missing fact: the page on which a doctor asks for it, and the page on which the asker gives it or does not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest, agreement_required
from answers import facts
from answers.asked import with_replies
from answers.elsewhere import led_on
from answers.forms import FactAskedForm, FactGivenForm
from answers.models import FactAsked, FactGiven
from answers.permissions import (
    asking_doctor,
    may_ask_more,
    may_change_fact,
    may_change_given,
    may_give,
    may_withdraw_fact,
)
from core.enums import State
from core.moderation import TransitionError
from core.remarks import with_remarks
from core.statements import with_statements
from core.text import number_in
from core.writing import require_writer
from doctors.models import Doctor
from questions.models import Question
from questions.red_flags import matching

ASKED = (
    "Your question to the asker is with the moderators. The asker is told once one of them has approved it."
)
ASKED_ALREADY = (
    "You have asked this person something already, perhaps in another tab. It stands above; what you typed "
    "here was not sent."
)
ENOUGH = "Enough has been asked about this question. Answer as far as what is known goes, or say what it depends on."
GIVEN = (
    "It is with the moderators. It appears under your question once one of them has approved it, and the "
    "doctor is told."
)
DECIDED = "What you sent before has been decided on meanwhile; nothing was changed."


@agreement_required
@require_http_methods(["GET", "POST"])
def ask_fact(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """What I asked about this question and what became of it, and the one thing that I may ask now."""
    question = (
        Question.objects.select_related("treatment", "use", "author", "duplicate_of").filter(pk=pk).first()
    )
    asked = _own_asked(request, question)
    doctor = asking_doctor(request.user, question) if question is not None else None
    if question is None or (doctor is None and not asked):
        return _refused(request, question, pk)
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdrawn(request, question, asked)
    open_now = next((one for one in asked if one.closed_at is None), None)
    form = _form_for(request, question, doctor, open_now)
    if request.method == "POST":
        if form is None:
            messages.info(request, DECIDED if open_now else ENOUGH)
            return redirect("answers:ask-fact", pk)
        if form.is_valid() and (sent := _asked(request, question, form, open_now)):
            return sent
    return _ask_page(request, question, asked, form)


def _own_asked(request: SignedInRequest, question: Question | None) -> list[FactAsked]:
    rows = FactAsked.objects.filter(question=question, doctor__user=request.user).select_related(
        "doctor", "given"
    )
    asked = with_replies(rows) if question is not None else []
    for one in asked:
        one.question = question  # type: ignore[assignment]
        one.can_withdraw = may_withdraw_fact(request.user, one)
    return with_remarks(with_statements(asked))


def _refused(request: SignedInRequest, question: Question | None, pk: int) -> HttpResponseBase:
    if question is None or not question.is_public:
        return led_on("answers:ask-fact", with_form=request.method == "POST", pk=pk)
    require_writer(request.user)
    raise PermissionDenied("Only doctors verified now may ask, and only somebody who can answer.")


def _form_for(
    request: SignedInRequest, question: Question, doctor: Doctor | None, open_now: FactAsked | None
) -> FactAskedForm | None:
    """For the open one while it may still be changed, else for another one if there may be one."""
    if doctor is None:
        return None
    if open_now is None:
        return FactAskedForm(request.POST or None) if may_ask_more(doctor, question) else None
    if not may_change_fact(request.user, open_now):
        return None
    return FactAskedForm(request.POST or None, initial={"about": open_now.pk, "text": open_now.text})


def _asked(
    request: SignedInRequest, question: Question, form: FactAskedForm, open_now: FactAsked | None
) -> HttpResponseBase | None:
    """Where to go when it is sent; None, with an error in the form, when it was not."""
    about, text = form.cleaned_data["about"], form.cleaned_data["text"]
    try:
        if open_now is not None and about == open_now.pk:
            fact = facts.change_fact(asked=open_now, by=request.user, text=text)
        else:
            fact = facts.ask_fact(question=question, by=request.user, text=text)
    except facts.EnoughAsked:
        form.add_error(None, ENOUGH)
        return None
    if fact.text != text:  # another tab was quicker
        form.add_error(None, ASKED_ALREADY)
        return None
    messages.success(request, ASKED)
    return redirect(question.get_absolute_url())


def _withdrawn(request: SignedInRequest, question: Question, asked: list[FactAsked]) -> HttpResponseBase:
    chosen = number_in(request.POST["withdraw"])
    fact = next((one for one in asked if one.pk == chosen), None)
    if fact is None:
        raise Http404
    if fact.state != State.WITHDRAWN:  # else the same form sent again
        try:
            facts.withdraw_fact(asked=fact, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, "It is withdrawn. Nobody else sees it any more, nor what was said to it."
            )
    return redirect("answers:ask-fact", question.pk)


def _ask_page(
    request: SignedInRequest, question: Question, asked: list[FactAsked], form: FactAskedForm | None
) -> HttpResponse:
    crumbs = [("Desk", reverse("answers:desk"))]
    crumbs += [(question.title, question.get_absolute_url())] if question.is_public else []
    context = {
        "question": question,
        "asked": asked,
        "form": form,
        "is_over": not form and not any(one.closed_at is None for one in asked),
        "crumbs": [*crumbs, ("A missing fact", None)],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "answers/ask_fact.html", context, status=status)


@agreement_required
@require_http_methods(["GET", "POST"])
def give_fact(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """What a doctor asked me: I say it, would rather not, or see what became of what I said."""
    asked, given = _asked_of_me(request, pk)
    if given is None and not may_give(request.user, asked):
        require_writer(request.user)
        messages.info(request, f"{facts.NOT_NOW} You need not do anything.")
        return redirect("answers:mine")
    if request.method == "POST" and "decline" in request.POST:
        return _declined(request, asked, given)
    may_send = may_change_given(request.user, given) if given is not None else True
    if not may_send:
        if request.method == "POST":
            messages.info(request, DECIDED)
            return redirect("answers:give-fact", pk)
        return _give_page(request, asked, given)
    form = FactGivenForm(request.POST or None, initial={"text": given.text if given else ""})
    if request.method == "POST" and form.is_valid():
        try:
            facts.give_fact(asked=asked, by=request.user, text=form.cleaned_data["text"])
        except PermissionDenied as denied:  # decided, withdrawn or removed a moment ago
            form.add_error(None, str(denied))
        else:
            messages.success(request, GIVEN)
            return redirect("answers:give-fact", pk)
    return _give_page(request, asked, given, form)


def _asked_of_me(request: SignedInRequest, pk: int) -> tuple[FactAsked, FactGiven | None]:
    """What was once put to this person, whether or not it is public now, and what they said to it."""
    related = (
        "doctor__specialty",
        "question__treatment__parent",
        "question__author",
        "question__duplicate_of",
    )
    rows = FactAsked.objects.filter(question__author=request.user, published_at__isnull=False)
    asked = rows.select_related(*related).filter(pk=pk).first()
    if asked is None:
        raise Http404
    given = FactGiven.objects.filter(asked=asked).first()
    if given is not None:
        given.asked = asked
        with_remarks(with_statements([given]))
    return asked, given


def _declined(request: SignedInRequest, asked: FactAsked, given: FactGiven | None) -> HttpResponseBase:
    try:
        facts.decline_fact(asked=asked, by=request.user)
    except TransitionError as error:
        messages.error(request, str(error))
    else:
        said = given is not None and given.text
        taken_back = "It is withdrawn. Nobody else sees it any more."
        declined = "That is fine. Nobody is told that you would rather not say."
        messages.success(request, taken_back if said else declined)
    return redirect("answers:mine") if given is None else redirect("answers:give-fact", asked.pk)


def _give_page(
    request: SignedInRequest, asked: FactAsked, given: FactGiven | None, form: FactGivenForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "question": asked.question,
        "given": given,
        "form": form,
        "red_flags": _red_flags(asked.question, given, form),
        "can_withdraw": given is not None and given.state in {State.DRAFT, State.PENDING, State.PUBLISHED},
        "crumbs": [("My questions", reverse("answers:mine")), ("What a doctor asks you", None)],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "answers/give_fact.html", context, status=status)


def _red_flags(question: Question, given: FactGiven | None, form: FactGivenForm | None) -> list[str]:
    """What to do at once, going by words that no moderator has read yet, those in the form among them."""
    words = form.data.get("text", "") if form is not None and form.is_bound else ""
    if given is not None and given.state in {State.PENDING, State.DRAFT}:
        words = f"{words}\n{given.wording}"
    return [flag.advice for flag in matching(words, treatment=question.treatment)] if words else []
