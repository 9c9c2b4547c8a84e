"""What the nightly work does for people's data. Each chore is safe to run twice and to interrupt."""

from __future__ import annotations

import logging

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import DataExport, User
from config.privacy import copies
from config.privacy.erasing import erase
from config.privacy.journal import JournalBroken
from config.privacy.kept import UNCONFIRMED_KEPT
from config.privacy.making import start

logger = logging.getLogger(__name__)


def erase_due() -> int:
    """Erase whoever asked for it and did not come back in time; one by one, so that what is done stays done."""
    due = User.objects.filter(erasure_due_at__lte=timezone.now()).order_by("erasure_due_at")
    return sum(_erased(pk) for pk in list(due.values_list("pk", flat=True)))


def _erased(pk: int) -> bool:
    """One that fails is named in the log and keeps nobody else from going; a broken journal keeps everybody."""
    try:
        return erase(pk, only_if_due=True) is not None
    except JournalBroken:
        raise
    except Exception:
        logger.exception("Account %s could not be erased; the next night tries again.", pk)
        return False


def tidy_copies() -> int:
    """Delete copies past their day, and make those whose making was lost."""
    gone = copies.forget_old()
    for copy in DataExport.objects.being_made():
        start(copy)
    return gone


def drop_unconfirmed() -> int:
    """Erase accounts whose address nobody ever confirmed."""
    old = User.objects.filter(date_joined__lt=timezone.now() - UNCONFIRMED_KEPT, last_login=None)
    never = old.filter(is_staff=False, is_superuser=False, emailaddress__verified=False).exclude(
        emailaddress__verified=True
    )
    return sum(erase(pk) is not None for pk in list(never.distinct().values_list("pk", flat=True)))


def end_sessions() -> int:
    """Delete sessions that have run out."""
    number, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return number
