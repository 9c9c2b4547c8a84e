"""Which steps the desk offers, and taking one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from config.desk.kinds import Kind
from core.enums import Actor, State
from core.moderation import Edge, NotPossible, edges_for
from core.moderation import transition as take_step

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated

# A version that was public is part of the history of its question or answer, and is hidden with that.
NOT_FOR_EDITS = frozenset({(State.PUBLISHED, State.REMOVED), (State.REMOVED, State.PUBLISHED)})


def steps_for(kind: Kind, obj: Moderated, user: User) -> dict[State, Edge]:
    """What the buttons say: the moderator's steps, and submitting what one entered for somebody else."""
    own = obj.author_user_id() == user.pk
    return {
        to: edge
        for to, edge in edges_for(obj, user).items()
        if (edge.actor == Actor.MODERATOR or not own) and _offered(kind, obj, to)
    }


def decide(
    kind: Kind, obj: Moderated, *, to: str, by: User, reason: str, version: int, code: str = ""
) -> None:
    """Take the step; raises a TransitionError whose message the moderator is shown."""
    if not _offered(kind, obj, State(to)):
        raise NotPossible("A version that was public is decided on with what it belongs to.")
    try:
        with transaction.atomic():
            take_step(obj, to=to, by=by, reason=reason, code=code, version=version)
    except IntegrityError as error:
        raise NotPossible("Another edit of the same text waits already; decide on that one first.") from error


def _offered(kind: Kind, obj: Moderated, to: State) -> bool:
    return not (kind.parent and (State(obj.state), to) in NOT_FOR_EDITS)
