"""What stands below the trust page: the ledger of decisions, and the terms explained."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.ledger import SMALLEST, chart, span, years
from config.ledger import ledger as ledger_of
from treatments.terms import listed_terms


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The last twelve months, or those of ``?year=``. Five queries."""
    start, end, year = span(request.GET.get("year"))
    counted = ledger_of(start, end)
    context = {
        "ledger": counted,
        "months": counted.months[::-1],
        "grid": counted.grid[::-1],
        "smallest": SMALLEST,
        "chart": chart(counted.months),
        "year": year,
        "years": years(),
        "crumbs": [("Trust", reverse("trust")), ("Ledger", None)],
    }
    return render(request, "pages/ledger.html", context)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Every term of the glossary. One query."""
    crumbs = [("Trust", reverse("trust")), ("Terms", None)]
    return render(request, "pages/terms.html", {"letters": listed_terms(), "crumbs": crumbs})
