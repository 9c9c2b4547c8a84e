"""The catalogue's pages: all treatments, one treatment, its uses side by side, one use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from treatments import structured_data
from treatments.countries import chosen, country_of
from treatments.matrix import Choice
from treatments.models import Treatment, TreatmentUse
from treatments.selectors import (
    by_age,
    by_body_area,
    by_letter,
    cautions_of,
    label_sources,
    labels_everywhere,
    last_checked,
    listed_treatments,
    names_of,
    notices_of,
    same_area,
    treatments_with_family,
    uses_of,
    with_checked_on,
)
from treatments.terms import explain, terms_version

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
    treatments = with_checked_on(treatments_with_family()).annotate(terms_version=terms_version())
    treatment = get_object_or_404(treatments, slug=slug)
    names = names_of(treatment)
    uses = uses_of(treatment, jurisdiction=chosen(request))
    cautions = cautions_of(treatment)
    context = {
        "treatment": treatment,
        "names": names,
        "uses": uses,
        "sources": label_sources(uses),
        "members": treatment.children.public(),
        "areas": treatment.body_areas.all(),
        "cautions": cautions,
        "emergency": treatment.emergency,
        "notices": by_age(notices_of(treatment)),
        "structured": structured_data.guide(
            treatment,
            [name for group in names for name in group["names"]],
            reviewed_on=treatment.checked_on,  # type: ignore[attr-defined]
        ),
        # Last: it marks the words in the text that the others have read.
        "terms": explain(
            ([treatment], "description_html"),
            (cautions, "text_html"),
            version=treatment.terms_version,  # type: ignore[attr-defined]
        ),
        "crumbs": _crumbs(treatment),
    }
    return render(request, "treatments/guide.html", context)


@require_safe
def uses(request: HttpRequest, slug: str) -> HttpResponse:
    """The use matrix in the reader's country and order."""
    treatment = get_object_or_404(treatments_with_family(), slug=slug)
    every = uses_of(treatment, jurisdiction=chosen(request))
    choice = Choice.of(request.GET, stays=country_of(request).query)
    context = {
        "treatment": treatment,
        "total": len(every),
        "uses": choice.pick(every),
        "sort": choice.sort,
        "sorts": choice.sorts(),
        "statuses": choice.statuses(every),
        "query": choice.query,
        "every": Choice(choice.sort, stays=choice.stays).query,
        "notices": by_age(notices_of(treatment)),
        "crumbs": _crumbs(treatment, ("Uses", None)),
    }
    return render(request, "treatments/uses.html", context)


@require_safe
def use(request: HttpRequest, slug: str, use: str) -> HttpResponse:
    """One use: what the labels say everywhere, where the doctors stand, and its threads."""
    treatment = get_object_or_404(treatments_with_family(), slug=slug)
    uses = TreatmentUse.objects.select_related("body_area").annotate(terms_version=terms_version())
    found = get_object_or_404(uses, treatment=treatment, slug=use)
    found.treatment = treatment
    labels, here = labels_everywhere(found), chosen(request)
    cautions = cautions_of(treatment)
    matrix = reverse("treatments:uses", args=[treatment.slug])
    context = {
        "treatment": treatment,
        "use": found,
        "labels": labels,
        "is_labelled": any(label for _, label in labels),
        "label": next(label for place, label in labels if place == here),
        "others": same_area(found, jurisdiction=here),
        "cautions": cautions,
        "emergency": treatment.emergency,
        "notices": by_age(notices_of(treatment)),
        "structured": structured_data.use(
            found, reviewed_on=last_checked(label for _, label in labels if label)
        ),
        "terms": explain(([found], "summary_html"), (cautions, "text_html"), version=found.terms_version),  # type: ignore[attr-defined]
        "crumbs": _crumbs(treatment, ("Uses", matrix), (found.name, None)),
    }
    return render(request, "treatments/use.html", context)


def _crumbs(treatment: Treatment, *more: tuple[str, str | None]) -> Crumbs:
    crumbs: Crumbs = [("Treatments", reverse("treatments:index"))]
    parent = treatment.parent
    if parent and parent.is_reviewed:
        if parent.parent and parent.parent.is_reviewed:
            crumbs.append((parent.parent.name, parent.parent.get_absolute_url()))
        crumbs.append((parent.name, parent.get_absolute_url()))
    return [*crumbs, (treatment.name, treatment.get_absolute_url() if more else None), *more]
