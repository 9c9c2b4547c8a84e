"""A doctor's consents: which there are, a new one, its link, taking it back."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import qrcode
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest, agreement_required
from core.pagination import paginate
from core.text import number_in
from doctors import consenting
from doctors.agreement import text_of
from doctors.case_forms import ConsentForm
from doctors.models import Consent, Doctor
from doctors.permissions import NOT_SHOWN, may_show_cases, shows_no_cases

if TYPE_CHECKING:
    from collections.abc import Callable

fill_in = require_http_methods(["GET", "HEAD", "POST"])
LAST = 50


def of_a_doctor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever has a public profile; to the application for everybody else."""

    @wraps(view)
    def inner(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        doctor = Doctor.objects.public().filter(user=request.user).first()
        if doctor is None:
            return redirect("doctors:apply")
        return view(request, doctor, *args, **kwargs)

    return agreement_required(inner)  # type: ignore[return-value]


def why_not(request: SignedInRequest, doctor: Doctor) -> str:
    """Why this doctor shows no cases now; empty where nothing is in the way."""
    if shows_no_cases(doctor):
        return NOT_SHOWN
    if may_show_cases(request.user, doctor):
        return ""
    return "Cases are shown of doctors whose licence is checked and current. What is here stays, hidden until then."


@require_safe
@of_a_doctor
def consents(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    page = paginate(Consent.objects.filter(doctor=doctor), order=("-pk",), params=request.GET)
    context = {"doctor": doctor, "page": page, "why_not": why_not(request, doctor)}
    return render(request, "doctors/consents/list.html", context)


@fill_in
@of_a_doctor
def new(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    """Record one; its link is shown with the answer, and never again."""
    renews = Consent.objects.filter(doctor=doctor, pk=number_in(request.GET.get("renews", "")) or 0).first()
    if said := why_not(request, doctor):
        messages.error(request, said)
        return redirect("doctors:consents")
    sent = request.method == "POST"
    form = ConsentForm(
        request.POST if sent else None, request.FILES if sent else None, initial=_initial(renews)
    )
    if sent and form.is_valid():
        try:
            consent, token = consenting.ask(
                doctor=doctor,
                by=request.user,
                fields=form.stated(),
                paper=form.cleaned_data["paper"],
                renews=renews,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _link(request, consent, token)
    form.ask_again_for_the_file()
    status = 400 if form.is_bound and form.errors else 200
    context = {"form": form, "text": text_of(), "renews": renews}
    return render(request, "doctors/consents/new.html", context, status=status)


@require_safe
@of_a_doctor
def consent(request: SignedInRequest, doctor: Doctor, pk: int) -> HttpResponse:
    """One, with everything that happened to it and the cases that rest on it."""
    row = get_object_or_404(Consent.objects.prefetch_related("papers"), doctor=doctor, pk=pk)
    context = {
        "consent": row,
        "text": text_of(row.text_version),
        "events": row.events.all()[:LAST],
        "cases": row.cases.select_related("treatment", "use").order_by("-pk")[:LAST],
    }
    return render(request, "doctors/consents/one.html", context)


@require_POST
@of_a_doctor
def link(request: SignedInRequest, doctor: Doctor, pk: int) -> HttpResponse:
    """Another link; shown with the answer, and never again."""
    row = get_object_or_404(Consent, doctor=doctor, pk=pk)
    return _link(request, row, consenting.new_link(consent=row, by=request.user))


@fill_in
@of_a_doctor
def revoke(request: SignedInRequest, doctor: Doctor, pk: int) -> HttpResponse:
    """Asks once more; what the person told the practice counts as if they had used their link."""
    row = get_object_or_404(Consent, doctor=doctor, pk=pk)
    if request.method == "POST":
        consenting.revoke(consent=row, by=request.user)
        messages.success(request, "Taken back. The pictures are gone from this site and are being deleted.")
        return redirect(row)
    context = {"consent": row, "cases": row.cases.going().count()}
    return render(request, "doctors/consents/revoke.html", context)


def _initial(renews: Consent | None) -> dict[str, Any]:
    names = ("label", "uses", "is_identifiable", "is_sensitive")
    return {name: getattr(renews, name) for name in names} if renews else {}


def _link(request: SignedInRequest, consent: Consent, token: str) -> HttpResponse:
    address = settings.SITE_ORIGIN + reverse("doctors:subject-consent", args=[token])
    context = {"consent": consent, "address": address, "square": square(address)}
    return render(request, "doctors/consents/link.html", context)


def square(address: str) -> SafeString:
    """The address as a square that a phone reads; dark on light in both themes."""
    code = qrcode.QRCode(border=4)
    code.add_data(address)
    rows = code.get_matrix()
    squares = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg role="img" aria-label="The link as a square for the camera of a phone" viewBox="0 0 {0} {0}" '
        'width="200" height="200" shape-rendering="crispEdges"><path fill="white" d="M0,0h{0}v{0}h-{0}z"/>'
        '<path fill="black" d="{1}"/></svg>',
        len(rows),
        squares,
    )
