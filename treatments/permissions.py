"""Who may do what to the catalogue, apart from what Django's own permissions say of each form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.models import Viewer


def may_merge(user: Viewer) -> bool:
    """Whoever keeps the catalogue."""
    return user.has_perm("treatments.change_treatment")
