"""Reporting something: the form, the thanks, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest, writing_required
from config.forms import ReportForm
from config.reports import PICTURED, public_or_404, with_things
from core.models import Report
from core.pagination import paginate
from core.reports import A_DAY_AT_MOST, TooManyReports, file_report

TOO_MANY = (
    f"You have sent {A_DAY_AT_MOST} reports since yesterday; the moderators read those first. Send this one tomorrow. "
    "If somebody may be in danger, call your local emergency number."
)
SENT_BEFORE = "You had reported this already; the moderators have what you sent first."


@writing_required
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponseBase:
    """Say what is wrong with the public thing that ``?about=`` names. One open report a person and thing."""
    target = public_or_404(request.GET.get("about", ""))
    form = ReportForm(
        request.POST or None,
        initial={"kind": request.GET.get("kind", "")},
        has_pictures=target._meta.model_name in PICTURED,
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            report = file_report(target=target, by=request.user, **form.cleaned_data)
        except TooManyReports:
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            if (report.kind, report.text) != (form.cleaned_data["kind"], form.cleaned_data["text"]):
                messages.warning(request, SENT_BEFORE)
            return redirect("report-sent")
    context = {
        "form": form,
        "target": target,
        "what": target._meta.label_lower,
        "earlier": Report.objects.open().about(target).filter(reporter=request.user).first(),
        "crumbs": [("Report", None)],
    }
    return render(request, "reports/new.html", context, status=status)


@login_required
@require_safe
def sent(request: SignedInRequest) -> HttpResponse:
    return render(request, "reports/sent.html", {"crumbs": [("Report", None)]})


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """What I reported, and what the moderators made of it."""
    page = paginate(Report.objects.filter(reporter=request.user), order=("-pk",), params=request.GET)
    return render(
        request,
        "reports/mine.html",
        {"page": page, "reports": with_things(page.rows), "crumbs": [("My reports", None)]},
    )
