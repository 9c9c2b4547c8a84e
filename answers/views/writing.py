"""The doctor's side: writing, changing and withdrawing an answer, and the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest, writing_required
from answers.elsewhere import led_on
from answers.forms import AnswerForm
from answers.models import Answer, AnswerRevision
from answers.permissions import answering_doctor, is_author, may_edit, may_withdraw
from answers.selectors import desk_answers, desk_opinions, desk_threads, due_answers
from answers.services import answer_question, confirm_answer, edit_answer, withdraw_answer
from core.enums import State
from core.moderation import TransitionError
from core.remarks import with_remarks
from core.statements import with_statements
from core.text import render as render_text
from doctors.models import Doctor
from doctors.selectors import in_scope_of
from questions.models import Question

SENT = "Your answer is with the moderators. It appears here for everybody as soon as one of them has approved it."
ANSWERED = (
    "You have answered this question already, perhaps in another tab. What you typed here is kept below."
)


@writing_required
@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = Question.objects.public().select_related("treatment", "use", "author").filter(pk=pk).first()
    if question is None:
        return led_on("answers:write", with_form=request.method == "POST", pk=pk)
    doctor = answering_doctor(request.user, question)
    if doctor is None:
        raise PermissionDenied("Only doctors verified now may answer.")
    form = AnswerForm(request.POST or None)
    earlier = Answer.objects.filter(question=question, doctor=doctor).first()
    if earlier is not None:
        if request.method == "POST" and not (form.is_valid() and form.cleaned_data["body"] == earlier.body):
            form.add_error(None, ANSWERED)
            return _form(request, form, question, earlier=earlier)
        messages.info(request, "You have answered this question already; this is your answer.")
        return redirect(earlier.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            answer = answer_question(question=question, by=request.user, **form.values())
            messages.success(request, SENT)
            return redirect(answer.get_absolute_url())
        return _form(request, form, question, preview=_preview(form, question, doctor))
    return _form(request, form, question)


@writing_required
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponseBase:
    answer = _own(request, pk)
    if not answer.question.is_public:
        messages.info(request, "An answer can be changed only while its question is public.")
        return _back_to(answer)
    if not may_edit(request.user, answer):
        raise PermissionDenied("This answer cannot be edited now.")
    waiting = answer.revisions.in_work().first()
    form = AnswerForm(request.POST or None, instance=_copy(waiting or answer))
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            edit_answer(answer=answer, by=request.user, **form.values())
            public = answer.state == State.PUBLISHED
            messages.success(
                request,
                "Your edit awaits review; the published version stays up until then." if public else SENT,
            )
            return _back_to(answer)
        return _form(
            request,
            form,
            answer.question,
            answer=answer,
            preview=_preview(form, answer.question, answer.doctor),
        )
    return _form(request, form, answer.question, answer=answer, waiting=waiting)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponseBase:
    answer = _own(request, pk)
    if answer.state == State.WITHDRAWN:  # the same form sent again
        return _back_to(answer)
    if not may_withdraw(request.user, answer):
        raise PermissionDenied("This answer cannot be withdrawn now.")
    if request.method == "POST":
        try:
            withdraw_answer(answer=answer, by=request.user)
        except TransitionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Your answer is withdrawn. Nobody else sees it any more.")
        return _back_to(answer)
    return render(request, "answers/withdraw.html", {"answer": answer})


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One click: it still stands. Whose session has ended signs in and finds the answer again."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("answers:answer", args=[pk]))
    answer = _own(request, pk)
    confirm_answer(answer=answer, by=request.user)
    messages.success(request, "Thank you. Readers see that your answer still stands as of today.")
    return redirect("answers:desk") if request.POST.get("back") == "desk" else _back_to(answer)


@login_required
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """What I should look at again, questions that wait, and what has become of my answers and second opinions."""
    doctor = Doctor.objects.select_related("specialty").filter(user=request.user).first()
    if doctor is None:
        raise Http404
    own = with_remarks(with_statements(desk_answers(doctor)))
    with_statements(edit for answer in own for edit in answer.waiting_edits)
    for answer in own:
        answer.can_edit = may_edit(request.user, answer)
    practises = doctor.is_verified_now and doctor.is_public
    context = {
        "doctor": doctor,
        "due": due_answers(doctor) if practises else [],
        "threads": desk_threads(doctor) if practises else [],
        "answers": own,
        "opinions": with_remarks(with_statements(desk_opinions(doctor))),
    }
    return render(request, "answers/desk.html", context)


def _own(request: HttpRequest, pk: int) -> Answer:
    answer = get_object_or_404(
        Answer.objects.select_related("question__treatment", "question__use", "doctor"), pk=pk
    )
    if not is_author(request.user, answer):
        raise Http404
    return answer


def _back_to(answer: Answer) -> HttpResponseBase:
    """To its place in the thread; to the desk where the question is no longer there to be seen."""
    return redirect(answer.get_absolute_url() if answer.question.is_public else "answers:desk")


def _copy(source: Answer | AnswerRevision) -> Answer:
    """An unsaved answer with the text to be edited, so that the form can never write to the row itself."""
    names = (*AnswerForm.Meta.fields, "citations")
    return Answer(**{name: getattr(source, name) for name in names})


def _preview(form: AnswerForm, question: Question, doctor: Doctor) -> Answer:
    values: dict[str, Any] = form.values()
    preview = Answer(
        **values,
        body_html=render_text(values["body"]),
        question=question,
        doctor=doctor,
        author_snapshot=doctor.snapshot(),
        state=State.PUBLISHED,
    )
    if question.treatment:  # what for_display() knows of a stored answer
        alone = Doctor.objects.filter(pk=doctor.pk)
        preview.scope_exists = in_scope_of(alone, question.treatment).exists()
    return preview


def _form(request: SignedInRequest, form: AnswerForm, question: Question, **context: Any) -> HttpResponse:
    crumbs = [
        ("Desk", reverse("answers:desk")),
        (question.title, question.get_absolute_url()),
        ("Answer", None),
    ]
    return render(
        request,
        "answers/write.html",
        {"form": form, "question": question, "crumbs": crumbs, **context},
        status=422 if form.errors else 200,
    )
