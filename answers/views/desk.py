"""A doctor's desk: one tab at a time, a page of it, and the same few queries whatever it holds."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from answers.asked import with_replies
from answers.desk import (
    asked_facts,
    counts_of,
    drafts_by,
    due_answers,
    given_opinions,
    numbers_of,
    own_answers,
    waiting_threads,
    with_company,
)
from answers.forms import AwayForm
from answers.permissions import may_edit
from core.pagination import CursorPage, paginate
from core.remarks import with_remarks
from core.statements import with_statements
from doctors.models import Doctor, ProfileClaim
from doctors.permissions import has_asked
from doctors.services import stay_away


class Tab(NamedTuple):
    """A part of the desk; ``nothing`` is what it says when it is empty."""

    show: str
    label: str
    nothing: str


TABS = (
    Tab("waiting", "Waiting", "Nothing waits here."),
    Tab("drafts", "Drafts", "No drafts. What you write is kept here by itself until you send it."),
    Tab("review", "Awaiting review", "Nothing of yours is with the moderators."),
    Tab("back", "Sent back", "Nothing has been sent back to you."),
    Tab("published", "Published", "No answer of yours is public yet."),
    Tab(
        "due",
        "Due for confirmation",
        "Nothing is due. You are asked here when an answer should be read once more.",
    ),
    Tab("opinions", "Second opinions", "You have not co-signed or disputed an answer yet."),
    Tab("facts", "Asked of patients", "You have not asked a patient for a fact yet."),
    Tab("withdrawn", "Withdrawn", "You have withdrawn nothing."),
)
SCOPES = {"": "Your specialty", "all": "All treatments", "beside": "Beside threads you answered"}


@login_required
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    doctor = Doctor.objects.select_related("specialty").filter(user=request.user).first()
    if doctor is None:
        return _no_desk(request)
    practises = doctor.is_verified_now and doctor.is_public
    due = due_answers(doctor) if practises else []
    asked = request.GET.get("show", "")
    tab = next((tab for tab in TABS if tab.show == asked), TABS[0])
    counts = {**counts_of(doctor), "due": len(due)}
    context = {
        "doctor": doctor,
        "practises": practises,
        "tab": tab,
        "tabs": [(each, counts.get(each.show)) for each in TABS if _stands(each, tab, counts)],
        "due": due,
        "numbers": numbers_of(doctor),
        "away": AwayForm(initial={"until": doctor.away_until if doctor.is_away else None}),
        **_page_of(request, doctor, tab, practises=practises),
    }
    return render(request, "answers/desk.html", context)


def _no_desk(request: SignedInRequest) -> HttpResponse:
    """To whoever is no doctor here: what a desk is, and how one gets one."""
    claims = ProfileClaim.objects.in_work().by_author(request.user).select_related("doctor")
    context = {"claim": claims.first(), "has_asked": has_asked(request.user)}
    return render(request, "answers/no_desk.html", context)


def _stands(each: Tab, tab: Tab, counts: dict[str, int]) -> bool:
    """What most doctors never have stands there only for those who do."""
    return each is tab or each.show not in {"opinions", "facts", "withdrawn"} or counts[each.show] > 0


def _page_of(request: SignedInRequest, doctor: Doctor, tab: Tab, *, practises: bool) -> dict[str, Any]:
    if tab.show == "waiting":
        return _waiting(request, doctor) if practises else {}
    if tab.show == "due":
        return {}
    if tab.show == "drafts":
        return {"page": paginate(drafts_by(doctor), order=("-saved_at", "-pk"), params=request.GET)}
    if tab.show == "opinions":
        page = paginate(given_opinions(doctor), order=("-pk",), params=request.GET)
        return {"page": page, "opinions": with_remarks(with_statements(page))}
    if tab.show == "facts":
        page = paginate(asked_facts(doctor), order=("-pk",), params=request.GET)
        return {"page": page, "facts": with_remarks(with_statements(with_replies(page)))}
    page = paginate(own_answers(doctor, show=tab.show), order=("-pk",), params=request.GET)
    return {"page": page, "answers": _told(request, page)}


def _waiting(request: SignedInRequest, doctor: Doctor) -> dict[str, Any]:
    scope = request.GET.get("scope", "")
    scope = scope if scope in SCOPES else ""
    page = paginate(waiting_threads(doctor, scope=scope), order=("asked_at", "pk"), params=request.GET)
    with_company(page, doctor=doctor)
    return {"page": page, "threads": page.rows, "scope": scope, "scopes": SCOPES}


def _told(request: SignedInRequest, page: CursorPage) -> list[Any]:
    own = with_remarks(with_statements(page))
    with_statements(edit for answer in own for edit in answer.waiting_edits)
    for answer in own:
        answer.can_edit = may_edit(request.user, answer)
    return own


@login_required
@require_POST
def away(request: SignedInRequest) -> HttpResponse:
    """Away until a day, or back now."""
    doctor = get_object_or_404(Doctor, user=request.user)
    form = AwayForm({} if "back" in request.POST else request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["until"])))
    else:
        until = form.cleaned_data["until"]
        stay_away(doctor=doctor, by=request.user, until=until)
        said = f"You are away until {until:%-d %B %Y}." if until else "You are here again."
        messages.success(request, said)
    return redirect(reverse("answers:desk"))
