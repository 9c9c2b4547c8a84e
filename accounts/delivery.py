"""Handing letters over to the mail server: each once, or twice under one Message-ID where its answer was lost.

A letter is claimed in the database, handed over, and noted as sent. Whoever dies before the claim leaves it waiting;
whoever dies after it leaves a claim that runs out, and the letter goes out again. The claim is made at the last moment,
with the line to the server open, so that it says: this one may have been taken. Lost twice, it is given up.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.core.mail import get_connection
from django.db.models import F
from django.utils import timezone

from accounts.composing import message_of
from accounts.enums import LetterState, Rhythm
from accounts.models import Letter, Notification, Wish
from accounts.notifications import KINDS
from accounts.selectors import due_among

# Letters read together; the claim of each is made when its turn comes.
TOGETHER = 50
TRIES = 5
# Longer than a mail server is waited for (EMAIL_TIMEOUT for each of its answers).
CLAIM_HOLDS = timedelta(minutes=2)
# Of these it is certain that the server did not take the letter.
REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)


class NotSent(Exception):
    """Some letters are still to be sent; the message says how many and why, and nothing of what they say."""


def send(first: int, last: int) -> None:
    """Send what waits between these two, both included. Raises NotSent while some of it has to be tried again."""
    _give_back(first, last)
    troubles: list[str] = []
    at = first
    while letters := _waiting(at, last):
        troubles += _send_together(letters)
        at = letters[-1].pk + 1
    left = Letter.objects.filter(
        pk__range=(first, last), state__in=[LetterState.WAITING, LetterState.CLAIMED]
    ).count()
    if left:
        raise NotSent(f"{left} still to be sent. {' '.join(dict.fromkeys(troubles))}".strip())


def _waiting(first: int, last: int) -> list[Letter]:
    rows = Letter.objects.waiting().filter(pk__range=(first, last))
    return list(rows.select_related("to").order_by("pk")[:TOGETHER])


def _give_back(first: int, last: int) -> None:
    """Claims that ran out: whoever made them died, and nobody knows whether the server took the letter."""
    rows = Letter.objects.claimed().filter(
        pk__range=(first, last), claimed_at__lt=timezone.now() - CLAIM_HOLDS
    )
    for letter in rows:
        _lost(letter, "Nobody noted whether the mail server took it.")


def _send_together(letters: Sequence[Letter]) -> list[str]:
    """Those that still have something to tell, over one line to the server; what went wrong."""
    told = _still_due(letters)
    empty = [letter.pk for letter in letters if not told[letter.pk]]
    Letter.objects.waiting().filter(pk__in=empty).update(state=LetterState.DROPPED)
    troubles = []
    due = [letter for letter in letters if told[letter.pk]]
    if not due:
        return []
    with closing(get_connection()) as line:
        line.open()
        for letter in due:
            troubles += _send_one(letter, told[letter.pk], line)
    return troubles


def _still_due(letters: Sequence[Letter]) -> dict[int, list[Notification]]:
    """What each still has to tell at this moment: a fixed number of queries for all of them."""
    told: dict[int, list[Notification]] = {letter.pk: [] for letter in letters}
    readers = {letter.pk: letter.to for letter in letters}
    rows = Notification.objects.filter(letter__in=told, kind__in=KINDS).order_by("-pk")
    wishes = Wish.objects.filter(user__in=readers.values(), rhythm=Rhythm.NEVER)
    unwanted = set(wishes.values_list("user", "topic"))
    listed = list(rows)
    due = due_among(listed)
    for row in listed:
        kind, reader = KINDS[row.kind], readers[row.letter_id or 0]
        is_open = reader.is_active or kind.reaches_closed
        if row.pk in due and is_open and (reader.pk, kind.setting) not in unwanted:
            row.about = due[row.pk]  # type: ignore[attr-defined]
            told[row.letter_id or 0].append(row)
    return told


def _send_one(letter: Letter, rows: Sequence[Notification], line: Any) -> list[str]:
    try:
        message = message_of(letter, rows)
    except Exception as error:  # of this letter alone: those behind it go out
        return [_not_written(letter, _said(error))]
    claimed = Letter.objects.waiting().filter(pk=letter.pk)
    if not claimed.update(
        state=LetterState.CLAIMED, claimed_at=timezone.now(), tries=F("tries") + 1, trouble=""
    ):
        return []  # somebody else was quicker
    letter.tries += 1
    try:
        line.send_messages([message])
    except REFUSED as error:
        trouble = _put_back(letter, _said(error))
        _hung_up(line)
        return [trouble]
    except Exception as error:
        trouble = _lost(letter, _said(error))
        _hung_up(line)
        return [trouble]
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, sent_at=timezone.now())
    return []


def _hung_up(line: Any) -> None:
    """A server that refuses may end the call (421); whatever comes next is said in a new one."""
    line.close()
    line.open()


def _not_written(letter: Letter, trouble: str) -> str:
    """Tried again with the others of its task, until it was tried often enough."""
    is_over = letter.tries + 1 >= TRIES
    state = LetterState.PARKED if is_over else LetterState.WAITING
    Letter.objects.waiting().filter(pk=letter.pk).update(state=state, tries=F("tries") + 1, trouble=trouble)
    return trouble


def _put_back(letter: Letter, trouble: str) -> str:
    """It was not taken, for certain: once more, until it was tried often enough."""
    is_over = letter.tries >= TRIES
    state = LetterState.PARKED if is_over else LetterState.WAITING
    Letter.objects.claimed().filter(pk=letter.pk).update(state=state, claimed_at=None, trouble=trouble)
    return trouble


def _lost(letter: Letter, trouble: str) -> str:
    """It may have been taken: once more under the same Message-ID, and no third time."""
    state = LetterState.PARKED if letter.lost else LetterState.WAITING
    Letter.objects.claimed().filter(pk=letter.pk, lost=letter.lost).update(
        state=state, claimed_at=None, lost=F("lost") + 1, trouble=trouble
    )
    return trouble


def _said(error: Exception) -> str:
    """The sort of failure and the server's number for it: its words may repeat an address."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip() + "."
