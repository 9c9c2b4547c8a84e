"""What is done with accounts: those that are not people, and the names of those that are."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core.audit import record
from core.writing import require_writer

# A reserved top-level domain: nothing can ever be delivered to it, nor recovered through it.
SYSTEM_DOMAIN = "system.invalid"


def system_user(name: str) -> User:
    """The account in whose name the site itself acts: inactive, without a usable password, one per ``name``.

    ``name`` is a reserved handle, so that no person can have taken it.
    """
    user = User.objects.filter(email=f"{name}@{SYSTEM_DOMAIN}").first()
    return user or User.objects.create_user(f"{name}@{SYSTEM_DOMAIN}", handle=name, is_active=False)


def change_handle(*, user: User, handle: str) -> User:
    """Give somebody another handle, and keep in the audit trail which it was.

    Raises IntegrityError when somebody else has it, MayNotWrite for a suspended account.
    """
    require_writer(user)
    before = User.objects.values_list("handle", flat=True).get(pk=user.pk)
    if handle != before:
        with transaction.atomic():
            user.handle = handle
            user.save(update_fields=["handle"])
            record(actor=user, action="change handle", obj=user, reason=f"{before} → {handle}")
    return user
