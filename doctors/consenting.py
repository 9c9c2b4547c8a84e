"""Verbs of a consent: asked for, given, narrowed, taken back. Each is one transaction and one row of its history.

Whoever is not the doctor is refused by PermissionDenied; the person in the pictures comes by a link (``by`` is None).
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.notify import tell_many
from accounts.services import system_user
from core.audit import record
from core.images import journal
from doctors import evidence as files
from doctors.agreement import text_of
from doctors.casework import end
from doctors.enums import ConsentChange, ConsentParty, EndedBy, SignedHow
from doctors.models import Case, Consent, ConsentEvent, ConsentPaper, Doctor
from doctors.notifications import CONSENT_CHANGED, CONSENT_REVOKED
from doctors.permissions import may_show_cases

SUBJECT = "person-in-pictures"
logger = logging.getLogger(__name__)
COVERS_LESS = "The new consent covers less than a case of the old one shows. Withdraw that case first."
ALLOWS_MORE = "A renewal allows what the person agrees to now, and no more. For more, record another consent."
TAKEN_BACK = "The consent that this would renew was taken back. Record another one."
OVER = "The day until which this would hold has passed. Ask the practice for a new link."
SAYS = {
    ConsentChange.ASKED: "consent asked for",
    ConsentChange.GIVEN: "consent given",
    ConsentChange.NARROWED: "consent narrowed",
    ConsentChange.REVOKED: "consent taken back",
    ConsentChange.EXPIRED: "consent ended",
    ConsentChange.LINKED: "new consent link",
}


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str) -> Consent | None:
    """What the person whose link this is agrees to by now; None for one that is wrong or has been replaced.

    The link of a consent that was renewed goes on for what renewed it, so that nobody is cut off from their pictures.
    """
    rows = Consent.objects.select_related("doctor__user", "doctor__specialty")
    found = rows.filter(token_hash=digest(token)).first()
    while (
        found is not None and (later := rows.filter(renews=found, signed_on__isnull=False).last()) is not None
    ):
        found = later
    return found


def ask(
    *,
    doctor: Doctor,
    by: User,
    fields: Mapping[str, Any],
    paper: files.Paper | None = None,
    renews: Consent | None = None,
) -> tuple[Consent, str]:
    """Record a consent, or that one is asked for by a link; with the link's token, which is kept nowhere.

    The cases of the one that it renews go over to it as soon as it is given. Raises ValidationError.
    """
    if doctor.user_id != by.pk or not may_show_cases(by, doctor):
        raise PermissionDenied("Only a doctor who may show cases records a consent.")
    token, text = secrets.token_urlsafe(32), text_of()
    with files.kept(paper) as name, transaction.atomic():
        _require_renewable(renews, fields)
        consent = Consent(
            doctor=doctor,
            renews=renews,
            text_version=text.version,
            text_sha256=text.sha256,
            token_hash=digest(token),
            linked_at=timezone.now(),
            **fields,
        )
        if consent.how == SignedHow.LINK:
            consent.signed_on = None
        consent.full_clean()
        consent.save()
        if paper:
            ConsentPaper.objects.create(consent=consent, **paper.under(name))
        is_given = consent.signed_on is not None
        _note(consent, ConsentChange.GIVEN if is_given else ConsentChange.ASKED, by=by)
        if is_given:
            _take_over(consent)
    return consent, token


def agree(*, consent: Consent) -> Consent:
    """The person says yes on their own page. Said twice, it was said once."""
    with transaction.atomic():
        row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if row.is_waiting:
            if row.until < timezone.localdate():
                raise ValidationError(OVER)
            row.signed_on = timezone.localdate()
            row.save(update_fields=["signed_on"])
            _note(row, ConsentChange.GIVEN, by=None)
            _take_over(row)
            _tell_doctor(row, "given")
    return row


def new_link(*, consent: Consent, by: User) -> str:
    """Another link for the person in the pictures; the one before is dead. Its token is kept nowhere."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = _own(consent, by)
        row.token_hash, row.linked_at = digest(token), timezone.now()
        row.save(update_fields=["token_hash", "linked_at"])
        _note(row, ConsentChange.LINKED, by=by)
    return token


def narrow(*, consent: Consent, uses: list[str], is_identifiable: bool, is_sensitive: bool) -> Consent:
    """Agree to less, from the person's own page; more is never taken from there. Raises ValidationError."""
    with transaction.atomic():
        row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        kept = [use for use in row.uses if use in uses]
        if not kept:
            raise ValidationError("Nothing would be left: take your consent back instead, further down.")
        before = (row.uses, row.is_identifiable, row.is_sensitive)
        row.uses = kept
        row.is_identifiable = row.is_identifiable and is_identifiable
        row.is_sensitive = row.is_sensitive and is_sensitive
        if before == (row.uses, row.is_identifiable, row.is_sensitive) or row.revoked_at:
            return row
        row.save(update_fields=["uses", "is_identifiable", "is_sensitive"])
        event = _note(row, ConsentChange.NARROWED, by=None)
        _tell_doctor(row, f"narrowed {event.pk}")
    return row


def revoke(*, consent: Consent, by: User | None) -> Consent:
    """Take it back: from this moment nothing of its cases is shown, and their pictures are deleted. For good.

    Said twice, it was said once. ``by`` is the doctor, or None for the person in the pictures.
    """
    with transaction.atomic():
        row = _own(consent, by) if by else Consent.objects.get(pk=consent.pk)
        for each in _chain(row):
            _revoke(each, by=by)
        row.refresh_from_db()
    return row


