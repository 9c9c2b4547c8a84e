"""Appealing against a decision about something of one's own, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from config.appeals import name_of, own_or_404, with_names
from config.forms import AppealForm
from core.appeals import file_appeal
from core.models import Appeal
from core.moderation import TransitionError
from core.pagination import paginate
from core.statements import statement_of

SENT = "Your appeal is with the senior moderators. Somebody who did not take the decision will look at it."
SENT_BEFORE = "You have appealed against this decision already; there is one appeal for each."


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponseBase:
    """One appeal against the decision that stands about the thing of one's own that ``?about=`` names."""
    obj = own_or_404(request.GET.get("about", ""), user=request.user)
    statement = statement_of(obj)
    if statement is None:
        raise Http404
    if statement.appeal is not None:
        messages.info(request, SENT_BEFORE)
        return redirect("my-appeals")
    form = AppealForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            file_appeal(obj=obj, by=request.user, text=form.cleaned_data["text"])
        except TransitionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, SENT)
            return redirect("my-appeals")
    crumbs = [("My appeals", reverse("my-appeals")), ("Appeal", None)]
    context = {"form": form, "statement": statement, "name": name_of(obj), "crumbs": crumbs}
    return render(request, "appeals/new.html", context, status=status)


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What I appealed against, and what another moderator made of it."""
    own = Appeal.objects.filter(author=request.user).select_related("entry")
    page = paginate(own, order=("-pk",), params=request.GET)
    context = {"page": page, "appeals": with_names(page.rows), "crumbs": [("My appeals", None)]}
    return render(request, "appeals/mine.html", context)
