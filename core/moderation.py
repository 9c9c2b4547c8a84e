"""The one door for changes of state: a table that can be printed, and the function that keeps to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.enums import Actor, State
from core.rules.running import hold
from core.signals import transitioned

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated


@dataclass(frozen=True)
class Edge:
    """One permitted step: what it is called, who may take it, whether it must be explained.

    ``by_stand_in``: the moderator who entered something for somebody without a page to send it from may
    send it too, and by that gives up deciding on it (``Moderated.stand_in_id``).
    """

    verb: str
    actor: Actor
    needs_reason: bool = False
    by_stand_in: bool = False


TRANSITIONS: dict[tuple[State, State], Edge] = {
    (State.DRAFT, State.PENDING): Edge("submit", Actor.AUTHOR, by_stand_in=True),
    (State.DRAFT, State.WITHDRAWN): Edge("withdraw", Actor.AUTHOR),
    (State.PENDING, State.PUBLISHED): Edge("publish", Actor.MODERATOR),
    (State.PENDING, State.DRAFT): Edge("send back", Actor.MODERATOR, needs_reason=True),
    (State.PENDING, State.REJECTED): Edge("reject", Actor.MODERATOR, needs_reason=True),
    (State.PENDING, State.WITHDRAWN): Edge("withdraw", Actor.AUTHOR),
    (State.PUBLISHED, State.REMOVED): Edge("remove", Actor.MODERATOR, needs_reason=True),
    (State.PUBLISHED, State.WITHDRAWN): Edge("withdraw", Actor.AUTHOR),
    (State.REMOVED, State.PUBLISHED): Edge("restore", Actor.MODERATOR, needs_reason=True),
    (State.REJECTED, State.PENDING): Edge("reopen", Actor.MODERATOR, needs_reason=True),
    (State.WITHDRAWN, State.PENDING): Edge("submit again", Actor.AUTHOR),
}


class TransitionError(Exception):
    """A step that may not be taken. Its message is written for the person who tried."""


class NotPossible(TransitionError):
    """The table has no such step: usually somebody else decided first."""


class NotPermitted(TransitionError):
    """The step exists, but not for this person."""


class ReasonMissing(TransitionError):
    """A decision against somebody's text must be explained to them."""


class Stale(TransitionError):
    """What was shown when the decision was made is not what stands there now."""


def edges_for(obj: Moderated, user: User) -> dict[State, Edge]:
    """The steps this user may take from where ``obj`` stands now."""
    return {
        to: edge
        for (before, to), edge in TRANSITIONS.items()
        if before == obj.state and _may_act(obj, user, edge)
    }


def transition(
    obj: Moderated, *, to: str, by: User, reason: str = "", code: str = "", version: int | None = None
) -> Moderated:
    """Lock, check, save and audit in one transaction; ``obj`` is brought up to date and returned.

    ``code`` names the listed reason that ``reason`` begins with, if it does. ``version`` is the version the
    decision was made about; when the row has moved on, :class:`Stale` is raised and nothing happens. Raises
    a :class:`TransitionError` whose message can be shown.
    """
    with transaction.atomic():
        row = type(obj).locked(obj.pk)
        edge = _checked_edge(row, to=to, by=by, reason=reason, version=version)
        before, at = row.state, timezone.now()
        waited = at - row.submitted_at if before == State.PENDING and row.submitted_at else None
        row.state = State(to)
        if to == State.PENDING:
            row.submitted_at = at
            row.risk = hold(row)
        if to == State.PUBLISHED and row.published_at is None:
            row.published_at = at
        if edge.actor == Actor.MODERATOR:
            row.moderated_at, row.moderated_by, row.moderation_reason = at, by, reason.strip()
        row.save()
        record(
            actor=by,
            action=edge.verb,
            obj=row,
            before=before,
            after=to,
            reason=reason.strip(),
            code=code,
            waited=waited if edge.actor == Actor.MODERATOR else None,
            at=at,
        )
        row.after_transition(before=before, by=by, at=at)
        transitioned.send(sender=type(row), obj=row, before=before, after=to, by=by)
    obj.refresh_from_db()
    return obj


def _checked_edge(row: Moderated, *, to: str, by: User, reason: str, version: int | None) -> Edge:
    edge = TRANSITIONS.get((State(row.state), State(to)))
    if edge is None:
        by_whom = row.moderated_by if row.state != State.PENDING else None
        who = f"{by_whom.handle} has decided meanwhile: this" if by_whom else "This"
        raise NotPossible(f"{who} is “{row.get_state_display()}” now. Nothing was changed.")
    if version is not None and row.version != version:
        raise Stale("The author changed this while you were reading. Nothing was decided; look at it again.")
    if not _may_act(row, by, edge):
        own = edge.actor == Actor.MODERATOR and by.pk in {row.author_user_id(), row.stand_in_id()}
        raise NotPermitted("Nobody decides on what they wrote." if own else "You may not do this.")
    if edge.needs_reason and not reason.strip():
        raise ReasonMissing(f"To {edge.verb} this, give the author a reason.")
    return edge


def _may_act(row: Moderated, user: User, edge: Edge) -> bool:
    """Authors act on their own things, moderators on other people's, inactive accounts on nothing."""
    if not user.is_active:
        return False
    is_author = row.author_user_id() == user.pk
    if edge.actor == Actor.AUTHOR and (is_author or not edge.by_stand_in):
        return is_author
    moderates = not is_author and user.has_perm(row.moderate_permission())
    stands_in = edge.actor == Actor.AUTHOR
    return moderates and (row.stand_in_id() == user.pk) is stands_in
