"""Passages that a doctor uses again: kept, changed, deleted. Nobody else sees them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from answers.forms import SavedReplyForm
from answers.models import SavedReply
from doctors.models import Doctor

MOST = 30


@login_required
@require_http_methods(["GET", "POST"])
def replies(request: SignedInRequest) -> HttpResponse:
    doctor = get_object_or_404(Doctor, user=request.user)
    kept = list(doctor.saved_replies.all()[:MOST])
    form = SavedReplyForm(request.POST or None, instance=SavedReply(doctor=doctor))
    if request.method == "POST" and len(kept) >= MOST:
        form.add_error(None, f"You have {MOST} saved replies: delete one first.")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Kept. You find it beside the form of every answer.")
        return redirect("answers:replies")
    return _shown(request, "answers/replies.html", form, replies=kept)


@login_required
@require_http_methods(["GET", "POST"])
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(SavedReply, pk=pk, doctor__user=request.user)
    form = SavedReplyForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Changed.")
        return redirect("answers:replies")
    return _shown(request, "answers/reply.html", form, name=form.initial["name"], pk=pk)


@login_required
@require_POST
def reply_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second press finds it gone, and says the same."""
    SavedReply.objects.filter(pk=pk, doctor__user=request.user).delete()
    messages.success(request, "Deleted.")
    return redirect("answers:replies")


def _shown(request: SignedInRequest, template: str, form: SavedReplyForm, **context: object) -> HttpResponse:
    crumbs = [("Desk", reverse("answers:desk")), ("Saved replies", None)]
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "crumbs": crumbs, **context}, status=status)
