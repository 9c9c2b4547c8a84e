"""What is done with the pictures of a question. Each verb is one transaction with a named actor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.enums import State
from core.images.photos import forget_days, purge, take
from core.moderation import NotPermitted, NotPossible, ReasonMissing
from core.writing import may_write
from questions.models import Question, QuestionPhoto
from questions.permissions import is_asker

if TYPE_CHECKING:
    from accounts.models import User
    from core.images.forms import Item

GONE = "That picture is gone already."


def attach(question: Question, pictures: Sequence[Item], *, by: User) -> None:
    """For the transaction that makes the question. Raises ValidationError where a picture went meanwhile."""
    photos = take([item.photo.name for item in pictures], by=by, kind=QuestionPhoto)
    QuestionPhoto.objects.bulk_create(
        QuestionPhoto(
            question=question,
            photo=photo,
            position=position,
            caption=item.caption,
            is_sensitive=item.is_covered,
        )
        for position, (photo, item) in enumerate(zip(photos, pictures, strict=True))
    )
    forget_days(photos)


def take_away(held: QuestionPhoto, *, by: User, reason: str = "") -> None:
    """Delete a picture for good: its asker at any time, a moderator with a reason that the asker reads."""
    with transaction.atomic():
        question = Question.locked(held.question_id)
        is_own = is_asker(by, question)
        if not is_own:
            _require_moderator(question, by)
            if not reason.strip():
                raise ReasonMissing("To remove a picture, give the author a reason.")
        row = _row(held)
        action = "take a picture back" if is_own else "remove a picture"
        _record(question, by=by, action=action, reason=reason)
        purge([row.photo])


def cover(held: QuestionPhoto, *, by: User, is_sensitive: bool) -> None:
    """A moderator has a picture shown at once, or only to readers who ask for it."""
    with transaction.atomic():
        question = Question.locked(held.question_id)
        _require_moderator(question, by)
        row = _row(held)
        if row.is_sensitive == is_sensitive:
            return
        row.is_sensitive = is_sensitive
        row.save(update_fields=["is_sensitive"])
        _record(question, by=by, action="cover a picture" if is_sensitive else "uncover a picture")


def _row(held: QuestionPhoto) -> QuestionPhoto:
    row = QuestionPhoto.objects.select_related("photo").filter(pk=held.pk).first()
    if row is None:
        raise NotPossible(GONE)
    return row


def _require_moderator(question: Question, by: User) -> None:
    moderates = may_write(by) and by.has_perm(Question.moderate_permission())
    if not moderates or is_asker(by, question):
        raise NotPermitted("You may not do this.")


def _record(question: Question, *, by: User, action: str, reason: str = "") -> None:
    state = State(question.state)
    record(actor=by, action=action, obj=question, before=state, after=state, reason=reason.strip())
