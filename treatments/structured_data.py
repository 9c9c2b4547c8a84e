"""Treatments for search engines: schema.org MedicalWebPage."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from core.jsonld import reviewed
from treatments.models import Treatment, TreatmentUse


def guide(treatment: Treatment, names: list[str], *, reviewed_on: date | None) -> dict[str, Any]:
    """A page about a therapy; ``names`` are its other names, ``reviewed_on`` the last look at a document."""
    page = _page(treatment.name, treatment.summary, treatment.get_absolute_url(), names)
    return {**page, **reviewed(reviewed_on)}


def use(use: TreatmentUse, *, reviewed_on: date | None) -> dict[str, Any]:
    """A page about one use of a treatment."""
    lay = [use.lay_name] if use.lay_name else []
    page = _page(f"{use.treatment.name}: {use.name}", use.summary, use.get_absolute_url(), lay)
    return {**page, **reviewed(reviewed_on)}


def _page(name: str, summary: str, path: str, names: list[str]) -> dict[str, Any]:
    return {
        "@type": "MedicalWebPage",
        "name": name,
        "description": summary,
        "url": settings.SITE_ORIGIN + path,
        "inLanguage": "en",
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "about": {
            "@type": "MedicalTherapy",
            "name": name,
            **({"description": summary} if summary else {}),
            **({"alternateName": names} if names else {}),
        },
    }
