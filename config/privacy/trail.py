"""What of the audit trail an erasure empties: the person's own entries, those about what goes, and what names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Model, Q

from accounts.models import User
from config.privacy.kept import KEPT
from config.privacy.kinds import Rows
from core.models import AuditEntry

# The account is asked for by itself; the key of a session is no number, and no entry is about one.
UNNAMED = ("accounts.user", "accounts.session")


@dataclass
class Traces:
    """What a person is known by, what of theirs goes, and the entries of their own; gathered before it is gone."""

    words: set[str] = field(default_factory=set)
    gone: dict[str, set[int]] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)

    def goes(self, row: Model) -> None:
        self.gone.setdefault(row._meta.label_lower, set()).add(row.pk)

    def about_what_goes(self) -> Q:
        """Rows that name their object without a key, about something that goes."""
        condition = Q(pk__in=[])
        for label, keys in self.gone.items():
            condition |= Q(object_type=label, object_id__in=keys)
        return condition

    def naming(self, column: str) -> Q:
        """Rows whose ``column`` has one of the words, by itself."""
        condition = Q(pk__in=[])
        for word in self.words:
            condition |= Q(**{f"{column}__iregex": rf"(^|\W){re.escape(word)}(\W|$)"})
        return condition


def traces_of(user: User) -> Traces:
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    own = AuditEntry.objects.filter(actor=user)
    if has_decided(user):
        own = own.filter(_about_own(user))
    traces = Traces(
        {user.email, user.handle, *addresses}, own=set(own.order_by().values_list("pk", flat=True))
    )
    traces.goes(user)
    return traces


def entries_to_empty(traces: Traces) -> set[int]:
    """Keys of the entries. What a moderator did as one stays, under the name that is left of the account."""
    entries = AuditEntry.objects.filter(traces.about_what_goes() | traces.naming("reason"))
    return traces.own | set(entries.order_by().values_list("pk", flat=True))


def has_decided(user: User) -> bool:
    """Whether this is, or was, somebody who decides about others, and decisions lead to the account."""
    trail = AuditEntry._meta.label_lower
    return user.is_staff or any(_leads(kind, user) for kind in KEPT if kind.staff and kind.model != trail)


def _leads(kind: Rows, user: User) -> bool:
    condition = Q(pk__in=[])
    for key in kind.staff:
        condition |= Q(**{key: user})
    return apps.get_model(kind.model)._base_manager.filter(condition).exists()


def _about_own(user: User) -> Q:
    """Entries about this person's own things, of every kind."""
    condition = Q(object_type=user._meta.label_lower, object_id=user.pk)
    for kind in KEPT:
        if kind.own and kind.model not in UNNAMED:
            condition |= Q(object_type=kind.model, object_id__in=kind.of(user).order_by().values("pk"))
    return condition
