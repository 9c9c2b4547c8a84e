"""Who has what open. A claim tells; it never keeps anybody from deciding."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from core.models import Claim

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User

LASTS = timedelta(minutes=15)


def claim(obj: Model, *, by: User) -> Claim | None:
    """Take ``obj`` or keep it for another while, unless somebody else has it: the claim in force, whosever it is.

    Of two who open it at once the database lets one in: the row is unique, and each statement stands for itself.
    Three statements, whoever comes first.
    """
    now = timezone.now()
    mine = Q(by=by, until__gt=now)
    renewed = {"by": by, "until": now + LASTS, "at": Case(When(mine, then=F("at")), default=Value(now))}
    fresh = Claim(object_type=obj._meta.label_lower, object_id=obj.pk, by=by, at=now, until=now + LASTS)
    Claim.objects.bulk_create([fresh], ignore_conflicts=True)
    Claim.objects.on(obj).filter(mine | Q(until__lte=now)).update(**renewed)
    return Claim.objects.on(obj).select_related("by").first()


def release(obj: Model, *, by: User) -> None:
    """Give ``obj`` back to the queue; what another has open stays theirs."""
    Claim.objects.on(obj).filter(by=by).delete()


def settle(obj: Model) -> None:
    """It is decided: nobody has it open any more. What has run out anywhere is swept along."""
    decided = Q(object_type=obj._meta.label_lower, object_id=obj.pk)
    Claim.objects.filter(decided | Q(until__lte=timezone.now() - LASTS)).delete()
