"""What is due every night about what people are told. Each may run twice, and be interrupted."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.enums import LetterState, Rhythm
from accounts.models import Letter, Notification
from accounts.tasks import send_between

# People whose summaries are written in one transaction.
BATCH = 5000
# How long one finds what one was told: read, and unread.
READ_KEPT, KEPT = timedelta(days=180), timedelta(days=365)
# Mail that waits longer than its tasks try by themselves gets a new task.
OVERDUE = timedelta(hours=2)


def write_daily() -> str:
    return _said(_write(Rhythm.DAILY, f"daily {timezone.localdate():%Y-%m-%d}"))


def write_weekly() -> str:
    """Once in each calendar week, on the first night that this runs in it."""
    return _said(_write(Rhythm.WEEKLY, f"weekly {timezone.localdate():%G-W%V}"))


def send_overdue() -> str:
    """Letters whose tasks were given up, while the mail server was away for instance."""
    rows = Letter.objects.filter(
        state__in=[LetterState.WAITING, LetterState.CLAIMED], written_at__lt=timezone.now() - OVERDUE
    )
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    send_between(pks)
    return f"{len(pks)} overdue letters go to the worker again"


def forget_old() -> str:
    """Notifications after their time, and the letters nothing refers to any more."""
    now = timezone.now()
    old = Notification.objects.filter(
        Q(read_at__isnull=False, told_at__lt=now - READ_KEPT) | Q(told_at__lt=now - KEPT)
    )
    notifications, _ = old.delete()
    done = Letter.objects.filter(
        ~Exists(Notification.objects.filter(letter=OuterRef("pk"))), written_at__lt=now - READ_KEPT
    )
    letters, _ = done.exclude(state__in=[LetterState.WAITING, LetterState.CLAIMED]).delete()
    return f"{notifications} notifications and {letters} letters deleted"


def _write(rhythm: Rhythm, key: str) -> int:
    """One letter for everybody with something unread that no letter holds; who has got this one waits for the next."""
    written = 0
    waiting = Notification.objects.filter(letter=None, read_at=None, rhythm=rhythm)
    unserved = waiting.exclude(to__in=Letter.objects.filter(key=key).values("to"))
    while people := list(unserved.order_by("to").values_list("to", flat=True).distinct()[:BATCH]):
        with transaction.atomic():
            Letter.objects.bulk_create(
                (Letter(to_id=pk, key=key, topic=rhythm) for pk in people), ignore_conflicts=True
            )
            own = Letter.objects.filter(key=key, to__in=people)
            theirs = Letter.objects.filter(key=key, to=OuterRef("to")).order_by()
            waiting.filter(to__in=people).update(letter=Subquery(theirs.values("pk")))
            send_between(sorted(own.values_list("pk", flat=True)))
        written += len(people)
    return written


def _said(number: int) -> str:
    return f"{number} summaries written"
