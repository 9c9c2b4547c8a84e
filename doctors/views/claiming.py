"""The page on which somebody claims an imported profile, and reads what became of that."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.enums import State
from core.statements import statement_of
from doctors.claiming import claim_profile, is_claimable
from doctors.forms import ClaimForm
from doctors.models import Doctor, ProfileClaim
from doctors.permissions import has_asked, may_apply
from doctors.views.aside import Aside


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim(request: SignedInRequest, slug: str) -> HttpResponse:
    """One's own claim, or the form to make one while nobody has the profile."""
    user, doctor = request.user, get_object_or_404(Doctor, slug=slug)
    mine = ProfileClaim.objects.filter(doctor=doctor, claimant=user).order_by("-pk").first()
    if mine is None and not is_claimable(doctor):
        raise Http404
    draft = mine if mine is not None and mine.state == State.DRAFT else None
    is_open = draft is not None or mine is None or mine.state == State.WITHDRAWN
    sent = request.method == "POST"
    aside = Aside(request)
    form = _form(request, draft, aside) if is_open and may_apply(user) and is_claimable(doctor) else None
    if sent and form is not None and form.is_valid():
        try:
            claim_profile(
                doctor=doctor,
                by=user,
                stated=form.stated(),
                words=form.cleaned_data["words"],
                paper=form.cleaned_data["evidence"],
            )
        except ValidationError as error:
            for name, said in getattr(error, "error_dict", {None: error.messages}).items():
                form.add_error(name, said)
        else:
            aside.drop()
            messages.success(request, "Sent. You are told what comes of it; until then nothing changes here.")
            return redirect("doctors:claim", slug)
    if form is not None:
        aside.keep_for(form)
    context = {
        "doctor": doctor,
        "claim": mine,
        "form": form,
        "has_asked": has_asked(user),
        "statement": statement_of(mine) if mine else None,
    }
    status = 400 if sent and form is not None else 409 if sent else 200
    return render(request, "doctors/claim.html", context, status=status)


def _form(request: SignedInRequest, mine: ProfileClaim | None, aside: Aside) -> ClaimForm:
    if request.method == "POST":
        return ClaimForm(request.POST, request.FILES, waiting=aside.paper, is_lost=aside.is_lost)
    if mine is None:
        return ClaimForm()
    stated = {name: getattr(mine, name) for name in (*ProfileClaim.STATED, "words")}
    return ClaimForm(initial=stated)
