"""Checking doctors at the desk: the checklist of their credentials, their standing as a whole, the evidence."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.desk.checks import VerificationForm, check_forms
from config.desk.filters import Filters
from config.desk.kinds import KINDS
from config.desk.views import found, item_url, query_of, screen
from core.access import looked_at
from core.enums import Private, State
from core.text import number_in
from doctors.checklist import checklist_of
from doctors.evidence import Unreadable, load
from doctors.models import Credential, Doctor, EvidenceFile, KeptFile, SentFile
from doctors.permissions import may_verify
from doctors.services import record_verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from config.desk.kinds import Kind

MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def _by_who_may_verify(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest, int], HttpResponse]:
    """What the screen of a doctor sends; whoever only opens the address is led to that screen."""

    @wraps(view)
    def led(request: HttpRequest, pk: int) -> HttpResponse:
        kind, doctor, user = found(request, "doctor", pk)
        assert isinstance(doctor, Doctor)  # noqa: S101  # of this kind are doctors only
        if request.method != "POST":
            return redirect(item_url(kind, pk))
        if not may_verify(user, doctor):
            raise PermissionDenied
        return view(request, kind, doctor, user)

    return led


@_by_who_may_verify
def verify(request: HttpRequest, kind: Kind, doctor: Doctor, user: User) -> HttpResponse:
    """Suspend, restore or refuse a profile as a whole. What was wrong with it is said on the doctor's screen."""
    form = VerificationForm(request.POST, doctor=doctor)
    if form.is_valid():
        try:
            record_verification(doctor=doctor, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Recorded: {doctor} is now “{doctor.standing_now.label}”.")
            return redirect(item_url(kind, doctor.pk))
    return screen(request, kind, kind.rows().get(pk=doctor.pk), verification=form, status=400)


@_by_who_may_verify
def check(request: HttpRequest, kind: Kind, doctor: Doctor, user: User) -> HttpResponse:
    """Record what was filled in of the checklist, each row by itself: a wrong one keeps none from the others."""
    filled = [
        form
        for form in check_forms(checklist_of(doctor).rows, request.POST, request.FILES)
        if form.has_changed()
    ]
    wrong = [form for form in filled if not form.carry_out(doctor=doctor, by=user)]
    if done := [str(form.row.credential) for form in filled if form not in wrong]:
        said = f"Recorded: {'; '.join(done)}. {doctor} is now “{doctor.standing_now.label}”."
        messages.success(request, said)
    came_for = doctor.credentials.filter(pk=number_in(request.POST.get("due", ""))).first()
    if filled and not wrong:
        return redirect(_onwards(request, came_for) if came_for else item_url(kind, doctor.pk))
    if not filled:
        messages.error(request, "Nothing was filled in: choose a result for at least one credential.")
    return screen(request, kind, kind.rows().get(pk=doctor.pk), checks=wrong, due=came_for, status=400)


def _onwards(request: HttpRequest, credential: Credential) -> str:
    """To what else waits, for whoever came here from the queue."""
    following = reverse("admin:moderation_next", args=["credential", credential.pk])
    return following + query_of(Filters.of(request.GET))


@require_safe
def due(request: HttpRequest, pk: int) -> HttpResponse:
    """The doctor one of whose credentials is to be checked again, with the steps to what else is waiting."""
    if not KINDS["credential"].may_be_moderated_by(cast("User", request.user)):
        raise PermissionDenied
    credential = KINDS["credential"].row(pk)
    if credential is None:
        raise Http404
    kind, doctor, _ = found(request, "doctor", credential.doctor_id)
    return screen(request, kind, doctor, due=credential)


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of a check, to those who may verify this doctor, as a download and on record."""
    rows = EvidenceFile.objects.select_related("verification__doctor", "verification__credential")
    file = get_object_or_404(rows, pk=pk)
    check = file.verification
    return _download(request, file, doctor=check.doctor, credential=check.credential, name=f"evidence-{pk}")


@require_safe
def sent_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file that was sent as proof of a credential or of a claim, in the same way."""
    rows = SentFile.objects.select_related("credential__doctor", "claim__doctor")
    file = get_object_or_404(rows, pk=pk)
    sent = file.credential.doctor if file.credential else file.claim
    if sent is None or (sent.state == State.DRAFT and sent.submitted_at is None):
        raise Http404  # nobody has sent it yet
    if sent.author_user_id() == request.user.pk:
        raise PermissionDenied
    doctor = sent if isinstance(sent, Doctor) else sent.doctor
    return _download(request, file, doctor=doctor, credential=file.credential, name=f"proof-{pk}")


def _download(
    request: HttpRequest, file: KeptFile, *, doctor: Doctor, credential: Credential | None, name: str
) -> HttpResponse:
    user = cast("User", request.user)
    if not may_verify(user, doctor):
        raise PermissionDenied
    try:
        content = load(file.name, sha256=file.sha256)
    except Unreadable as error:
        messages.error(request, f"This file of evidence cannot be shown ({error}). What is on record stands.")
        return redirect("admin:moderation_item", "doctor", doctor.pk)
    looked_at(file, by=user, kind=Private.EVIDENCE, path=request.path, why=f"{doctor}, {credential or file}")
    return handed_out(content, file, name=name)


def handed_out(content: bytes, file: KeptFile, *, name: str) -> HttpResponse:
    """A file from people as a download that no browser runs or keeps."""
    response = HttpResponse(content, content_type=MEDIA_TYPES[file.kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file.kind}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
