"""The doctor's side: writing, changing, confirming and withdrawing an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest, writing_required
from answers.asked import public_facts
from answers.desk import keeps_open
from answers.drafts import typed
from answers.elsewhere import led_on
from answers.forms import AnswerForm
from answers.models import Answer, AnswerRevision
from answers.permissions import answering_doctor, asking_doctor, is_author, may_edit, may_withdraw
from answers.readability import advice
from answers.services import answer_question, confirm_answer, edit_answer, withdraw_answer
from answers.views.drafting import Sheet, keeps_what_was_typed
from core.enums import State
from core.moderation import TransitionError
from core.text import plain
from core.text import render as render_text
from doctors.models import Doctor
from doctors.selectors import in_scope_of
from questions.models import Question

SENT = "Your answer is with the moderators. It appears here for everybody as soon as one of them has approved it."
ANSWERED = (
    "You have answered this question already, perhaps in another tab. What you typed here is kept below."
)


@keeps_what_was_typed
@writing_required
@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponseBase:
    question = Question.objects.public().select_related("treatment", "use", "author").filter(pk=pk).first()
    if question is None:
        return led_on("answers:write", with_form=request.method == "POST", pk=pk)
    doctor = answering_doctor(request.user, question)
    if doctor is None:
        raise PermissionDenied("Only doctors verified now may answer.")
    sheet = Sheet(request, question, doctor, edits=False)
    form = AnswerForm(request.POST or None, initial=sheet.fields, doctor=doctor)
    earlier = Answer.objects.filter(question=question, doctor=doctor).first()
    if earlier is not None:
        return _answered_already(request, sheet, form, earlier)
    if request.method == "POST":
        return _sent(request, sheet, form, lambda: _answer(request, sheet, form))
    claim = keeps_open(question, by=request.user)
    return _form(request, sheet, form, colleague=claim if claim and claim.by_id != request.user.pk else None)


def _answer(request: SignedInRequest, sheet: Sheet, form: AnswerForm) -> HttpResponseBase:
    values = form.values()
    answer = answer_question(question=sheet.question, by=request.user, **values)
    if not _says(answer, values):  # another tab was quicker
        return _answered_already(request, sheet, form, answer)
    messages.success(request, SENT)
    return redirect(answer.get_absolute_url())


def _answered_already(
    request: SignedInRequest, sheet: Sheet, form: AnswerForm, earlier: Answer
) -> HttpResponseBase:
    """The same again leads to what was sent; another text stays where it was typed."""
    typed_anew = request.method == "POST" and not (form.is_valid() and _says(earlier, form.values()))
    if typed_anew or sheet.is_restored:
        if form.is_bound:
            form.add_error(None, ANSWERED)
        else:
            messages.info(request, ANSWERED)
        return _form(request, sheet, form, earlier=earlier)
    if sheet.draft and request.method == "GET" and may_edit(request.user, earlier):
        return redirect("answers:edit", earlier.pk)
    messages.info(request, "You have answered this question already; this is your answer.")
    return redirect(earlier.get_absolute_url())


@keeps_what_was_typed
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
    sheet = Sheet(request, answer.question, answer.doctor, edits=True)
    form = AnswerForm(
        request.POST or None,
        initial=sheet.fields,
        instance=_copy(waiting or answer),
        doctor=answer.doctor,
    )
    if request.method == "POST":
        return _sent(request, sheet, form, lambda: _edit(request, answer, form), answer=answer)
    return _form(request, sheet, form, answer=answer, waiting=waiting)


def _edit(request: SignedInRequest, answer: Answer, form: AnswerForm) -> HttpResponseBase:
    edit_answer(answer=answer, by=request.user, **form.values())
    public = answer.state == State.PUBLISHED
    messages.success(
        request, "Your edit awaits review; the published version stays up until then." if public else SENT
    )
    return _back_to(answer)


def _sent(
    request: SignedInRequest,
    sheet: Sheet,
    form: AnswerForm,
    send: Callable[[], HttpResponseBase],
    **context: Any,
) -> HttpResponseBase:
    """Whichever button was pressed: what was typed is kept first, unless another tab has kept something else."""
    words = typed(request.POST)
    if "insert" in request.POST:
        words["body"] = sheet.with_reply(words["body"])
    is_kept = sheet.keep(words)
    if not is_kept or "insert" in request.POST:
        return _form(request, sheet, AnswerForm(initial=words, doctor=sheet.doctor), **context)
    if "save" in request.POST:
        messages.success(request, "Your draft is kept. It stands on your desk until you send it.")
        return redirect(request.path)
    if form.is_valid() and "preview" not in request.POST:
        return send()
    preview = _preview(form, sheet.question, sheet.doctor) if form.is_valid() else None
    return _form(request, sheet, form, preview=preview, **context)


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
    if request.POST.get("back") == "desk":
        return redirect(f"{reverse('answers:desk')}?show=due")
    return _back_to(answer)


def _own(request: HttpRequest, pk: int) -> Answer:
    answer = get_object_or_404(
        Answer.objects.select_related("question__treatment", "question__use", "doctor"), pk=pk
    )
    if not is_author(request.user, answer):
        raise Http404
    return answer


def _back_to(answer: Answer) -> HttpResponseBase:
    """To its place in the thread; to the desk where the question is no longer there to be seen."""
    if answer.question.is_public:
        return redirect(answer.get_absolute_url())
    tab = "withdrawn" if answer.state == State.WITHDRAWN else "published"
    return redirect(f"{reverse('answers:desk')}?show={tab}")


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


def _says(answer: Answer, values: dict[str, Any]) -> bool:
    return all(getattr(answer, name) == value for name, value in values.items())


def _form(request: SignedInRequest, sheet: Sheet, form: AnswerForm, **context: Any) -> HttpResponse:
    question = sheet.question
    crumbs = [
        ("Desk", reverse("answers:desk")),
        (question.title, question.get_absolute_url()),
        ("Answer", None),
    ]
    text = form["body"].value() or ""
    context |= {
        "form": form,
        "sheet": sheet,
        "question": question,
        "crumbs": crumbs,
        "replies": sheet.doctor.saved_replies.all(),
        "facts": public_facts(question),
        "can_ask_fact": asking_doctor(request.user, question) is not None,
        "reading": advice(plain(render_text(text))),
    }
    status = 409 if sheet.other else 422 if form.errors else 200
    return render(request, "answers/write.html", context, status=status)
