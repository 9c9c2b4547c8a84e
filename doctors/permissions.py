"""Who may do what with a doctor's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doctors.models import Doctor

if TYPE_CHECKING:
    from core.models import Viewer


def practising_doctor(user: Viewer) -> Doctor | None:
    """The user's own profile if it is public and verified today, else ``None``."""
    if not user.is_authenticated:
        return None
    return Doctor.objects.public().verified_now().select_related("specialty").filter(user=user).first()
