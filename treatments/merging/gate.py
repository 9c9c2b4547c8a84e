"""Who waits for whom: merges come one at a time, and none while somebody files something under a treatment.

The gate is passed before any row is locked, by everybody, so that nobody waits for anybody crosswise.
"""

from __future__ import annotations

from django.db import connection

from treatments.models import Treatment, TreatmentUse

HOLD_OFF = "SELECT pg_advisory_xact_lock_shared(hashtext('treatments.merging'))"
ALONE = "SELECT pg_advisory_xact_lock(hashtext('treatments.merging'))"


def hold_off() -> None:
    """No merge until this transaction ends. Any number of people may hold merges off at once."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD_OFF)


def alone() -> None:
    """Until this transaction ends nobody else merges or files anything under a treatment."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE)


def treatment_now(treatment: Treatment) -> Treatment:
    """What was read before the transaction, as it is now and stays until it ends: merged, it is what it leads to."""
    hold_off()
    rows = Treatment.objects.select_related("parent")
    return rows.filter(pk=treatment.pk).first() or rows.get(redirects__former_pk=treatment.pk)


def use_now(use: TreatmentUse | None) -> TreatmentUse | None:
    """The same of a use."""
    if use is None:
        return None
    hold_off()
    rows = TreatmentUse.objects.select_related("treatment")
    return rows.filter(pk=use.pk).first() or rows.filter(redirects__former_pk=use.pk).first()
