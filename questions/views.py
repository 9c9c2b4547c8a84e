"""The patient's side: asking, changing, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.consents import agree
from accounts.enums import Purpose
from accounts.http import SignedInRequest, writing_required
from core.enums import State
from core.moderation import TransitionError
from core.text import render as render_text
from questions.forms import AskForm, QuestionForm, StartForm, TextForm
from questions.models import TITLE_LENGTH, Question, QuestionRevision
from questions.permissions import WAITING_AT_MOST, is_asker, may_edit, may_withdraw
from questions.photos import take_away
from questions.red_flags import matching
from questions.selectors import canonical_thread
from questions.services import TooManyWaiting, ask_question, edit_question, withdraw_question
from treatments.selectors import by_body_area, listed_treatments

TOO_MANY = (
    f"{WAITING_AT_MOST} of your questions wait for a moderator; send this one when some of them are decided. "
    "What you typed is still here."
)
SENT = "Your question is with the moderators. Only you see it until one of them has approved it."

SENT_BEFORE = "You had sent this question already; below is what you sent. To change it, press Edit."


@writing_required
@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest) -> HttpResponseBase:
    """What it is about, what has been answered already, the question, a preview, then off it goes.

    ``?variant_of=`` names a thread of which this is another case; one that is none is passed over.
    """
    canonical = canonical_thread(request.GET.get("variant_of", ""))
    start = _start(request, canonical)
    if not start.is_valid():
        return _choose(request, start)
    treatment, draft = start.cleaned_data["treatment"], start.cleaned_data["title"]
    form = AskForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        treatment=treatment,
        is_variant=canonical is not None,
        initial={"use": request.GET.get("use", "")[:80], "title": draft},
    )
    context = {"form": form, "treatment": treatment, "canonical": canonical, "crumbs": _crumbs("Ask")}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        if "send" in request.POST:
            return _send(request, form, context)
        return render(request, "questions/preview.html", context | _preview(form, context))
    context["draft"] = draft if request.method == "GET" and "write" not in request.GET else ""
    return render(request, "questions/ask.html", context, status=422 if form.errors else 200)


def _start(request: SignedInRequest, canonical: Question | None) -> StartForm:
    """The first step as far as it is taken; a variant is about the treatment of its thread unless told otherwise.

    ``chosen`` comes from the buttons beside the field and counts before it.
    """
    given = request.GET.dict()
    if "chosen" in given:
        given["treatment"] = given["chosen"]
    if "treatment" not in given and canonical and canonical.treatment and canonical.treatment.is_reviewed:
        given["treatment"] = canonical.treatment.slug
    drafted = {"title": given.get("title", "")[:TITLE_LENGTH]}
    return StartForm(given if "treatment" in given else None, initial=drafted)


def _choose(request: SignedInRequest, start: StartForm) -> HttpResponse:
    rows = listed_treatments()
    context = {
        "form": start,
        "names": [row.treatment.name for row in rows],
        "areas": by_body_area(rows),
        "crumbs": _crumbs("Ask"),
    }
    return render(request, "questions/choose.html", context, status=422 if start.errors else 200)


def _send(request: SignedInRequest, form: AskForm, context: dict[str, Any]) -> HttpResponseBase:
    values = form.values()
    agree(user=request.user, purpose=Purpose.HEALTH)
    try:
        question = ask_question(
            by=request.user,
            submission_key=form.cleaned_data["submission_key"],
            treatment=context["treatment"],
            variant_of=context["canonical"],
            pictures=form.pictures(),
            **values,
        )
    except TooManyWaiting:
        form.add_error(None, TOO_MANY)
        return render(request, "questions/ask.html", context, status=429)
    except ValidationError as error:  # a picture went meanwhile
        form.add_error("photos", error)
        return render(request, "questions/ask.html", context, status=422)
    if all(getattr(question, name) == value for name, value in values.items()):
        messages.success(request, SENT)
    else:  # changed after going back in the browser
        messages.warning(request, SENT_BEFORE)
    return redirect(question)


@writing_required
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = _own(request, pk)
    if not may_edit(request.user, question):
        raise PermissionDenied("This question cannot be edited now.")
    form = _edit_form(request, question)
    context = {
        "form": form,
        "question": question,
        "pictures": question.photos.select_related("photo").prefetch_related("photo__renditions"),
        "crumbs": _crumbs("Edit", question),
    }
    if request.method == "POST" and form.is_valid():
        try:
            edit_question(question=question, by=request.user, **form.values())
        except TooManyWaiting:
            form.add_error(None, TOO_MANY)
            return render(request, "questions/edit.html", context, status=429)
        public = question.state == State.PUBLISHED
        messages.success(
            request,
            "Your edit is with the moderators; until then readers see the version before."
            if public
            else SENT,
        )
        return redirect(question)
    return render(request, "questions/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def remove_photo(request: SignedInRequest, pk: int, photo: int) -> HttpResponseBase:
    """The asker takes a picture away, whatever the state of the question. Asked first: it does not come back."""
    question = _own(request, pk)
    held = (
        question.photos.select_related("photo").prefetch_related("photo__renditions").filter(pk=photo).first()
    )
    if held is None:  # the same form sent again
        messages.info(request, "That picture is gone.")
        return redirect(question)
    if request.method == "POST":
        take_away(held, by=request.user)
        messages.success(request, "The picture is deleted, and its address with it.")
        return redirect(question)
    context = {"question": question, "held": held, "crumbs": _crumbs("Remove a picture", question)}
    return render(request, "questions/remove_photo.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = _own(request, pk)
    if question.state == State.WITHDRAWN:  # the same form sent again
        return redirect("answers:mine")
    if not may_withdraw(request.user, question):
        raise PermissionDenied("This question cannot be withdrawn now.")
    if request.method == "POST":
        try:
            withdraw_question(question=question, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Your question is withdrawn. Nobody else sees it any more.")
        return redirect("answers:mine")
    return render(
        request, "questions/withdraw.html", {"question": question, "crumbs": _crumbs("Withdraw", question)}
    )


def _own(request: SignedInRequest, pk: int) -> Question:
    question = get_object_or_404(Question.objects.select_related("treatment", "use", "author"), pk=pk)
    if not is_asker(request.user, question):
        raise Http404
    return question


def _edit_form(request: SignedInRequest, question: Question) -> TextForm:
    """A published question changes in its text alone; the waiting version is what one goes on from."""
    if question.state != State.PUBLISHED:
        return QuestionForm(
            request.POST or None,
            instance=_copy(question),
            treatment=question.treatment,
            is_variant=question.variant_of_id is not None,
        )
    waiting = question.revisions.in_work().first()
    return TextForm(request.POST or None, instance=_copy(waiting or question, TextForm.Meta.fields))


def _copy(source: Question | QuestionRevision, names: tuple[str, ...] = QuestionForm.Meta.fields) -> Question:
    """An unsaved question with the text to be edited, so that the form can never write to the row itself."""
    return Question(**{name: getattr(source, name) for name in names})


def _preview(form: AskForm, context: dict[str, Any]) -> dict[str, Any]:
    values, treatment = form.values(), context["treatment"]
    preview = Question(
        **values,
        treatment=treatment,
        variant_of=context["canonical"],
        body_html=render_text(values["body"]),
    )
    return {
        "preview": preview,
        "pictures": form.pictures(),
        "preview_text": f"{preview.title}\n{preview.body}",
        "red_flags": [flag.advice for flag in matching(preview.wording, treatment=treatment)],
    }


def _crumbs(last: str, question: Question | None = None) -> list[tuple[str, str | None]]:
    crumbs: list[tuple[str, str | None]] = [("Questions", reverse("answers:list"))]
    if question is not None:
        crumbs = [("My questions", reverse("answers:mine")), (question.title, question.get_absolute_url())]
    return [*crumbs, (last, None)]
