"""Drafts: kept while one writes, across tabs, lost connections and sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest, writing_required
from answers.desk import keeps_open
from answers.drafts import (
    LONGEST,
    AlreadyAnswered,
    DraftConflict,
    discard_draft,
    draft_of,
    save_draft,
    typed,
)
from answers.models import Answer, AnswerDraft
from answers.permissions import answering_doctor
from answers.readability import advice
from core.text import number_in, plain
from core.text import render as render_text
from questions.models import Question

if TYPE_CHECKING:
    from doctors.models import Doctor

TYPED = "typed"
KEPT_FROM_STRANGERS = {TYPED: "20/10m/ip"}
# Nobody saves a draft so often, and the column has no room for much more.
NOT_A_VERSION = 10**8


def keeps_what_was_typed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Whoever sends a text after the session has ended signs in and finds it in the form again."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            words = typed(request.POST)
            if 0 < sum(map(len, words.values())) <= LONGEST and may_keep(request):
                request.session[TYPED] = {
                    "path": request.path,
                    "doctor": number_in(request.POST.get("doctor", "")),
                    "version": version_in(request),
                    "fields": words,
                }
        return view(request, *args, **kwargs)

    return cast("Callable[..., HttpResponseBase]", inner)


def may_keep(request: HttpRequest) -> bool:
    """So much from one address as people write: whoever is not signed in fills no table."""
    return ratelimit.consume(request, app="answers", action=TYPED, config=KEPT_FROM_STRANGERS) is not None


def version_in(request: HttpRequest) -> int:
    """Which version of the draft the sending tab knew."""
    sent = number_in(request.POST.get("draft_version", ""))
    return sent if sent < NOT_A_VERSION else 0


class Sheet:
    """The sheet of paper in front of a doctor: what was typed here, and what another tab made of it meanwhile.

    ``fields`` is what the form begins with, ``other`` the draft that another tab saved and this one did not know.
    """

    def __init__(self, request: SignedInRequest, question: Question, doctor: Doctor, *, edits: bool) -> None:
        self.request, self.question, self.doctor, self.edits = request, question, doctor, edits
        self.other: AnswerDraft | None = None
        self.draft = draft_of(doctor=doctor, question=question)
        self.fields: dict[str, str] = self.draft.fields if self.draft else {}
        self.version = self.draft.version if self.draft else 0
        self.is_restored = False
        if request.method == "POST":
            self.version = version_in(request)
        elif kept := self._typed_before():
            self.fields, self.version, self.is_restored = kept["fields"], kept["version"], True
            self.keep(self.fields)

    def _typed_before(self) -> dict[str, Any] | None:
        """What was sent to this address after the session had ended; to whoever else signs in then it is not shown."""
        kept = self.request.session.get(TYPED)
        if not kept or kept["path"] != self.request.path:
            return None
        del self.request.session[TYPED]
        return kept if kept["doctor"] == self.doctor.pk else None

    def keep(self, fields: Any) -> bool:
        """Save what was typed, unless another tab has saved something else: then it is shown first."""
        try:
            self.draft = save_draft(
                question=self.question,
                by=self.request.user,
                fields=fields,
                version=self.version,
                edits=self.edits,
            )
            self.version = self.draft.version
        except DraftConflict as conflict:
            # whoever has seen it and goes on means it
            self.other, self.version = conflict.draft, conflict.draft.version
            return False
        except AlreadyAnswered:
            return True  # the form itself says so
        return True

    def with_reply(self, body: str) -> str:
        """The body, and after it the saved reply that was chosen."""
        reply = self.doctor.saved_replies.filter(pk=number_in(self.request.POST.get("reply", ""))).first()
        return f"{body.rstrip()}\n\n{reply.text}".strip() if reply else body


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For the script that saves while one types: JSON in every case, also for whoever is signed out."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True}, status=401)
    question = get_object_or_404(Question.objects.public(), pk=pk)
    doctor = answering_doctor(request.user, question)
    if doctor is None:
        return JsonResponse({"refused": True}, status=403)
    if request.method == "GET":
        kept = draft_of(doctor=doctor, question=question)
        answered = Answer.objects.filter(question=question, doctor=doctor).exists()
        told = _told(kept) if kept else {"version": 0}
        return JsonResponse({**told, "answered": answered, "token": get_token(request)})
    return _saved(request, question)


def _saved(request: HttpRequest, question: Question) -> JsonResponse:
    edits = bool(request.POST.get("editing"))
    by = cast("SignedInRequest", request).user
    try:
        kept = save_draft(
            question=question, by=by, fields=request.POST, version=version_in(request), edits=edits
        )
    except DraftConflict as conflict:
        return JsonResponse({**_told(conflict.draft), "fields": conflict.draft.fields}, status=409)
    except AlreadyAnswered as error:
        return JsonResponse({"answered": True, "url": error.answer.get_absolute_url()}, status=409)
    if not edits:
        keeps_open(question, by=by)
    return JsonResponse({**_told(kept), "reading": advice(plain(render_text(kept.fields["body"])))})


def _told(kept: AnswerDraft) -> dict[str, Any]:
    return {"version": kept.version, "at": kept.saved_at.isoformat()}


@writing_required
@require_http_methods(["GET", "POST"])
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throw a draft away, once asked."""
    kept = (
        AnswerDraft.objects.select_related("question", "doctor")
        .filter(question=pk, doctor__user=request.user)
        .first()
    )
    if kept is None and request.method == "POST":  # the same form sent again
        return redirect("answers:desk")
    if kept is None:
        raise Http404
    if request.method == "POST":
        discard_draft(question=kept.question, doctor=kept.doctor)
        messages.success(request, "The draft is gone.")
        return redirect("answers:desk")
    return render(request, "answers/discard.html", {"draft": kept})
