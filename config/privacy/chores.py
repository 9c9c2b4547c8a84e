"""What the nightly work does for people's data. Each chore is safe to run twice and to interrupt."""

from __future__ import annotations

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.models import DataExport, User
from config.privacy import copies
from config.privacy.erasing import erase
from config.privacy.journal import JournalBroken
from config.privacy.kept import UNCONFIRMED_KEPT
from config.privacy.making import make_copy

# A copy that waits longer than its task tries by itself gets a new one.
OVERDUE = timedelta(hours=2)
logger = logging.getLogger(__name__)


def erase_due() -> str:
    """Erase whoever asked for it and did not come back in time; one by one, so that what is done stays done."""
    due = User.objects.filter(erasure_due_at__lte=timezone.now()).order_by("erasure_due_at")
    keys = list(due.values_list("pk", flat=True))
    return f"{sum(erased(pk, only_if_due=True) for pk in keys)} erased"


def erased(pk: int, *, only_if_due: bool = False) -> bool:
    """One that fails is named in the log and keeps nobody else from going; a broken journal keeps everybody."""
    try:
        return erase(pk, only_if_due=only_if_due) is not None
    except JournalBroken:
        raise
    except Exception:
        logger.exception("Account %s could not be erased; the next night tries again.", pk)
        return False


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
    gone = 0
    for pk in list(never.distinct().values_list("pk", flat=True)):
        with transaction.atomic():
            # Locked and asked again: somebody may have confirmed, or signed in, this very minute.
            if User.objects.select_for_update().filter(pk=pk, last_login=None).exists() and not is_confirmed(
                pk
            ):
                gone += erased(pk)
    return f"{gone} erased"


def is_confirmed(pk: int) -> bool:
    return EmailAddress.objects.filter(user=pk, verified=True).exists()
