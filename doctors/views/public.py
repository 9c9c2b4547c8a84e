"""The directory and the profiles."""

from __future__ import annotations

import mimetypes

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.pagination import paginate
from core.statements import statement_of
from doctors import structured_data
from doctors.filters import DoctorFilter, TreatmentDoctorFilter
from doctors.models import Doctor
from doctors.selectors import evidence_of, in_scope_of, scope_of
from treatments.models import Treatment

BY_NAME = ("name", "pk")
# A portrait's name changes with its picture. Shared caches are left out, so that one taken down is gone.
PORTRAIT_CACHE = "private, max-age=31536000, immutable"


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    found = DoctorFilter(request.GET, queryset=Doctor.objects.in_directory().for_display())
    context = {
        "filter": found,
        "page": paginate(found.qs, order=BY_NAME, params=request.GET),
        "crumbs": [("Doctors", None)],
    }
    return render(request, "doctors/directory.html", context)


@require_safe
def doctors_of_treatment(request: HttpRequest, slug: str) -> HttpResponse:
    treatment = get_object_or_404(Treatment.objects.public(), slug=slug)
    doctors = in_scope_of(Doctor.objects.in_directory().for_display(), treatment)
    found = TreatmentDoctorFilter(request.GET, queryset=doctors)
    context = {
        "treatment": treatment,
        "filter": found,
        "page": paginate(found.qs, order=BY_NAME, params=request.GET),
        "crumbs": [
            ("Treatments", reverse("treatments:index")),
            (treatment.name, treatment.get_absolute_url()),
            ("Doctors", None),
        ],
    }
    return render(request, "doctors/of_treatment.html", context)


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """A public profile; one's own in any state. Five queries and those of the tags about answers."""
    doctor = get_object_or_404(Doctor.objects.visible_to(request.user).for_display(), slug=slug)
    evidence = evidence_of(doctor)
    is_own = request.user.is_authenticated and doctor.user_id == request.user.pk
    context = {
        "doctor": doctor,
        "evidence": evidence,
        "scope": scope_of(doctor),
        "places": doctor.places.all(),
        "is_own": is_own,
        "statement": statement_of(doctor) if is_own else None,
        "structured": structured_data.physician(doctor, evidence) if doctor.is_listed else None,
        "crumbs": [("Doctors", reverse("doctors:directory")), (str(doctor), None)],
    }
    return render(request, "doctors/profile.html", context)


@require_safe
def portrait(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """The picture of a profile the reader may see, under exactly the name it is stored by."""
    doctor = get_object_or_404(Doctor.objects.visible_to(request.user), slug=slug)
    if not doctor.portrait.name or doctor.portrait.name.rsplit("/", 1)[-1] != name:
        raise Http404
    try:
        picture = doctor.portrait.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(picture, content_type=kind)
    response["Cache-Control"] = PORTRAIT_CACHE if doctor.is_public else "private, no-store"
    return response
