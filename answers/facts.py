"""Asking an asker for one missing fact, and giving it or not. Each verb is one transaction with a named actor.

All of them lock the question first, so that two tabs, or a doctor and an asker, come one after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from answers.models import FactAsked, FactGiven
from answers.permissions import (
    asking_doctor,
    may_ask_more,
    may_change_fact,
    may_change_given,
    may_give,
)
from core.editing import edit
from core.enums import State
from core.moderation import transition
from core.writing import require_writer

if TYPE_CHECKING:
    from accounts.models import User
    from questions.models import Question

NOT_NOW = "What the doctor asked is not open any more."


class EnoughAsked(PermissionDenied):
    """As much is asked of one person about one question as may be."""


def ask_fact(*, question: Question, by: User, text: str) -> FactAsked:
    """A question to the asker awaiting review; while one of this doctor's is open, that one.

    Raises PermissionDenied, or EnoughAsked.
    """
    require_writer(by)
    with transaction.atomic():
        row = type(question).locked(question.pk)
        doctor = asking_doctor(by, row)
        if doctor is None:
            raise PermissionDenied("Only doctors verified now may ask, and only somebody who can answer.")
        open_now = FactAsked.objects.open().filter(question=row, doctor=doctor).first()
        if open_now is not None:
            return open_now
        if not may_ask_more(doctor, row):
            raise EnoughAsked("Enough has been asked about this question.")
        asked = FactAsked.objects.create(question=row, doctor=doctor, text=text)
        transition(asked, to=State.PENDING, by=by)
    return asked


def change_fact(*, asked: FactAsked, by: User, text: str) -> FactAsked:
    """Ask it otherwise while it waits, or again after it was sent back."""
    require_writer(by)
    return edit(asked, by=by, may=may_change_fact, fields={"text": text}, prepare=lambda _: None)


def withdraw_fact(*, asked: FactAsked, by: User) -> FactAsked:
    """Take it back; what the asker gave goes out of sight with it. Raises a TransitionError."""
    transition(asked, to=State.WITHDRAWN, by=by)
    return asked


def give_fact(*, asked: FactAsked, by: User, text: str) -> FactGiven:
    """A reply awaiting review, also changed, or sent again after it was sent back or withdrawn.

    Raises PermissionDenied where what stands there is decided, or nothing is asked any more.
    """
    require_writer(by)
    with transaction.atomic():
        row = _held(asked, by)
        given = FactGiven.objects.filter(asked=row).first()
        if given is not None:
            changed: FactGiven = edit(
                given, by=by, may=may_change_given, fields={"text": text}, prepare=lambda _: None
            )
            return changed
        given = FactGiven.objects.create(asked=row, text=text)
        transition(given, to=State.PENDING, by=by)
    return given


def decline_fact(*, asked: FactAsked, by: User) -> FactGiven:
    """Rather not say, or take back what one said. Nobody is told; the doctor waits no longer.

    Raises PermissionDenied, or a TransitionError where it was refused before.
    """
    require_writer(by)
    with transaction.atomic():
        row = FactAsked.locked(asked.pk)
        given = FactGiven.objects.filter(asked=row).first()
        if given is None:
            given = FactGiven.objects.create(asked=_held(row, by))
        if given.state != State.WITHDRAWN:  # else the same form sent again
            transition(given, to=State.WITHDRAWN, by=by)
    return given


def _held(asked: FactAsked, by: User) -> FactAsked:
    """What was asked as it stands now, if this person may say something to it."""
    row = FactAsked.locked(asked.pk)
    if not may_give(by, row):
        raise PermissionDenied(NOT_NOW)
    return row
