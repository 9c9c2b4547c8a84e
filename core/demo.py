"""What all parts of the demonstration share: chance that is always the same, and the way to a state."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from core.enums import State
from core.moderation import transition

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated

# The decisions after submission that lead to each state.
WAY_TO: dict[State, tuple[State, ...]] = {
    State.PENDING: (),
    State.DRAFT: (State.DRAFT,),
    State.REJECTED: (State.REJECTED,),
    State.PUBLISHED: (State.PUBLISHED,),
    State.REMOVED: (State.PUBLISHED, State.REMOVED),
    State.WITHDRAWN: (State.PUBLISHED, State.WITHDRAWN),
}
NEEDS_REASON = frozenset({State.DRAFT, State.REJECTED, State.REMOVED})


def pick(key: str, below: int) -> int:
    """A number from 0 to ``below`` - 1 that looks like chance and is the same for this key every time."""
    return crc32(key.encode()) % below


def decide(obj: Moderated, *, state: str, by: User, reason: str = "", code: str = "") -> None:
    """Take the first decision about something submitted that is to end in ``state``, if there is any."""
    for to in WAY_TO[State(state)][:1]:
        is_for = to == State.PUBLISHED
        transition(obj, to=to, by=by, reason="" if is_for else reason, code="" if is_for else code)


def was_public(state: str) -> bool:
    """Whether what ends in ``state`` was readable by all at some time."""
    return State.PUBLISHED in WAY_TO[State(state)]
