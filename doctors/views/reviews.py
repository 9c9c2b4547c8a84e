"""What patients say of a doctor, and of a treatment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.pagination import paginate
from core.text import number_in
from doctors.filters import ReviewFilter
from doctors.models import Doctor
from doctors.reviews import counted, reviews_of
from treatments.models import Treatment

NEWEST = ("-pk",)
PAGE = 10


@require_safe
def of_doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """Eight queries, whatever there is. ``?review=`` begins with that review: links to one lead here."""
    doctor = get_object_or_404(Doctor.objects.public().for_display(), slug=slug)
    crumbs = [
        ("Doctors", reverse("doctors:directory")),
        (str(doctor), doctor.get_absolute_url()),
        ("Reviews", None),
    ]
    return _listed(request, doctor, {"doctor": doctor, "crumbs": crumbs})


@require_safe
def of_treatment(request: HttpRequest, slug: str) -> HttpResponse:
    treatment = get_object_or_404(Treatment.objects.public(), slug=slug)
    crumbs = [
        ("Treatments", reverse("treatments:index")),
        (treatment.name, treatment.get_absolute_url()),
        ("Reviews", None),
    ]
    return _listed(request, treatment, {"treatment": treatment, "crumbs": crumbs})


def _listed(request: HttpRequest, about: Doctor | Treatment, context: dict[str, Any]) -> HttpResponse:
    reviews = reviews_of(about)
    found = ReviewFilter(request.GET, queryset=reviews, treatment=context.get("treatment"))
    begun, rows = number_in(request.GET.get("review", "")), found.qs
    context |= {
        "filter": found,
        "counts": counted(reviews),
        "page": paginate(
            rows.filter(pk__lte=begun) if begun else rows, order=NEWEST, params=request.GET, size=PAGE
        ),
        "begun": begun,
        "use": found.form.cleaned_data.get("use"),
        "is_counted": not request.GET.keys() - {"use"},
    }
    return render(request, "doctors/reviews.html", context)
