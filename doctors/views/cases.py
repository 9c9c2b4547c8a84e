"""Cases for everybody: one, and those of a treatment or of a doctor, the most comparable first."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.pagination import paginate
from doctors.enums import ShownIn
from doctors.filters import CaseFilter, DoctorCaseFilter, TreatmentCaseFilter
from doctors.gallery import BEST_FIRST, card, cards, for_cards
from doctors.models import Case, Doctor
from treatments.countries import chosen
from treatments.models import LabelStatus, Treatment

Crumbs = list[tuple[str, str | None]]
# How an address asks for what is covered.
SHOW = "pictures"


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A public case, or, where one was, why it is there no more. Four queries."""
    cases = Case.objects.public().for_display().select_related("use__body_area")
    found = cases.filter(pk=pk).first()
    if found is None or found.treatment is None:
        return _gone_or_404(request, pk)
    gallery = reverse("doctors:cases-of-treatment", args=[found.treatment.slug])
    context = {
        "case": found,
        "card": card(found, uncovered=request.GET.get("show") == SHOW),
        "label": _label(found, chosen(request)),
        "is_found": _may_be_found(found) and not request.GET,
        "crumbs": [*_to(found.treatment), ("Before and after", gallery), (f"Case {pk}", None)],
    }
    return render(request, "doctors/case.html", context)


def _gone_or_404(request: HttpRequest, pk: int) -> HttpResponse:
    gone = Case.objects.tombstones().filter(pk=pk).first()
    if gone is None:
        raise Http404
    return render(request, "doctors/case_gone.html", {"why": gone.gone_because}, status=410)


def _may_be_found(case: Case) -> bool:
    """Whether its person agreed to stand where search engines look."""
    return case.consent is not None and ShownIn.GALLERY in case.consent.uses


def _label(found: Case, place: str) -> LabelStatus | None:
    return LabelStatus.objects.filter(use=found.use, jurisdiction=place).first() if found.use else None


@require_safe
def cases_of_treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """Those whose person agreed to stand in galleries; of a family's members, where theirs are. Seven queries."""
    treatment = get_object_or_404(Treatment.objects.public(), slug=slug)
    cases = Case.objects.public().used_in(ShownIn.GALLERY).filter(treatment=treatment)
    found = TreatmentCaseFilter(request.GET, queryset=for_cards(cases), treatment=treatment)
    crumbs = [*_to(treatment), ("Before and after", None)]
    context = {"treatment": treatment, "members": treatment.children.public(), "crumbs": crumbs}
    return _listed(request, "doctors/cases_of_treatment.html", found, context)


@require_safe
def cases_of_doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """Those whose person agreed to be shown with their doctor. Six queries."""
    doctor = get_object_or_404(Doctor.objects.public(), slug=slug)
    cases = Case.objects.public().used_in(ShownIn.DOCTOR).filter(doctor=doctor)
    found = DoctorCaseFilter(request.GET, queryset=for_cards(cases), cases=cases)
    crumbs = [
        ("Doctors", reverse("doctors:directory")),
        (doctor.name, doctor.get_absolute_url()),
        ("Cases", None),
    ]
    return _listed(request, "doctors/cases_of_doctor.html", found, {"doctor": doctor, "crumbs": crumbs})


def _listed(request: HttpRequest, template: str, found: CaseFilter, context: dict[str, Any]) -> HttpResponse:
    page = paginate(found.qs, order=BEST_FIRST, params=request.GET)
    shown = cards(page.rows, uncovered=found.is_uncovered)
    return render(request, template, {**context, "filter": found, "page": page, "cards": shown})


def _to(treatment: Treatment) -> Crumbs:
    return [("Treatments", reverse("treatments:index")), (treatment.name, treatment.get_absolute_url())]
