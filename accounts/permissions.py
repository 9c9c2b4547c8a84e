"""Who may sanction whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

SANCTION = "accounts.add_sanction"


def may_sanction(user: User, person: User) -> bool:
    """Senior moderators, and administrators; nobody themselves, only administrators staff, nobody administrators."""
    if user.pk == person.pk or person.is_superuser or not (user.may_write and user.is_staff):
        return False
    return user.has_perm(SANCTION) and (user.is_superuser or not person.is_staff)
