"""Merging in a line, and what it must not lose."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from tests.factories import some_moderator
from treatments.merging import plan_of
from treatments.models import Treatment
from treatments.services import merge


def merged(source: Treatment, target: Treatment, *, by: User | None = None, **chosen: Any) -> Treatment:
    """Read the plan, choose and confirm it. ``chosen`` by the name of the choice: a row."""
    picked = {name.replace("_", "-"): row.pk for name, row in chosen.items()}
    plan = plan_of(Treatment.objects.get(pk=source.pk), Treatment.objects.get(pk=target.pk))
    return merge(
        source=source,
        target=target,
        by=by or some_moderator(),
        reason="One and the same.",
        seen=plan.digest,
        chosen=picked,
    )
