"""The one door for changes of state: a table that can be printed, and the function that keeps to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.enums import Actor, State
from core.rules.running import hold
from core.signals import transitioned
from core.writing import may_write

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated


@dataclass(frozen=True)
class Edge:
    """One permitted step: what it is called, who may take it, whether it must be explained.

    ``by_stand_in``: the moderator who entered something for somebody without a page to send it from may
    send it too, and by that gives up deciding on it (``Moderated.stand_in_id``).
    ``while_suspended``: an account that may not write may still take it. ``after_sending_back`` is what the
    same step is when somebody who moderates takes back that a text was sent back. ``within``: only whoever took
    the step before may take this one, for so long, and no button offers it.
    """

    verb: str
    actor: Actor
    needs_reason: bool = False
    by_stand_in: bool = False
    while_suspended: bool = False
    after_sending_back: Edge | None = None
    within: timedelta | None = None


REOPEN = Edge("reopen", Actor.MODERATOR, needs_reason=True)
WITHDRAW = Edge("withdraw", Actor.AUTHOR, while_suspended=True)
# How long a moderator may undo what they decided about several things at once.
UNDO = timedelta(minutes=10)

TRANSITIONS: dict[tuple[State, State], Edge] = {
    (State.DRAFT, State.PENDING): Edge("submit", Actor.AUTHOR, by_stand_in=True, after_sending_back=REOPEN),
    (State.DRAFT, State.WITHDRAWN): WITHDRAW,
    (State.PENDING, State.PUBLISHED): Edge("publish", Actor.MODERATOR),
    (State.PENDING, State.DRAFT): Edge("send back", Actor.MODERATOR, needs_reason=True),
    (State.PENDING, State.REJECTED): Edge("reject", Actor.MODERATOR, needs_reason=True),
    (State.PENDING, State.WITHDRAWN): WITHDRAW,
    (State.PUBLISHED, State.PENDING): Edge("take back", Actor.MODERATOR, needs_reason=True, within=UNDO),
    (State.PUBLISHED, State.REMOVED): Edge("remove", Actor.MODERATOR, needs_reason=True),
    (State.PUBLISHED, State.WITHDRAWN): WITHDRAW,
    (State.REMOVED, State.PUBLISHED): Edge("restore", Actor.MODERATOR, needs_reason=True),
    (State.REJECTED, State.PENDING): REOPEN,
    (State.WITHDRAWN, State.PENDING): Edge("submit again", Actor.AUTHOR),
}


# What is decided against a text: its author is told why, and may appeal.
ADVERSE = ("send back", "reject", "remove")


def every_step() -> list[tuple[State, State, Edge]]:
    """The table as a list: a step that moderators may take otherwise than authors stands in it twice."""
    return [
        (before, to, each)
        for (before, to), edge in TRANSITIONS.items()
        for each in (edge, edge.after_sending_back)
        if each is not None
    ]


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
    steps = {
        to: _edge_of(obj, user, edge)
        for (before, to), edge in TRANSITIONS.items()
        if before == obj.state and edge.within is None
    }
    return {to: edge for to, edge in steps.items() if _may_act(obj, user, edge)}


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
        row.before_transition(to=State(to), by=by)
        before, at = row.state, timezone.now()
        waited = at - row.submitted_at if before == State.PENDING and row.submitted_at else None
        row.state = State(to)
        if edge.within:
            _unpublish(row)
        elif to == State.PENDING:
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
    edge = _edge_of(row, by, edge)
    if not _may_act(row, by, edge):
        raise NotPermitted(_why_not(row, by, edge))
    if edge.needs_reason and not reason.strip():
        raise ReasonMissing(f"To {edge.verb} this, give the author a reason.")
    if edge.within and not _just_done(row, by, edge.within):
        raise NotPossible(
            f"Only whoever decided it can {edge.verb} this, and not any more. Nothing was changed."
        )
    return edge


def _why_not(row: Moderated, by: User, edge: Edge) -> str:
    if edge.actor == Actor.MODERATOR and by.pk in {row.author_user_id(), row.stand_in_id()}:
        return "Nobody decides on what they wrote."
    if edge.actor == Actor.MODERATOR and row.concerns(by):
        return "You have a part in this: somebody else decides."
    return "You may not do this."


def _edge_of(row: Moderated, user: User, edge: Edge) -> Edge:
    """The step as it is for this person: what its author submits, others reopen once it was sent back."""
    was_sent_back = row.moderated_by_id is not None
    if edge.after_sending_back is None or not was_sent_back:
        return edge
    return edge if user.pk in {row.author_user_id(), row.stand_in_id()} else edge.after_sending_back


def _just_done(row: Moderated, by: User, within: timedelta) -> bool:
    return bool(
        row.moderated_at and row.moderated_by_id == by.pk and timezone.now() - row.moderated_at <= within
    )


def _unpublish(row: Moderated) -> None:
    """It waits again as long as it did; a first publication that was undone was none."""
    if row.published_at == row.moderated_at:
        row.published_at = None


def _may_act(row: Moderated, user: User, edge: Edge) -> bool:
    """Authors act on their own things, moderators on other people's affairs, inactive accounts on nothing.

    A suspended account takes back what is its own, and nothing else.
    """
    if not (may_write(user) or (user.is_active and edge.while_suspended)):
        return False
    is_author = row.author_user_id() == user.pk
    if edge.actor == Actor.AUTHOR and (is_author or not edge.by_stand_in):
        return is_author
    moderates = not is_author and user.has_perm(row.moderate_permission())
    stands_in = edge.actor == Actor.AUTHOR
    if not moderates or user.pk in row.party_ids():
        return False
    return (row.stand_in_id() == user.pk) is stands_in