def _chain(row: Consent) -> list[Consent]:
    """With those it renews and those that renew it: whoever takes one back means what they agreed to at all."""
    keys = {row.pk}
    while True:
        found = Q(pk__in=keys) | Q(renewals__in=keys) | Q(renews__in=keys)
        more = set(Consent.objects.filter(found).values_list("pk", flat=True))
        if more == keys:
            return list(Consent.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        keys = more


def _revoke(row: Consent, *, by: User | None) -> None:
    if row.revoked_at is not None:
        return
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    event = _note(row, ConsentChange.REVOKED, by=by)
    ended = EndedBy.DOCTOR if by else EndedBy.SUBJECT
    cases = end(Case.objects.filter(consent=row), ended_by=ended, by=by or system_user(SUBJECT))
    files.drop_later(row.papers.values_list("name", flat=True))
    row.papers.all().delete()
    if by is None:
        _tell_doctor(row, "revoked")
    _tell_moderators(row, event, cases)
    _keep_in_mind(row)


def mark(consent: Consent) -> str:
    """By which a consent of an old backup is known: keys are given again after a restore, the moment is not."""
    return f"consent-{digest(f'{consent.pk} {consent.created_at.timestamp():.6f}')}"


def revoke_again(marks: set[str]) -> int:
    """Those of a backup that were taken back after it was made; how many."""
    standing = [row for row in Consent.objects.filter(revoked_at=None) if mark(row) in marks]
    for row in standing:
        revoke(consent=row, by=None)
    return len(standing)


def note_expiry(consent: Consent) -> None:
    """Put on record that its day has passed; once."""
    with transaction.atomic():
        row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if row.is_expired and not row.events.filter(change=ConsentChange.EXPIRED).exists():
            _note(row, ConsentChange.EXPIRED, by=None, party=ConsentParty.SITE)


def _keep_in_mind(row: Consent) -> None:
    """Beside the database, for a backup that does not know of it. A disk that refuses keeps nobody from taking back."""
    try:
        journal.note([mark(row)])
    except OSError:
        logger.exception("A consent that was taken back could not be noted for restores.")


def _own(consent: Consent, by: User) -> Consent:
    row = Consent.objects.select_related("doctor").select_for_update(of=("self",)).get(pk=consent.pk)
    if row.doctor.user_id != by.pk:
        raise PermissionDenied("This consent was given to another doctor.")
    return row


def _note(
    row: Consent, change: ConsentChange, *, by: User | None, party: ConsentParty | None = None
) -> ConsentEvent:
    party = party or (ConsentParty.DOCTOR if by else ConsentParty.SUBJECT)
    record(
        actor=by or system_user(SUBJECT),
        action=SAYS[change],
        obj=row,
        reason=f"by {party.label.lower()}: {_scope(row)}",
    )
    return ConsentEvent.objects.create(
        consent=row, change=change, party=party, uses=row.uses, is_identifiable=row.is_identifiable
    )


def _scope(row: Consent) -> str:
    """What it is for from then on, for the trail."""
    more = [("recognisable", row.is_identifiable), ("sensitive", row.is_sensitive)]
    return ", ".join([*row.uses, *(word for word, is_so in more if is_so)])


def _take_over(row: Consent) -> None:
    """What the consent before it was for stands under this one; the database refuses what it does not cover."""
    if row.renews_id is None:
        return
    old = Consent.objects.select_for_update(of=("self",)).get(pk=row.renews_id)
    if old.revoked_at is not None or _widens(old, row.uses, row.is_identifiable, row.is_sensitive):
        return  # narrowed or taken back since it was asked for: its cases stay where they are
    try:
        with transaction.atomic():
            Case.objects.going().filter(consent=row.renews_id).update(consent=row)
    except IntegrityError as error:
        raise ValidationError(COVERS_LESS) from error


def _require_renewable(old: Consent | None, fields: Mapping[str, Any]) -> None:
    """Raises ValidationError where a renewal would bring back, or add, what the person does not agree to."""
    if old is None:
        return
    row = Consent.objects.select_for_update(of=("self",)).get(pk=old.pk)
    if row.revoked_at is not None:
        raise ValidationError(TAKEN_BACK)
    if _widens(row, fields["uses"], fields.get("is_identifiable", False), fields.get("is_sensitive", False)):
        raise ValidationError(ALLOWS_MORE)


def _widens(old: Consent, uses: Iterable[str], is_identifiable: bool, is_sensitive: bool) -> bool:
    return (
        not set(uses) <= set(old.uses)
        or (is_identifiable and not old.is_identifiable)
        or (is_sensitive and not old.is_sensitive)
    )


def _tell_doctor(row: Consent, what: str) -> None:
    user = Doctor.objects.values_list("user", flat=True).get(pk=row.doctor_id)
    if user is not None:
        event = f"consent-{row.pk} {what}"
        tell_many(to=[user], kind=CONSENT_CHANGED.name, about=row, event=event, url=row.get_absolute_url())


def _tell_moderators(row: Consent, event: ConsentEvent, cases: list[Case]) -> None:
    """Of what readers or moderators had seen: somebody looks whether copies of it stand elsewhere on this site."""
    known = [case for case in cases if case.submitted_at is not None]
    if not known:
        return
    permission = Q(groups__permissions__codename="moderate_case") | Q(
        user_permissions__codename="moderate_case"
    )
    moderators = User.objects.filter(permission, is_active=True, is_staff=True).distinct()
    for case in known:
        tell_many(
            to=moderators.values_list("pk", flat=True),
            kind=CONSENT_REVOKED.name,
            about=case,
            event=f"case-{case.pk} ended",
            url=case.get_absolute_url(),
        )
