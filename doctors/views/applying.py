"""A doctor's own application, in steps that can be left and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.enums import State
from core.statements import statement_of
from doctors import applying
from doctors.applying import Closed
from doctors.checklist import checklist_of
from doctors.forms import MoreForm, PlaceForm, ProofForm, StatedCredentialForm, YouForm
from doctors.models import Credential, Doctor, PracticePlace, SentFile, Specialty
from doctors.permissions import has_asked, may_apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

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
fill_in = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """Where the application stands; to whoever has none, what it takes."""
    doctor = _own(request)
    context: dict[str, Any] = {"doctor": doctor, "steps": STEPS, "may_apply": may_apply(_user(request))}
    if doctor is None:
        context["has_asked"] = has_asked(_user(request))
        return render(request, "doctors/apply/start.html", context)
    missing = applying.missing(doctor)
    context |= {
        "statement": statement_of(doctor),
        "checklist": checklist_of(doctor).rows,
        "done": [(name, label, name not in missing) for name, label in STEPS.items() if name != "review"],
        "was_sent_back": doctor.state == State.DRAFT and doctor.moderated_at is not None,
    }
    return render(request, "doctors/apply/progress.html", context)


@fill_in
@login_required
def you(request: HttpRequest) -> HttpResponse:
    doctor = _own(request)
    if _is_closed(request, doctor):
        return redirect("doctors:apply")
    form = YouForm(request.POST or None, instance=doctor)
    if request.method == "POST" and form.is_valid():
        fields = form.stated()
        if doctor is None:
            return _then(request, lambda: applying.begin(by=_user(request), fields=fields), "credentials")
        return _then(
            request, lambda: applying.describe(doctor=doctor, by=_user(request), fields=fields), "credentials"
        )
    return _page(request, "you", form, specialties=Specialty.objects.exclude(nucc_code=""))


@fill_in
@login_required
def credentials(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What the doctor holds, one form for one more of it or for the one that is being changed."""
    doctor = _own(request)
    if doctor is None or _is_closed(request, doctor):
        return redirect("doctors:apply")
    rows = doctor.credentials.prefetch_related("papers")
    credential = get_object_or_404(rows, pk=pk) if pk else None
    if credential and "remove" in request.POST:
        return _removed(
            request,
            lambda: applying.drop_credential(doctor=doctor, by=_user(request), credential=credential),
            "credentials",
        )
    form = StatedCredentialForm(request.POST or None, request.FILES or None, instance=credential)
    if request.method == "POST" and form.is_valid():
        try:
            applying.state_credential(
                doctor=doctor,
                by=_user(request),
                credential=form.save(commit=False),
                paper=form.cleaned_data["evidence"],
            )
        except Closed:
            return _closed(request)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Saved.")
            return redirect("doctors:apply-credentials")
    form.ask_again_for_the_file()
    return _page(request, "credentials", form, rows=rows, changing=credential)


@require_http_methods(["POST"])
@login_required
def remove_file(request: HttpRequest, pk: int) -> HttpResponse:
    doctor = _own(request)
    file = get_object_or_404(SentFile, pk=pk, credential__doctor=doctor) if doctor else None
    if doctor is None or file is None:
        return redirect("doctors:apply")
    return _removed(
        request, lambda: applying.drop_file(doctor=doctor, by=_user(request), file=file), "credentials"
    )


@fill_in
@login_required
def places(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    doctor = _own(request)
    if doctor is None or _is_closed(request, doctor):
        return redirect("doctors:apply")
    place = get_object_or_404(doctor.places, pk=pk) if pk else None
    if place and "remove" in request.POST:
        return _removed(
            request, lambda: applying.drop_place(doctor=doctor, by=_user(request), place=place), "places"
        )
    form = PlaceForm(request.POST or None, instance=place or PracticePlace())
    if request.method == "POST" and form.is_valid():
        try:
            applying.add_place(doctor=doctor, by=_user(request), place=form.save(commit=False))
        except Closed:
            return _closed(request)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Saved.")
            return redirect("doctors:apply-places")
    return _page(request, "places", form, rows=doctor.places.all(), changing=place)


@fill_in
@login_required
def more(request: HttpRequest) -> HttpResponse:
    doctor = _own(request)
    if doctor is None or _is_closed(request, doctor):
        return redirect("doctors:apply")
    form = MoreForm(request.POST or None, instance=doctor)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        return _then(
            request, lambda: applying.describe(doctor=doctor, by=_user(request), fields=fields), "review"
        )
    return _page(request, "more", form)


@fill_in
@login_required
def review(request: HttpRequest) -> HttpResponse:
    """Everything once more, and the button that sends it."""
    doctor = _own(request)
    if doctor is None or _is_closed(request, doctor):
        return redirect("doctors:apply")
    if request.method == "POST":
        try:
            applying.send(doctor=doctor, by=_user(request))
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
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new proof of a credential of one's published profile."""
    rows = Credential.objects.filter(doctor__user=_user(request), doctor__state=State.PUBLISHED)
    credential = get_object_or_404(rows.select_related("doctor").prefetch_related("papers"), pk=pk)
    sent = request.method == "POST"
    form = ProofForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            applying.renew(
                doctor=credential.doctor,
                by=_user(request),
                credential=credential,
                paper=form.cleaned_data["evidence"],
            )
        except Closed:
            return _closed(request)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Sent. A moderator looks at it when this credential is due.")
            return redirect("doctors:renew", pk)
    status = 400 if form.is_bound and form.errors else 200
    return render(
        request, "doctors/apply/renew.html", {"credential": credential, "form": form}, status=status
    )


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _own(request: HttpRequest) -> Doctor | None:
    return Doctor.objects.filter(user=_user(request)).first()


def _is_closed(request: HttpRequest, doctor: Doctor | None) -> bool:
    if doctor is None:
        return not may_apply(_user(request))
    return doctor.state != State.DRAFT


def _closed(request: HttpRequest) -> HttpResponse:
    messages.error(request, "This application is not open for changes now. Nothing was changed.")
    return redirect("doctors:apply")


def _then(request: HttpRequest, deed: Callable[[], object], step: str) -> HttpResponse:
    """Do it and go on to the next step."""
    try:
        deed()
    except Closed:
        return _closed(request)
    messages.success(request, "Saved.")
    return redirect(f"doctors:apply-{step}")


def _removed(request: HttpRequest, deed: Callable[[], object], step: str) -> HttpResponse:
    try:
        deed()
    except Closed:
        return _closed(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Taken out.")
    return redirect(f"doctors:apply-{step}")


def _page(request: HttpRequest, step: str, form: Form | Any, **more: Any) -> HttpResponse:
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
