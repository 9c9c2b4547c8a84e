"""Which steps the desk offers, and taking one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from config.desk.kinds import Kind
from core.claims import settle
from core.enums import Actor, State
from core.moderation import TRANSITIONS, NotPossible, edges_for
from core.moderation import transition as take_step
from doctors.models import Case, Portrait

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated

# A version that was public is part of the history of its question or answer, and is hidden with that.
NOT_FOR_EDITS = frozenset({(State.PUBLISHED, State.REMOVED), (State.REMOVED, State.PUBLISHED)})


# One key per step; those that never stand beside each other may share one.
KEYS = {
    "publish": "p",
    "send back": "s",
    "reject": "r",
    "remove": "x",
    "restore": "x",
    "reopen": "o",
    "submit": "b",
}


@dataclass(frozen=True)
class Step:
    """A button: what it says, its key, whether a reason comes first."""

    verb: str
    key: str
    needs_reason: bool


def steps_for(kind: Kind, obj: Moderated, user: User) -> dict[State, Step]:
    """What the buttons say: the moderator's steps, and submitting what one entered for somebody else."""
    own = obj.author_user_id() == user.pk
    return {
        to: Step(edge.verb, KEYS[edge.verb], edge.needs_reason)
        for to, edge in edges_for(obj, user).items()
        if (edge.actor == Actor.MODERATOR or not own) and _offered(kind, obj, to)
    }


def decide(
    kind: Kind, obj: Moderated, *, to: str, by: User, reason: str, version: int, code: str = ""
) -> None:
    """Take the step; raises a TransitionError whose message the moderator is shown."""
    if not _offered(kind, obj, State(to)):
        raise NotPossible("This is not decided here: a version that was public goes with what it belongs to.")
    try:
        with transaction.atomic():
            take_step(obj, to=to, by=by, reason=reason, code=code, version=version)
            settle(obj)
    except IntegrityError as error:
        if isinstance(obj, Case):
            raise NotPossible("The consent does not cover this any more. Nothing was changed.") from error
        if isinstance(obj, Portrait):
            raise NotPossible("Another portrait of this doctor waits; decide on that one first.") from error
        raise NotPossible("Another edit of the same text waits already; decide on that one first.") from error


def _offered(kind: Kind, obj: Moderated, to: State) -> bool:
    step = (State(obj.state), to)
    if step in TRANSITIONS and TRANSITIONS[step].within:
        return False  # taken back is what was decided with others, by its undo
    return not (kind.parent and step in NOT_FOR_EDITS)
