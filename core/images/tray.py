"""The pictures somebody is about to send with a form: taken in within limits, looked up, thrown away again.

They are their owner's alone until what the form makes holds them, and are kept for a day if it never does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from core.enums import State
from core.images.accepting import Readable
from core.images.models import Photo
from core.images.photos import keep, purge
from core.images.refusals import A_DAY, Refusal, Refused

if TYPE_CHECKING:
    from accounts.models import User

DAY = timedelta(days=1)
# Pictures opened or drawn anew for one account in a day, whatever came of it: each costs a second of work.
TRIES_A_DAY = 300


def add(file: Readable, *, by: User) -> Photo:
    """One more picture of this person's. Raises Refused."""
    try_once(by)
    if _today(by) >= A_DAY:
        raise Refused(Refusal.TODAY)
    photo = keep(file, by=by)
    if _is_one_too_many(photo, by):
        raise Refused(Refusal.TODAY)
    return photo


def try_once(by: User) -> None:
    """Before work is done for this person. Raises Refused when that was enough for a day.

    Counted roughly: what is opened at once is limited elsewhere.
    """
    key = f"pictures-tried-{by.pk}-{timezone.now().date()}"
    tries = cache.get(key, 0)
    if tries >= TRIES_A_DAY:
        raise Refused(Refusal.TODAY)
    cache.set(key, tries + 1, int(DAY.total_seconds()))


def free(keys: Iterable[int], *, by: User) -> dict[int, Photo]:
    """Those of these that are this person's and held by nothing, by key."""
    return Photo.objects.free().filter(owner=by).prefetch_related("renditions").in_bulk(list(keys))


def throw_away(keys: Iterable[int], *, by: User) -> None:
    """For good, as far as nothing holds them."""
    purge(Photo.objects.free().filter(owner=by, pk__in=list(keys)))


def changeable(key: int, *, by: User) -> Photo | None:
    """A picture that its owner may still turn, cut and cover: not once somebody else may have seen it."""
    photo = Photo.objects.prefetch_related("renditions").filter(owner=by, pk=key).first()
    if photo is None:
        return None
    holding = photo.holding()
    held = holding.first() if holding is not None else None
    return photo if held is None or held.held_by.state == State.DRAFT else None


def _today(by: User) -> int:
    return Photo.objects.filter(owner=by, added_at__gt=timezone.now() - DAY).count()


def _is_one_too_many(photo: Photo, by: User) -> bool:
    """Those of one person that come at once wait for each other here; what is too much is gone."""
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update(no_key=True).get(pk=by.pk)
        if _today(by) <= A_DAY:
            return False
        purge([photo])
    return True
