"""The patient's side: asking, changing, withdrawing, and what has become of my questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.enums import State
from core.moderation import TransitionError
from core.pagination import paginate
from core.text import render as render_text
from questions.forms import AskForm, QuestionForm, TextForm, TreatmentChoice
from questions.models import Question, QuestionRevision
from questions.permissions import WAITING_AT_MOST, is_asker, may_ask, may_edit, may_withdraw
from questions.red_flags import matching
from questions.services import ask_question, edit_question, withdraw_question
from treatments.models import Treatment

TOO_MANY = (
    f"{WAITING_AT_MOST} of your questions wait for a moderator; send this one when some of them are decided. "
    "What you typed is still here."
)
SENT = "Your question is with the moderators. Only you see it until one of them has approved it."

SENT_BEFORE = "You had sent this question already; below is what you sent. To change it, press Edit."


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest) -> HttpResponseBase:
    """Treatment first, then the question, then a preview with what others asked, then off it goes."""
    choice = TreatmentChoice(request.GET if "treatment" in request.GET else None)
    treatment = choice.cleaned_data["treatment"] if choice.is_valid() else None
    if treatment is None:
        status = 422 if choice.errors else 200
        return render(
            request, "questions/choose.html", {"form": choice, "crumbs": _crumbs("Ask")}, status=status
        )
    form = AskForm(
        request.POST or None, treatment=treatment, initial={"use": request.GET.get("use", "")[:80]}
    )
    context = {"form": form, "treatment": treatment, "crumbs": _crumbs("Ask")}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        key = form.cleaned_data["submission_key"]
        if "send" in request.POST and not may_ask(request.user) and not _was_sent(key):
            form.add_error(None, TOO_MANY)
            return render(request, "questions/ask.html", context, status=429)
        if "send" in request.POST:
            question = ask_question(
                by=request.user,
                submission_key=key,
                treatment=treatment,
                **form.values(),
            )
            if question.body == form.cleaned_data["body"] and question.title == form.cleaned_data["title"]:
                messages.success(request, SENT)
            else:  # changed after going back in the browser
                messages.warning(request, SENT_BEFORE)
            return redirect(question)
        context |= _preview(form, treatment)
        return render(request, "questions/preview.html", context)
    return render(request, "questions/ask.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = _own(request, pk)
    if not may_edit(request.user, question):
        raise PermissionDenied("This question cannot be edited now.")
    form = _edit_form(request, question)
    if request.method == "POST" and form.is_valid():
        edit_question(question=question, by=request.user, **form.values())
        public = question.state == State.PUBLISHED
        messages.success(
            request,
            "Your edit is with the moderators; until then readers see the version before."
            if public
            else SENT,
        )
        return redirect(question)
    context = {"form": form, "question": question, "crumbs": _crumbs("Edit", question)}
    return render(request, "questions/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = _own(request, pk)
    if question.state == State.WITHDRAWN:  # the same form sent again
        return redirect("questions:mine")
    if not may_withdraw(request.user, question):
        raise PermissionDenied("This question cannot be withdrawn now.")
    if request.method == "POST":
        try:
            withdraw_question(question=question, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Your question is withdrawn. Nobody else sees it any more.")
        return redirect("questions:mine")
    return render(
        request, "questions/withdraw.html", {"question": question, "crumbs": _crumbs("Withdraw", question)}
    )


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """My questions in every state, each with what a moderator said and the edit that waits."""
    questions = (
        Question.objects.by_author(request.user)
        .for_display()
        .prefetch_related(
            Prefetch("revisions", queryset=QuestionRevision.objects.in_work(), to_attr="waiting_edits")
        )
        .defer("body", "body_html")
    )
    page = paginate(questions, order=("-pk",), params=request.GET)
    return render(request, "questions/mine.html", {"page": page, "crumbs": [("My questions", None)]})


def _was_sent(key: UUID) -> bool:
    """Whether this form has made its question already: a second click is no further question."""
    return Question.objects.filter(submission_key=key).exists()


def _own(request: SignedInRequest, pk: int) -> Question:
    question = get_object_or_404(Question.objects.select_related("treatment", "use", "author"), pk=pk)
    if not is_asker(request.user, question):
        raise Http404
    return question


def _edit_form(request: SignedInRequest, question: Question) -> TextForm:
    """A published question changes in its text alone; the waiting version is what one goes on from."""
    if question.state != State.PUBLISHED:
        return QuestionForm(request.POST or None, instance=_copy(question), treatment=question.treatment)
    waiting = question.revisions.in_work().first()
    return TextForm(request.POST or None, instance=_copy(waiting or question, TextForm.Meta.fields))


def _copy(source: Question | QuestionRevision, names: tuple[str, ...] = QuestionForm.Meta.fields) -> Question:
    """An unsaved question with the text to be edited, so that the form can never write to the row itself."""
    return Question(**{name: getattr(source, name) for name in names})


def _preview(form: AskForm, treatment: Treatment) -> dict[str, Any]:
    values = form.values()
    text = f"{values['title']}\n{values['body']}"
    return {
        "preview": Question(**values, treatment=treatment, body_html=render_text(values["body"])),
        "preview_text": text,
        "red_flags": [flag.advice for flag in matching(text, treatment=treatment)],
    }


def _crumbs(last: str, question: Question | None = None) -> list[tuple[str, str | None]]:
    crumbs: list[tuple[str, str | None]] = [("Questions", reverse("answers:list"))]
    if question is not None:
        crumbs = [("My questions", reverse("questions:mine")), (question.title, question.get_absolute_url())]
    return [*crumbs, (last, None)]
