"""What is done with accounts: those that are not people, and the names of those that are."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Session, User
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
    """Give somebody another handle. That it changed is in the audit trail, the names are not: they would stay.

    Raises IntegrityError when somebody else has it, MayNotWrite for a suspended account.
    """
    require_writer(user)
    before = User.objects.values_list("handle", flat=True).get(pk=user.pk)
    if handle != before:
        with transaction.atomic():
            user.handle = handle
            user.save(update_fields=["handle"])
            record(actor=user, action="change handle", obj=user)
    return user


def reset_second_factor(*, user: User, by: User, why: str) -> int:
    """Take every second factor from somebody who has lost them; how many they were.

    Raises PermissionDenied unless an administrator does it, for somebody else and with a reason.
    """
    if not (by.is_superuser and by.is_active) or by.pk == user.pk or not why.strip():
        raise PermissionDenied("An administrator does this, for somebody else, and says why.")
    with transaction.atomic():
        number, _ = Authenticator.objects.filter(user=user).delete()
        record(actor=by, action="reset second factor", obj=user, reason=why.strip())
    return number


def open_sessions(user: User) -> QuerySet[Session]:
    """Those whose cookie is still worth something, the one used last first."""
    now = timezone.now()
    rows = user.sessions.filter(expire_date__gt=now).order_by("-seen_at", "pk")
    if not user.is_staff:
        return rows
    idle, whole = (
        now - timedelta(seconds=limit)
        for limit in (settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS)
    )
    return rows.filter(seen_at__gt=idle, began_at__gt=whole)


def end_other_sessions(*, user: User, but: str | None) -> int:
    """Sign somebody out everywhere but in the session of that key; how many sessions that were."""
    number, _ = user.sessions.exclude(pk=but).delete()
    return number


def end_session(*, user: User, name: str) -> bool:
    """End the one of somebody's sessions that pages call ``name``; False when it is over already."""
    found = next((session for session in user.sessions.all() if session.name == name), None)
    return found is not None and bool(found.delete()[0])
