"""Cases as previews on other pages: never sensitive ones, and only where the people in them agreed to be shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet
from django.urls import reverse

from doctors.enums import ShownIn
from doctors.gallery import BEST_FIRST, cards, for_cards
from doctors.models import Case, Doctor
from treatments.models import Treatment, TreatmentUse

register = template.Library()
PREVIEW = 3


@register.inclusion_tag("doctors/_case_grid.html")
def case_grid(treatment: Treatment, use: TreatmentUse | None = None) -> dict[str, Any]:
    """The best cases of a treatment, or of one use of it. Three queries at most."""
    cases = Case.objects.used_in(ShownIn.TREATMENT).filter(treatment=treatment)
    url = reverse("doctors:cases-of-treatment", args=[treatment.slug])
    if use is None:
        return {"cards": _best(cases), "url": url}
    return {"cards": _best(cases.filter(use=use)), "url": f"{url}?use={use.slug}"}


@register.inclusion_tag("doctors/_case_grid.html")
def case_grid_of(doctor: Doctor) -> dict[str, Any]:
    """The best cases of a doctor. Three queries at most."""
    cases = Case.objects.used_in(ShownIn.DOCTOR).filter(doctor=doctor)
    return {
        "cards": _best(cases),
        "url": reverse("doctors:cases-of-doctor", args=[doctor.slug]),
        "by_doctor": True,
    }


def _best(cases: QuerySet[Case]) -> list[Any]:
    shown = cases.public().not_sensitive()  # type: ignore[attr-defined]
    return cards(for_cards(shown).order_by(*BEST_FIRST)[:PREVIEW])
