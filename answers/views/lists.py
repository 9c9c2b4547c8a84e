"""Lists of threads, each row with its dots: a fixed number of queries whatever the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from answers.consensus import with_bars
from answers.filters import DoctorAnswerFilter, ThreadFilter, TreatmentThreadFilter
from answers.models import Thread, ThreadQuerySet
from answers.selectors import public_answers_by
from core.pagination import paginate
from doctors.models import Doctor
from treatments.models import Treatment


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    threads = ThreadFilter(request.GET, queryset=_threads())
    crumbs = [("Questions", None)]
    return _listed(request, "answers/list.html", threads, {"crumbs": crumbs})


@require_safe
def threads_of_treatment(request: HttpRequest, slug: str) -> HttpResponse:
    treatment = get_object_or_404(Treatment.objects.public(), slug=slug)
    threads = TreatmentThreadFilter(request.GET, queryset=_threads(), treatment=treatment)
    crumbs = [
        ("Treatments", reverse("treatments:index")),
        (treatment.name, treatment.get_absolute_url()),
        ("Questions", None),
    ]
    return _listed(request, "answers/of_treatment.html", threads, {"crumbs": crumbs, "treatment": treatment})


def _threads() -> ThreadQuerySet:
    return Thread.objects.public().for_display()


def _listed(
    request: HttpRequest, template: str, threads: ThreadFilter, context: dict[str, Any]
) -> HttpResponse:
    page = with_bars(paginate(threads.qs, order=threads.order, params=request.GET))
    return render(request, template, {**context, "filter": threads, "page": page})


@require_safe
def answers_of_doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything a doctor has published here, newest first; by treatment and position if asked."""
    doctor = get_object_or_404(Doctor.objects.public(), slug=slug)
    found = DoctorAnswerFilter(request.GET, queryset=public_answers_by(doctor), doctor=doctor)
    crumbs = [
        ("Doctors", reverse("doctors:directory")),
        (doctor.name, doctor.get_absolute_url()),
        ("Answers", None),
    ]
    page = paginate(found.qs, order=("-published_at", "-pk"), params=request.GET)
    context = {"doctor": doctor, "filter": found, "page": page, "crumbs": crumbs}
    return render(request, "answers/of_doctor.html", context)
