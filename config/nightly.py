"""What ``manage.py nightly`` does, in this order. Each chore may run twice, and be interrupted at any point.

A chore is a function that does everything that is due and says in a few words what that was. It works in transactions
of its own and takes the time that has passed from the rows, so that a night that was missed is made up for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts import chores as telling
from accounts.sessions import SessionStore
from answers import chores as answering
from config.backups.restoring import erase_again
from config.privacy import chores as privacy
from core.background import forget_done
from core.images import chores as pictures
from core.models import Claim
from doctors import chores as verifying
from doctors import portraying


@dataclass(frozen=True)
class Chore:
    """``do`` returns what the command prints after the name."""

    name: str
    do: Callable[[], str]


def end_sessions() -> str:
    """Sessions that are over by their date."""
    SessionStore.clear_expired()
    return "those that are over are deleted"


def end_claims() -> str:
    """What moderators had open yesterday."""
    number, _ = Claim.objects.filter(until__lt=timezone.now() - timedelta(days=1)).delete()
    return f"{number} of moderators deleted"


def bring_nobody_back() -> str:
    """A restore that failed half-way has left its last step to the night."""
    return f"{erase_again()} erased again"


def forget_tasks() -> str:
    return f"{forget_done()} deleted"


CHORES: tuple[Chore, ...] = (
    Chore("verifications", verifying.tell_run_out),
    Chore("credentials", verifying.tell_due),
    Chore("consents", verifying.tell_of_consents),
    Chore("safety notices", answering.tell_of_notices),
    Chore("questions", answering.route),
    Chore("outcomes", answering.ask_askers),
    Chore("reviews", verifying.ask_how_it_is),
    Chore("numbers of reviews", verifying.move_numbers),
    Chore("daily summaries", telling.write_daily),
    Chore("weekly summaries", telling.write_weekly),
    Chore("mail", telling.send_overdue),
    Chore("notifications", telling.forget_old),
    Chore("erasures", privacy.erase_due),
    Chore("whoever a restore brought back", bring_nobody_back),
    Chore("unconfirmed accounts", privacy.drop_unconfirmed),
    Chore("copies of people's data", privacy.tidy_copies),
    Chore("portraits", portraying.let_go),
    Chore("pictures", pictures.tidy),
    Chore("proofs", verifying.tidy_proofs),
    Chore("sessions", end_sessions),
    Chore("claims", end_claims),
    Chore("tasks", forget_tasks),
)
