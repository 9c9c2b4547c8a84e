"""Accounts that are not people."""

from __future__ import annotations

from accounts.models import User

# A reserved top-level domain: nothing can ever be delivered to it, nor recovered through it.
SYSTEM_DOMAIN = "system.invalid"


def system_user(name: str) -> User:
    """The account in whose name the site itself acts: inactive, without a usable password, one per ``name``.

    ``name`` is a reserved handle, so that no person can have taken it.
    """
    user = User.objects.filter(email=f"{name}@{SYSTEM_DOMAIN}").first()
    return user or User.objects.create_user(f"{name}@{SYSTEM_DOMAIN}", handle=name, is_active=False)
