"""What a reader keeps and follows. Each verb is one transaction with a named actor.

These are a person's own notes, of no consequence to anybody else, and leave no trace in the audit trail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from questions.models import Follow, Question, SavedQuestion
from treatments.merging import treatment_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from treatments.models import Treatment

# Lists that are read as a whole; everything followed is looked at for news whenever the person comes by.
SAVED_AT_MOST = 500
FOLLOWED_AT_MOST = 100


class TooMany(PermissionDenied):
    """Somebody keeps or follows as much as one may; the message says what to do."""


def _one_at_a_time(by: User) -> None:
    """Requests of one person wait for each other, so that none slips past what may be kept or followed at most."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def keep_question(*, question: Question, by: User) -> None:
    """Put a public thread on somebody's list. The unique pair in the database decides races. Raises TooMany."""
    with transaction.atomic():
        _one_at_a_time(by)
        if not any(row.is_public for row in _held([question.pk])):
            raise PermissionDenied("Only a public thread can be kept.")
        others = SavedQuestion.objects.filter(user=by).exclude(question=question)
        if others.count() >= SAVED_AT_MOST:
            raise TooMany(f"You keep {SAVED_AT_MOST} threads already; take one off your list first.")
        SavedQuestion.objects.get_or_create(question=question, user=by)


def _held(pks: Iterable[int]) -> list[Question]:
    """These questions as they are now, held in the order of their keys: none becomes a duplicate meanwhile."""
    rows = Question.objects.filter(pk__in=list(pks)).select_for_update(no_key=True)
    return list(rows.only("state", "duplicate_of").order_by("pk"))


def let_go(*, questions: Iterable[int], by: User) -> None:
    """Take threads off somebody's list."""
    SavedQuestion.objects.filter(question__in=list(questions), user=by).delete()


def take_over(*, questions: Sequence[int], by: User) -> None:
    """Put what a browser kept on the account of the person who has signed in there; what is there stays as it is.

    Of a duplicate it is the thread that it leads to.
    """
    with transaction.atomic():
        known = {row.pk: row.duplicate_of_id or row.pk for row in _held(questions)}
        kept = dict.fromkeys(known[pk] for pk in questions if pk in known)
        rows = [SavedQuestion(user=by, question_id=pk) for pk in kept]
        SavedQuestion.objects.bulk_create(rows, ignore_conflicts=True)


def follow(*, by: User, question: Question | None = None, treatment: Treatment | None = None) -> Follow:
    """Want to hear of one of the two; what is there now is no news. Raises TooMany."""
    with transaction.atomic():
        treatment = treatment_now(treatment) if treatment else None
        _one_at_a_time(by)
        is_hidden = question and not any(row.is_public for row in _held([question.pk]))
        if is_hidden or (treatment and not treatment.is_reviewed):
            raise PermissionDenied("Only what is public can be followed.")
        followed = Follow.objects.filter(user=by, question=question, treatment=treatment).first()
        if followed is not None:
            return followed
        if Follow.objects.filter(user=by).count() >= FOLLOWED_AT_MOST:
            raise TooMany(f"You follow {FOLLOWED_AT_MOST} things already; take one off your list first.")
        return Follow.objects.get_or_create(user=by, question=question, treatment=treatment)[0]


def unfollow(*, by: User, question: Question | None = None, treatment: Treatment | None = None) -> None:
    Follow.objects.filter(user=by, question=question, treatment=treatment).delete()


def mark_seen(*, follows: Iterable[Follow], by: User, at: datetime) -> None:
    """The news of these, as they stood at that moment, have been looked at; later ones have not."""
    Follow.objects.filter(pk__in=[row.pk for row in follows], user=by, seen_at__lt=at).update(seen_at=at)
