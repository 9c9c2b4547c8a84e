"""The pages on which an application, a claim or an edit is taken back: what that means, and the button."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.moderation import TransitionError
from doctors.models import Doctor, DoctorRevision, ProfileClaim
from doctors.permissions import may_edit
from doctors.views.aside import Aside
from doctors.withdrawing import (
    no_application,
    no_claim,
    no_edit,
    withdraw_application,
    withdraw_claim,
    withdraw_edit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

APPLICATION = (
    "Your application is withdrawn, and what you sent as proof is gone. You can apply again at any time."
)
CLAIM = "Your claim is withdrawn, and what you sent as proof is gone."
EDIT = "Your edit is withdrawn. Readers see your profile as it was."
asked_first = require_http_methods(["GET", "HEAD", "POST"])


@asked_first
@login_required
def application(request: SignedInRequest) -> HttpResponse:
    doctor = Doctor.objects.filter(user=request.user).first()
    if doctor is None:  # also the same form sent again
        return redirect("doctors:apply")
    deed = partial(withdraw_application, doctor=doctor, by=request.user)
    context = {"doctor": doctor, "back_url": reverse("doctors:apply")}
    return _asked(request, context, deed, said=no_application(doctor), done=APPLICATION)


@asked_first
@login_required
def claim(request: SignedInRequest, slug: str) -> HttpResponse:
    own = ProfileClaim.objects.filter(doctor__slug=slug, claimant=request.user).select_related("doctor")
    mine = own.order_by("-pk").first()
    if mine is None:
        raise Http404
    deed = partial(withdraw_claim, claim=mine, by=request.user)
    context = {"doctor": mine.doctor, "claim": mine, "back_url": reverse("doctors:claim", args=[slug])}
    return _asked(request, context, deed, said=no_claim(mine), done=CLAIM)


@asked_first
@login_required
def edit(request: SignedInRequest) -> HttpResponse:
    own = DoctorRevision.objects.filter(doctor__user=request.user).in_work().select_related("doctor")
    waiting = own.first()
    if waiting is None:  # decided meanwhile, or the same form sent again
        return redirect("doctors:edit")
    deed = partial(withdraw_edit, edit=waiting, by=request.user)
    back = "doctors:edit" if may_edit(request.user, waiting.doctor) else "answers:desk"
    context = {"doctor": waiting.doctor, "edit": waiting, "back_url": reverse(back)}
    return _asked(request, context, deed, said=no_edit(waiting), done=EDIT)


def _asked(
    request: SignedInRequest, context: dict, deed: Callable[[], None], *, said: str, done: str
) -> HttpResponse:
    """The question; once it is answered, back to where the thing was. ``said`` is why there is no question."""
    if request.method != "POST":
        return render(request, "doctors/withdraw.html", {**context, "said": said})
    try:
        deed()
    except TransitionError as error:
        return render(request, "doctors/withdraw.html", {**context, "said": str(error)}, status=409)
    Aside(request).drop_all()
    messages.success(request, done)
    return redirect(context["back_url"])
