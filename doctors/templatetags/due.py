"""What of a doctor's credentials ends soon or has ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from doctors.models import Doctor
from doctors.notifications import AHEAD

register = template.Library()


@register.inclusion_tag("doctors/_due.html")
def credentials_due(doctor: Doctor) -> dict[str, Any]:
    """One query."""
    today = timezone.localdate()
    ahead = today + timedelta(days=max(AHEAD))
    rows = doctor.credentials.filter(due_on__lte=ahead).order_by("due_on", "id")
    return {"credentials": rows, "today": today}
