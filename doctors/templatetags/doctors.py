"""Doctors as previews on other pages."""

from __future__ import annotations

from typing import Any

from django import template

from doctors.models import Doctor
from doctors.selectors import in_scope_of, verified_first
from treatments.models import Treatment

register = template.Library()

PREVIEW = 4


@register.inclusion_tag("doctors/_preview.html")
def doctors_for(treatment: Treatment) -> dict[str, Any]:
    """Doctors of the directory whose specialty covers a treatment, verified ones first. One query."""
    doctors = in_scope_of(Doctor.objects.in_directory().for_display(), treatment)
    return {"treatment": treatment, "doctors": list(verified_first(doctors)[:PREVIEW])}
