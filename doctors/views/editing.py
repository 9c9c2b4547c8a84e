"""The page on which doctors change what their published profile says of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest, agreement_required
from core.enums import State
from core.statements import statement_of
from doctors.forms import MoreForm
from doctors.models import Doctor, DoctorRevision
from doctors.permissions import may_edit
from doctors.services import edit_profile

SENT = "Your edit is with the moderators. Until one has approved it, readers see your profile as it is."
THE_SAME = "Your profile says just that already. Nothing was sent."


@require_http_methods(["GET", "HEAD", "POST"])
@agreement_required
def edit(request: SignedInRequest) -> HttpResponse:
    """The profile as readers see it, what waits or came back of it, and the form for both."""
    doctor = Doctor.objects.filter(user=request.user).first()
    if doctor is None or not doctor.is_public:
        return redirect("doctors:apply")
    if not may_edit(request.user, doctor):
        raise PermissionDenied("Your account cannot write at the moment.")
    latest = DoctorRevision.objects.filter(doctor=doctor).to_tell().order_by("-number").first()
    waiting = latest if latest is not None and latest.state != State.REJECTED else None
    form = _form(request, waiting or doctor)
    if request.method == "POST" and form.is_valid():
        if edit_profile(doctor=doctor, by=request.user, fields=form.cleaned_data):
            messages.success(request, SENT)
            return redirect("doctors:edit")
        form.add_error(None, THE_SAME)
    context = {
        "doctor": doctor,
        "waiting": waiting,
        "statement": statement_of(latest) if latest is not None else None,
        "form": form,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "doctors/edit.html", context, status=status)


def _form(request: SignedInRequest, shown: Doctor | DoctorRevision) -> MoreForm:
    """Filled in with what ``shown`` says; what is sent is written nowhere yet."""
    initial = {name: getattr(shown, name) for name in Doctor.TEXT_FIELDS}
    return MoreForm(request.POST if request.method == "POST" else None, instance=Doctor(), initial=initial)
