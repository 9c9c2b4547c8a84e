"""What the nightly work does for people's data. Each chore is safe to run twice and to interrupt."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import DataExport, User
from config.privacy import copies
from config.privacy.erasing import erased
from config.privacy.kept import UNCONFIRMED_KEPT
from config.privacy.making import make_copy

if TYPE_CHECKING:
    from django.db.models import QuerySet

# A copy that waits longer than its task tries by itself gets a new one.
OVERDUE = timedelta(hours=2)


def erase_due() -> str:
    """Erase whoever asked for it and did not come back in time; one by one, so that what is done stays done."""
    due = User.objects.filter(erasure_due_at__lte=timezone.now()).order_by("erasure_due_at")
    keys = list(due.values_list("pk", flat=True))
    return f"{sum(erased(pk, only_if_due=True) for pk in keys)} erased"


def tidy_copies() -> str:
    """Delete copies past their day, and have those made whose task was given up."""
    gone = copies.forget_old()
    late = DataExport.objects.being_made().filter(asked_at__lt=timezone.now() - OVERDUE)
    for copy in late:
        make_copy.enqueue(copy.pk)
    return f"{gone} deleted, {len(late)} go to the worker again"


def drop_unconfirmed() -> str:
    """Erase accounts whose address nobody ever confirmed."""
    old = User.objects.filter(date_joined__lt=timezone.now() - UNCONFIRMED_KEPT, last_login=None)
    never = old.filter(is_staff=False, is_superuser=False, emailaddress__verified=False).exclude(
        emailaddress__verified=True
    )
    keys = list(never.distinct().values_list("pk", flat=True))
    return f"{sum(_drop(pk, never) for pk in keys)} erased"


def _drop(pk: int, never: QuerySet[User]) -> bool:
    """Locked and asked again: somebody may have confirmed, or signed in, this very minute."""
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=pk).first()
        return never.filter(pk=pk).exists() and erased(pk)
