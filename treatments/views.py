"""The catalogue's pages: all treatments, one treatment, its uses side by side, one use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from treatments import structured_data
from treatments.enums import Jurisdiction, Status
from treatments.models import Treatment, TreatmentUse
from treatments.selectors import (
    HOME,
    by_age,
    by_body_area,
    by_letter,
    cautions_of,
    label_sources,
    listed_treatments,
    names_of,
    notices_of,
    treatments_with_family,
    uses_of,
)

SORTS = {"name": "By body area", "status": "By label", "threads": "Most discussed"}
STATUSES = {
    "approved": "Approved",
    "cleared": "Cleared",
    "off-label": "Off-label",
    "not-permitted": "Not permitted",
}
Crumbs = list[tuple[str, str | None]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Families, body areas and A–Z on one page. Three queries."""
    rows = listed_treatments()
    crumbs: Crumbs = [("Treatments", None)]
    context = {
        "total": len(rows),
        "families": [row for row in rows if row.members and row.treatment.parent_id is None],
        "areas": by_body_area(rows),
        "letters": by_letter(rows),
        "crumbs": crumbs,
    }
    return render(request, "treatments/index.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """What a worried person should know first. Eight queries and the previews' own."""
    treatment = get_object_or_404(treatments_with_family(), slug=slug)
    names = names_of(treatment)
    uses = uses_of(treatment)
    context = {
        "treatment": treatment,
        "names": names,
        "uses": uses,
        "sources": label_sources(uses),
        "members": treatment.children.public(),
        "areas": treatment.body_areas.all(),
        "cautions": cautions_of(treatment),
        "emergency": treatment.emergency,
        "notices": by_age(notices_of(treatment)),
        "home": HOME.value,
        "structured": structured_data.guide(treatment, [name for group in names for name in group["names"]]),
        "crumbs": _crumbs(treatment),
    }
    return render(request, "treatments/guide.html", context)


@require_safe
def uses(request: HttpRequest, slug: str) -> HttpResponse:
    """The use matrix. Unknown values of ``sort`` and ``status`` are ignored."""
    treatment = get_object_or_404(treatments_with_family(), slug=slug)
    every = uses_of(treatment)
    sort = request.GET.get("sort", "")
    status = request.GET.get("status", "")
    sort = sort if sort in SORTS else "name"
    status = status if status in STATUSES else ""
    held = {row.status for row in every}
    context = {
        "treatment": treatment,
        "total": len(every),
        "uses": [row for row in every if not status or row.status == status.replace("-", "_")],
        "sort": sort,
        "sorts": [(label, _query(name, status), name == sort) for name, label in SORTS.items()],
        "statuses": [
            (label, _query(sort, name), name == status)
            for name, label in {"": "Any label", **STATUSES}.items()
            if not name or name.replace("-", "_") in held
        ],
        "jurisdiction": Jurisdiction(HOME).label,
        "notices": by_age(notices_of(treatment)),
        "crumbs": _crumbs(treatment, ("Uses", None)),
    }
    return render(request, "treatments/uses.html", context)


@require_safe
def use(request: HttpRequest, slug: str, use: str) -> HttpResponse:
    """One use: what the labels say everywhere, where the doctors stand, and its threads."""
    treatment = get_object_or_404(treatments_with_family(), slug=slug)
    found = get_object_or_404(TreatmentUse.objects.select_related("body_area"), treatment=treatment, slug=use)
    found.treatment = treatment
    labels = list(found.labels.select_related("source"))
    labels.sort(key=lambda label: Jurisdiction.values.index(label.jurisdiction))
    matrix = reverse("treatments:uses", args=[treatment.slug])
    context = {
        "treatment": treatment,
        "use": found,
        "labels": labels,
        "is_off_label": any(
            label.jurisdiction == HOME and label.status == Status.OFF_LABEL for label in labels
        ),
        "cautions": cautions_of(treatment),
        "emergency": treatment.emergency,
        "notices": by_age(notices_of(treatment)),
        "structured": structured_data.use(found),
        "crumbs": _crumbs(treatment, ("Uses", matrix), (found.name, None)),
    }
    return render(request, "treatments/use.html", context)


def _query(sort: str, status: str) -> str:
    """The query string of a choice; what is the default is left out, so that each page has one address."""
    chosen = {"sort": sort if sort != "name" else "", "status": status}
    return "?" + urlencode({name: value for name, value in chosen.items() if value})


def _crumbs(treatment: Treatment, *more: tuple[str, str | None]) -> Crumbs:
    crumbs: Crumbs = [("Treatments", reverse("treatments:index"))]
    parent = treatment.parent
    if parent and parent.is_reviewed:
        if parent.parent and parent.parent.is_reviewed:
            crumbs.append((parent.parent.name, parent.parent.get_absolute_url()))
        crumbs.append((parent.name, parent.get_absolute_url()))
    return [*crumbs, (treatment.name, treatment.get_absolute_url() if more else None), *more]
