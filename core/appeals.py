"""Objecting to a decision, and deciding on that: somebody else looks once more. Each verb is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audit import record
from core.decided import APPEAL_DAYS, appeal_until
from core.enums import AppealState, State
from core.models import Appeal, AuditEntry, Moderated
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale, transition
from core.statements import standing_decision
from core.writing import may_write

if TYPE_CHECKING:
    from accounts.models import User

# What becomes of a thing when the appeal is granted: it is looked at again, or readers have it back at once.
GRANTED = {"send back": State.PENDING, "reject": State.PENDING, "remove": State.PUBLISHED}


def file_appeal(*, obj: Moderated, by: User, text: str) -> Appeal:
    """An open appeal against the decision that stands. Sent twice, it is one: the first that arrived.

    A suspended account may object too. Raises PermissionDenied for others than the author, and NotPossible where
    there is nothing to object to (any more).
    """
    with transaction.atomic():
        row = type(obj).locked(obj.pk)
        if not by.is_active or row.author_user_id() != by.pk:
            raise PermissionDenied("Only its author appeals against a decision.")
        entry = standing_decision(row)
        if entry is None:
            raise NotPossible("There is no decision against it now.")
        earlier = Appeal.objects.filter(entry=entry).first()
        if earlier is not None:
            return earlier
        if timezone.now() > appeal_until(entry.at):
            raise NotPossible(f"An appeal is possible for {APPEAL_DAYS} days, and these are over.")
        appeal = Appeal.objects.create(
            entry=entry, object_type=entry.object_type, object_id=entry.object_id, author=by, text=text
        )
        record(actor=by, action="appeal", obj=appeal, after=appeal.state, reason=f"Against “{entry.action}”")
    return appeal


def decide_appeal(*, appeal: Appeal, by: User, to: str, reason: str) -> Appeal:
    """Grant it, and the thing is reopened or restored through the one door; or decline it and say why.

    ``by`` is a senior moderator who neither decided first nor wrote it. Raises a TransitionError.
    """
    if to not in {AppealState.GRANTED, AppealState.DECLINED}:
        raise NotPossible("An appeal is granted or declined.")
    if not reason.strip():
        raise ReasonMissing("Tell the author why.")
    with transaction.atomic():
        target = _locked_target(appeal)
        row = Appeal.objects.select_for_update(of=("self",)).select_related("entry").get(pk=appeal.pk)
        if row.state != AppealState.OPEN:
            raise NotPossible("Somebody has decided meanwhile. Nothing was changed.")
        if not may_decide_appeal(by, row, target):
            raise NotPermitted("An appeal is decided by somebody who neither decided first nor wrote it.")
        at, before = timezone.now(), row.state
        if to == AppealState.GRANTED:
            _undo(row.entry, target, by=by, reason=reason)
        row.state, row.decided_at, row.decided_by, row.reason = AppealState(to), at, by, reason.strip()
        row.save()
        action = "grant appeal" if to == AppealState.GRANTED else "decline appeal"
        record(
            actor=by,
            action=action,
            obj=row,
            before=before,
            after=to,
            reason=row.reason,
            waited=at - row.submitted_at,
            at=at,
        )
    appeal.refresh_from_db()
    return appeal


def may_decide_appeal(user: User, appeal: Appeal, target: Moderated | None) -> bool:
    """Senior moderators; not who decided first, and nobody whose own affair it is."""
    if user.pk in {appeal.author_id, appeal.entry.actor_id} or (target is not None and target.concerns(user)):
        return False
    return may_write(user) and user.has_perm(Appeal.moderate_permission())


def overturned() -> tuple[int, int]:
    """How many appeals were granted, of how many decided."""
    decided = Appeal.objects.exclude(state=AppealState.OPEN)
    return decided.filter(state=AppealState.GRANTED).count(), decided.count()


def _locked_target(appeal: Appeal) -> Moderated | None:
    """The thing before the appeal, as filing locks them: nobody waits for anybody crosswise."""
    model: type[Moderated] = apps.get_model(appeal.object_type)
    return (
        model.locked(appeal.object_id) if model._base_manager.filter(pk=appeal.object_id).exists() else None
    )


def _undo(entry: AuditEntry, target: Moderated | None, *, by: User, reason: str) -> None:
    if target is None:
        raise NotPossible("What was decided on is gone.")
    standing = standing_decision(target)
    if standing is None or standing.pk != entry.pk:
        raise Stale(
            "It has been decided on or changed since then: there is nothing left to undo. Decline, and say so."
        )
    try:
        with transaction.atomic():
            transition(target, to=GRANTED[entry.action], by=by, reason=reason)
    except IntegrityError as error:
        raise NotPossible("Another edit of the same text waits already; decide on that one first.") from error
