"""A doctor's own application, in steps that can be left and taken up again."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.enums import State
from core.statements import statement_of
from doctors import applying
from doctors.applying import Closed
from doctors.checklist import checklist_of
from doctors.forms import MoreForm, PlaceForm, ProofForm, StatedCredentialForm, YouForm
from doctors.models import Credential, Doctor, PracticePlace, SentFile, Specialty
from doctors.permissions import has_asked, may_apply
from doctors.views.aside import Aside
from doctors.withdrawing import no_application

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = {
    "you": "Who you are",
    "credentials": "Licences and certificates",
    "places": "Where you practise",
    "more": "Languages and interests",
    "review": "Look through and send",
}
TEMPLATES = {
    "you": "doctors/apply/you.html",
    "credentials": "doctors/apply/credentials.html",
    "places": "doctors/apply/places.html",
    "more": "doctors/apply/more.html",
}
RENEWED = "Sent. A moderator looks at it when this credential is due."
fill_in = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def apply(request: SignedInRequest) -> HttpResponse:
    """Where the application stands; to whoever has none, what it takes."""
    doctor = _own(request)
    context: dict[str, Any] = {"doctor": doctor, "steps": STEPS, "may_apply": may_apply(request.user)}
    if doctor is None:
        context["has_asked"] = has_asked(request.user)
        return render(request, "doctors/apply/start.html", context)
    missing = applying.missing(doctor)
    context |= {
        "statement": statement_of(doctor),
        "checklist": checklist_of(doctor).rows,
        "done": [(name, label, name not in missing) for name, label in STEPS.items() if name != "review"],
        "was_sent_back": doctor.state == State.DRAFT and doctor.moderated_at is not None,
        "may_withdraw": not no_application(doctor),
    }
    return render(request, "doctors/apply/progress.html", context)


@fill_in
@login_required
def you(request: SignedInRequest) -> HttpResponse:
    doctor = _own(request)
    if _is_closed(request, doctor):
        return redirect("doctors:apply")
    form = YouForm(request.POST or None, instance=doctor)
    if request.method == "POST" and form.is_valid():
        fields, by = form.stated(), request.user
        deed = partial(applying.describe, doctor=doctor) if doctor else applying.begin
        if done := _then(request, lambda: deed(by=by, fields=fields), "apply-credentials", form=form):
            return done
    return _page(request, "you", form, specialties=Specialty.objects.exclude(nucc_code=""))


def _of_a_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step of one's own open application; to where it stands for whoever has none."""

    @wraps(view)
    def inner(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        doctor = _own(request)
        if doctor is None or _is_closed(request, doctor):
            return redirect("doctors:apply")
        return view(request, doctor, *args, **kwargs)

    return fill_in(login_required(inner))


@_of_a_draft
def credentials(request: SignedInRequest, doctor: Doctor, pk: int | None = None) -> HttpResponse:
    """What the doctor holds, one form for one more of it or for the one that is being changed."""
    rows = doctor.credentials.prefetch_related("papers")
    credential = get_object_or_404(rows, pk=pk) if pk else None
    own: dict[str, Any] = {"doctor": doctor, "by": request.user}
    if credential and "remove" in request.POST:
        return _removed(
            request, lambda: applying.drop_credential(**own, credential=credential), "credentials"
        )
    aside = Aside(request)
    form = StatedCredentialForm(
        request.POST or None,
        request.FILES or None,
        instance=credential,
        waiting=aside.paper,
        is_lost=aside.is_lost,
    )
    if request.method == "POST" and form.is_valid():
        stated = {"credential": form.save(commit=False), "paper": form.cleaned_data["evidence"]}
        deed = partial(applying.state_credential, **own, **stated)
        if done := _then(request, deed, "apply-credentials", form=form):
            aside.drop()
            return done
    aside.keep_for(form)
    return _page(request, "credentials", form, rows=rows, changing=credential)


@require_POST
@login_required
def remove_file(request: SignedInRequest, pk: int) -> HttpResponse:
    doctor = _own(request)
    file = get_object_or_404(SentFile, pk=pk, credential__doctor=doctor) if doctor else None
    if doctor is None or file is None:
        return redirect("doctors:apply")
    deed = partial(applying.drop_file, doctor=doctor, by=request.user, file=file)
    return _removed(request, deed, "credentials")


@_of_a_draft
def places(request: SignedInRequest, doctor: Doctor, pk: int | None = None) -> HttpResponse:
    place = get_object_or_404(doctor.places, pk=pk) if pk else None
    own: dict[str, Any] = {"doctor": doctor, "by": request.user}
    if place and "remove" in request.POST:
        return _removed(request, lambda: applying.drop_place(**own, place=place), "places")
    form = PlaceForm(request.POST or None, instance=place or PracticePlace())
    if request.method == "POST" and form.is_valid():
        deed = partial(applying.add_place, **own, place=form.save(commit=False))
        if done := _then(request, deed, "apply-places", form=form):
            return done
    return _page(request, "places", form, rows=doctor.places.all(), changing=place)


@_of_a_draft
def more(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    form = MoreForm(request.POST or None, instance=doctor)
    if request.method == "POST" and form.is_valid():
        deed = partial(applying.describe, doctor=doctor, by=request.user, fields=form.cleaned_data)
        if done := _then(request, deed, "apply-review", form=form):
            return done
    return _page(request, "more", form)


@_of_a_draft
def review(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    """Everything once more, and the button that sends it."""
    if request.method == "POST":
        try:
            applying.send(doctor=doctor, by=request.user)
        except Closed:
            return _closed(request)
        except ValidationError:
            messages.error(request, "Something is still missing. Nothing was sent.")
        else:
            messages.success(request, "Sent. A moderator checks it; you are told what comes of it.")
            return redirect("doctors:apply")
    context = {
        "doctor": Doctor.objects.for_display().get(pk=doctor.pk),
        "credentials": doctor.credentials.prefetch_related("papers"),
        "places": doctor.places.all(),
        "missing": [(name, STEPS[name], said) for name, said in applying.missing(doctor).items()],
        "steps": STEPS,
        "step": "review",
    }
    return render(request, "doctors/apply/review.html", context)


@fill_in
@login_required
def renew(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new proof of a credential of one's published profile."""
    rows = Credential.objects.filter(doctor__user=request.user, doctor__state=State.PUBLISHED)
    credential = get_object_or_404(rows.select_related("doctor").prefetch_related("papers"), pk=pk)
    sent = request.method == "POST"
    form = ProofForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        own: dict[str, Any] = {"doctor": credential.doctor, "by": request.user, "credential": credential}
        deed = partial(applying.renew, **own, paper=form.cleaned_data["evidence"])
        if done := _then(request, deed, "renew", pk, form=form, said=RENEWED):
            return done
    status = 400 if form.is_bound and form.errors else 200
    return render(
        request, "doctors/apply/renew.html", {"credential": credential, "form": form}, status=status
    )


def _own(request: SignedInRequest) -> Doctor | None:
    return Doctor.objects.filter(user=request.user).first()


def _is_closed(request: SignedInRequest, doctor: Doctor | None) -> bool:
    if doctor is None:
        return not may_apply(request.user)
    return doctor.state != State.DRAFT


def _closed(request: SignedInRequest) -> HttpResponse:
    messages.error(request, "This application is not open for changes now. Nothing was changed.")
    return redirect("doctors:apply")


def _then(
    request: SignedInRequest,
    deed: Callable[[], object],
    step: str,
    *arguments: Any,
    form: Form | Any,
    said: str = "Saved.",
) -> HttpResponse | None:
    """Do it and go on to the next step; ``None`` where the form says by now what is wrong with it."""
    try:
        deed()
    except Closed:
        return _closed(request)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    messages.success(request, said)
    return redirect(f"doctors:{step}", *arguments)


def _removed(request: SignedInRequest, deed: Callable[[], object], step: str) -> HttpResponse:
    try:
        deed()
    except Closed:
        return _closed(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Taken out.")
    return redirect(f"doctors:apply-{step}")


def _page(request: SignedInRequest, step: str, form: Form | Any, **more: Any) -> HttpResponse:
    names = list(STEPS)
    place = names.index(step)
    context = {
        "form": form,
        "steps": STEPS,
        "step": step,
        "number": place + 1,
        "heading": STEPS[step],
        "next_url": reverse(f"doctors:apply-{names[place + 1]}"),
        "back_url": reverse(f"doctors:apply-{names[place - 1]}") if place else reverse("doctors:apply"),
        **more,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, TEMPLATES[step], context, status=status)
