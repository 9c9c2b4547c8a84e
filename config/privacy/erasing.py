"""Erasing a person: what goes, what stays without them, and the line in the journal; all of it or nothing.

``config.privacy.kept`` says what becomes of each kind of row; this does it, and a test holds the two together.
"""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.forms import asked_for
from accounts.models import DataExport, Erasure, Notification, User
from accounts.services import system_user
from answers.models import Answer, HelpfulVote
from answers.threads import refresh_many
from config.privacy import doctors, files, journal, questions, reviews
from config.privacy.kept import SUBJECTS
from config.privacy.kinds import After
from config.privacy.trail import Traces, entries_to_empty, has_decided, traces_of
from core.forgetting import forget_words
from core.images.models import Photo
from core.images.photos import purge
from core.models import Amendment, Appeal, Claim, Report, Signal

FORMER_MEMBER = "former-member"
WORDS_GONE = "Erased with its author’s account."
TOMBSTONES = "erased.invalid"
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
logger = logging.getLogger(__name__)


def erase(pk: int, *, only_if_due: bool = False) -> Erasure | None:
    """Erase this account and all that the table says goes with it; ``None`` if it is not there or no person's.

    With ``only_if_due`` it has to have asked, and not come back until now. Raises JournalBroken, and then nothing
    has happened.
    """
    with transaction.atomic():
        # A copy that is being made holds its row: once it is written, its file is known and goes too.
        list(DataExport.objects.select_for_update().filter(user=pk))
        user = User.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if user is None or user.email.endswith(f"@{TOMBSTONES}"):
            return None
        if only_if_due and (user.erasure_due_at is None or user.erasure_due_at > timezone.now()):
            return None
        traces = traces_of(user)
        doomed = files.of(user)
        _take_apart(user, traces)
        with journal.noted(user) as erasure:
            _part_from_trail(user, traces, erasure)
            _end(user)
        transaction.on_commit(lambda: files.delete(doomed))
    return erasure


def erased(pk: int, *, only_if_due: bool = False) -> bool:
    """One that fails is named in the log and keeps nobody else from going; a broken journal keeps everybody."""
    try:
        return erase(pk, only_if_due=only_if_due) is not None
    except journal.JournalBroken:
        raise
    except Exception:
        logger.exception("Account %s could not be erased; the next night tries again.", pk)
        return False


def _take_apart(user: User, traces: Traces) -> None:
    """Everything but the trail and the account itself."""
    purge(Photo.objects.filter(owner=user))
    touched = _votes(user)
    touched |= questions.take_apart(user, traces)
    touched |= doctors.take_apart(user, traces)
    reviews.take_apart(user, traces)
    refresh_many(touched)
    _spoken_up(user, traces)
    for kind in (Amendment, Signal, Claim, Notification):
        kind._default_manager.filter(traces.about_what_goes()).delete()
    Claim.objects.filter(by=user).delete()
    cache.delete(asked_for(user.handle))


def _votes(user: User) -> set[int]:
    """Votes go; the counts they were part of are brought in line."""
    votes = HelpfulVote.objects.filter(user=user)
    voted = list(votes.values_list("answer", "answer__question"))
    Answer.objects.filter(pk__in=[answer for answer, _ in voted]).update(helpful_count=F("helpful_count") - 1)
    votes.delete()
    return {question for _, question in voted}


def _spoken_up(user: User, traces: Traces) -> None:
    """That somebody reported or appealed is counted in public; what they wrote is theirs."""
    reports, appeals = Report.objects.filter(reporter=user), Appeal.objects.filter(author=user)
    for rows in (reports, appeals):
        for row in rows:
            traces.goes(row)
        rows.exclude(decided_at=None).update(reason=WORDS_GONE)
    reports.update(text=WORDS_GONE, reporter=None)
    appeals.update(text=WORDS_GONE, author=None)
    about = Report.objects.filter(traces.about_what_goes() | traces.naming("text"))
    about.exclude(text="").update(text=WORDS_GONE)
    about.exclude(decided_at=None).update(reason=WORDS_GONE)


def _part_from_trail(user: User, traces: Traces, erasure: Erasure) -> None:
    stand_in = system_user(FORMER_MEMBER)
    forget_words(entries_to_empty(traces), gone=user, stand_in=stand_in, about=erasure)


def _end(user: User) -> None:
    """The account goes, and with it what cascades; where decisions lead to it, a row without a person stays."""
    if not has_decided(user):
        user.delete()
        return
    going = [rows for subject in SUBJECTS if subject.after == After.GONE for rows in subject.rows]
    for rows in going:
        if rows.model != "accounts.user":
            rows.of(user).delete()
    mark = secrets.token_hex(6)
    user.groups.clear()
    user.user_permissions.clear()
    user.email, user.handle = f"{mark}@{TOMBSTONES}", f"former-moderator-{mark}"
    user.is_active = user.is_staff = user.is_superuser = False
    user.is_adult_since = user.last_login = user.suspended_until = user.erasure_due_at = None
    user.date_joined = NO_DAY
    user.set_unusable_password()
    user.save()
