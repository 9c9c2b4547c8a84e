"""Taking words out of the audit trail when the law gives somebody the right to it, and saying that it was done.

The trail is append-only and sealed. PostgreSQL lets one thing be done to an entry (migration ``core.0014``): its
reason goes, and an actor who was erased gives way to a stand-in. What is left is sealed anew beside the chain, and
one new entry vouches for all of them, so that :func:`core.chain.verify` tells an erasure from a forgery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from core.audit import record
from core.chain import FORGET, all_forgotten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from accounts.models import User


def forget_words(entries: Iterable[int], *, gone: User, stand_in: User, about: Model) -> int:
    """Empty the reasons of these entries; those by ``gone`` are by ``stand_in`` from now on. How many there were.

    ``about`` is what the erasure itself is known by. Call it once per erasure: the sum is taken over all of them.
    """
    keys = sorted(set(entries))
    with transaction.atomic(), connection.cursor() as cursor:
        # each sum covers the one before it
        cursor.execute("SELECT pg_advisory_xact_lock(4, 2)")
        # seals of this transaction are due before what they seal is emptied
        cursor.execute("SET CONSTRAINTS core_auditentry_sealed IMMEDIATE")
        cursor.execute("SET CONSTRAINTS core_auditentry_sealed DEFERRED")
        cursor.execute("SELECT core_audit_forget(%s, %s, %s)", [keys, gone.pk, stand_in.pk])
        (number,) = cursor.fetchone()
        if number:
            record(actor=stand_in, action=FORGET, obj=about, reason=all_forgotten())
    return int(number)
