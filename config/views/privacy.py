"""What is kept about people, for everybody; and one's own data: consents, a copy, the erasure and the way back."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consents, farewell
from accounts.enums import Purpose
from accounts.http import SignedInRequest, proof_required_to_see
from accounts.models import Consent, DataExport, User
from config.privacy import copies, journal
from config.privacy.kept import BACKUPS_KEPT, COOKIES, ERASURE_AFTER, EXPORT_KEPT, SUBJECTS
from config.privacy.making import make_copy

HOURS = int(EXPORT_KEPT.total_seconds() // 3600)
TERMS: dict[str, Any] = {
    "erasure_days": ERASURE_AFTER.days,
    "copy_hours": HOURS,
    "backup_days": BACKUPS_KEPT.days,
}
ASKED = "Your copy is being made. We tell you when it is ready; it then waits here for {} hours."
ASKED_BEFORE = "Your copy is being made already. We tell you when it is ready."
TOO_MANY = "You have three copies here already. Fetch one of them, or wait until one is gone."


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """For anybody: the same table as one's own page has."""
    texts = [(purpose.label, consents.TEXTS[purpose]) for purpose in Purpose]
    context = {"subjects": SUBJECTS, "cookies": COOKIES, "texts": texts, "crumbs": [("What we keep", None)]}
    return render(request, "privacy/policy.html", context | TERMS)


@never_cache
@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What one can do about one's own data, what one agreed to, and what is kept."""
    agreed = Consent.objects.filter(user=request.user)
    given = [(row, consents.text_of(Purpose(row.purpose), row.version)) for row in agreed]
    context = {
        "given": given,
        "withdrawable": consents.WITHDRAWABLE,
        "asks_again": consents.asks_again(request.user),
        "subjects": SUBJECTS,
        "cookies": COOKIES,
    }
    return render(request, "privacy/mine.html", context | TERMS)


@never_cache
@login_required
@require_POST
def withdraw_consent(request: SignedInRequest) -> HttpResponseBase:
    if request.POST.get("purpose") not in consents.WITHDRAWABLE:
        raise Http404
    if consents.withdraw(user=request.user, purpose=Purpose(request.POST["purpose"])):
        messages.success(
            request, "You have taken this back. We ask you again before you ask another question."
        )
    return redirect("my-privacy")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def terms_again(request: SignedInRequest) -> HttpResponseBase:
    """What an account agrees to, where its words have changed since; then on to where one was going."""
    onwards = get_next_redirect_url(request) or reverse("my-privacy")
    if request.method == "POST":
        consents.agree(user=request.user, purpose=Purpose.ACCOUNT)
    if not consents.asks_again(request.user):
        return redirect(onwards)
    context = {"text": consents.text_of(Purpose.ACCOUNT), "next": onwards}
    return render(request, "privacy/terms.html", context)


@never_cache
@proof_required_to_see
@require_http_methods(["GET", "POST"])
def copy(request: SignedInRequest) -> HttpResponseBase:
    """Ask for a copy of everything that is one's own, and fetch it."""
    if request.method == "POST":
        _ask_copy(request)
        return redirect("my-copy")
    rows = DataExport.objects.filter(user=request.user)
    context = {"ready": rows.open_now(), "in_work": rows.being_made().first()}
    return render(request, "privacy/copy.html", context | TERMS)


def _ask_copy(request: SignedInRequest) -> None:
    try:
        with transaction.atomic():
            asked, is_new = copies.ask(request.user)
            if is_new:
                make_copy.enqueue(asked.pk)
    except copies.TooMany:
        messages.error(request, TOO_MANY)
        return
    messages.success(request, ASKED.format(HOURS) if is_new else ASKED_BEFORE)


@never_cache
@proof_required_to_see
@require_safe
def fetch(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file, to the person alone, and for a day."""
    row = get_object_or_404(DataExport, pk=pk, user=request.user)
    file = copies.open_file(row)
    if file is None:
        messages.error(request, "This copy is gone: each is kept for a day. You can ask for another one.")
        return redirect("my-copy")
    name = f"candor-{row.asked_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@never_cache
@proof_required_to_see
@require_http_methods(["GET", "POST"])
def erasure(request: SignedInRequest) -> HttpResponseBase:
    """What goes and what stays, then the button."""
    if request.method == "POST":
        return _ask_erasure(request)
    is_doctor, is_staff = request.user.is_doctor, request.user.is_staff
    context = {
        "is_doctor": is_doctor,
        "is_staff": is_staff,
        "crumbs": [("Privacy", reverse("my-privacy")), ("Erase", None)],
    }
    return render(request, "privacy/erasure.html", context | TERMS)


def _ask_erasure(request: SignedInRequest) -> HttpResponseBase:
    try:
        is_new = farewell.ask_erasure(user=request.user, after=ERASURE_AFTER)
    except farewell.LastAdministrator:
        messages.error(request, "You are the last administrator: make somebody else one first.")
        return redirect("my-privacy")
    if is_new:
        _write_to(request.user)
    return redirect("my-privacy")


def _write_to(user: User) -> None:
    context = {"due_at": user.erasure_due_at, "back_path": reverse("my-privacy")}
    get_adapter().send_mail("account/email/erasure_asked", user.email, context)


@never_cache
@login_required
@require_POST
def undo(request: SignedInRequest) -> HttpResponseBase:
    with transaction.atomic():
        stays = farewell.undo_erasure(user=request.user)
        if stays:
            journal.strike_out(request.user)
    if stays:
        messages.success(request, "Your account stays. Everything is as it was.")
    return redirect("my-privacy")
