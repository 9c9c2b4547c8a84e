"""What was imposed on one's own account, on one's own pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from accounts.enums import SanctionKind
from accounts.models import User

register = template.Library()
# How long a warning stays in view.
WARNED_DAYS = 90


@register.inclusion_tag("account/_standing.html")
def standing(user: User) -> dict[str, Any]:
    """The suspensions that stand, the warnings of the last months, and that an erasure is due. One query."""
    since = timezone.now() - timedelta(days=WARNED_DAYS)
    rows = user.sanctions.standing().exclude(kind=SanctionKind.CLOSURE)
    return {"sanctions": [row for row in rows if row.until or row.imposed_at > since], "person": user}
