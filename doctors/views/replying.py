"""A doctor's reviews at the desk, and the one reply to each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.enums import State
from core.moderation import TransitionError
from core.pagination import paginate
from core.statements import statement_of
from doctors.guarding import PREPARED
from doctors.models import Doctor, Review, ReviewReply
from doctors.permissions import may_change_reply, may_reply
from doctors.review_forms import ReplyForm
from doctors.reviewing import reply as send_reply
from doctors.reviewing import withdraw_reply
from doctors.reviews import shown

SENT = "Your reply is with the moderators. Each reply to a review is looked at before anybody reads it."
GONE = "Your reply is withdrawn. Nobody else sees it any more."


@login_required
@require_safe
def reviews(request: SignedInRequest) -> HttpResponse:
    """What readers see of reviews of me, and what became of my replies."""
    doctor = get_object_or_404(Doctor.objects.for_display(), user=request.user)
    found = shown(Review.objects.public().filter(doctor=doctor)).select_related("reply")
    context = {
        "doctor": doctor,
        "page": paginate(found, order=("-pk",), params=request.GET),
        "crumbs": [("Desk", reverse("answers:desk")), ("Reviews", None)],
    }
    return render(request, "doctors/desk_reviews.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Words that tell something of the writer are shown before they go; they may go as they are, to a moderator."""
    review = get_object_or_404(shown(Review.objects.public()), pk=pk, doctor__user=request.user)
    standing = ReviewReply.objects.filter(review=review).first()
    if request.method == "POST" and "withdraw" in request.POST and standing is not None:
        return _withdraw(request, standing)
    is_open = may_reply(request.user, review) and (
        standing is None or may_change_reply(request.user, standing)
    )
    begun = request.GET.get("with", "")
    form = ReplyForm(request.POST or None, initial={"text": _begun(begun, standing)}) if is_open else None
    if request.method == "POST" and form is None:
        raise PermissionDenied("A moderator has decided about your reply.")
    if request.method == "POST" and form is not None and form.may_go:
        is_prepared = form.cleaned_data["text"] == PREPARED.get(begun, "")
        send_reply(
            review=review,
            by=request.user,
            text=form.cleaned_data["text"],
            template=begun if is_prepared else "",
        )
        messages.success(request, SENT)
        return redirect("doctors:desk-reviews")
    context = {
        "review": review,
        "standing": standing,
        "statement": statement_of(standing) if standing else None,
        "form": form,
        "prepared": PREPARED.items(),
        "can_withdraw": standing is not None and standing.state in (State.PENDING, State.PUBLISHED),
        "crumbs": _crumbs(),
    }
    held = form is not None and form.is_bound
    return render(request, "doctors/reply.html", context, status=422 if held else 200)


def _begun(code: str, standing: ReviewReply | None) -> str:
    return PREPARED.get(code, standing.text if standing else "")


def _withdraw(request: SignedInRequest, standing: ReviewReply) -> HttpResponse:
    try:
        withdraw_reply(reply=standing, by=request.user)
    except TransitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, GONE)
    return redirect("doctors:desk-reviews")


def _crumbs() -> list[Any]:
    return [("Desk", reverse("answers:desk")), ("Reviews", reverse("doctors:desk-reviews")), ("Reply", None)]
