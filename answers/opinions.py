"""Co-signing and disputing another doctor's answer. Each verb is one transaction with a named actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from answers.enums import OpinionKind
from answers.models import Answer, SecondOpinion, current_number
from answers.permissions import may_change_opinion, seconding_doctor
from core.editing import edit
from core.enums import State
from core.moderation import Stale, transition
from core.writing import require_writer

if TYPE_CHECKING:
    from accounts.models import User

CHANGED = "The answer has been changed since you opened this page. Read it again, then send."


def give_opinion(*, answer: Answer, by: User, about: int, **said: Any) -> SecondOpinion:
    """A second opinion awaiting review. Sent twice, it is one: the first that arrived.

    ``about`` is the number of the version that was read; ``said`` is kind, note and, for a dispute, stance and
    reason, all cleaned. Raises PermissionDenied, or Stale when readers see another version by now.
    """
    require_writer(by)
    with transaction.atomic():
        row = _locked(answer)
        doctor = seconding_doctor(by, row)
        if doctor is None:
            raise PermissionDenied("Only doctors verified now may do this, and not to their own answer.")
        earlier = SecondOpinion.objects.filter(answer=row, doctor=doctor).first()
        if earlier is not None:
            return earlier
        opinion = SecondOpinion(answer=row, doctor=doctor, **_position(row, about=about, **said))
        opinion.save()
        transition(opinion, to=State.PENDING, by=by)
    return opinion


def change_opinion(*, opinion: SecondOpinion, by: User, about: int, **said: Any) -> SecondOpinion:
    """Say it otherwise while nobody reads it, or again after it was sent back or withdrawn; as give_opinion()."""
    require_writer(by)
    with transaction.atomic():
        position = _position(_locked(opinion.answer), about=about, **said)
        return edit(opinion, by=by, may=may_change_opinion, fields=position, prepare=lambda _: None)


def withdraw_opinion(*, opinion: SecondOpinion, by: User) -> SecondOpinion:
    """Take it back; it stops counting at once."""
    transition(opinion, to=State.WITHDRAWN, by=by)
    return opinion


def _locked(answer: Answer) -> Answer:
    """The public answer as it stands now: no new version comes between what is read of it and what is written."""
    row = Answer.objects.public().select_for_update(of=("self",)).filter(pk=answer.pk).first()
    if row is None:
        raise PermissionDenied("This answer is not public now.")
    return row


def _position(
    answer: Answer, *, about: int, kind: str, stance: str = "", reason: str = "", note: str = ""
) -> dict[str, Any]:
    """The fields of a second opinion. A co-signature takes the stance of the version it is about."""
    current = Answer.objects.annotate(number=current_number("pk")).values_list("number", flat=True)
    if about != current.get(pk=answer.pk):
        raise Stale(CHANGED)
    if kind == OpinionKind.COSIGN:
        stance, reason = answer.stance, ""
    return {"kind": kind, "stance": stance, "reason": reason, "note": note, "about_number": about}
