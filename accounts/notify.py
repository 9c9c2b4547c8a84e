"""Telling people: a row on the site at once, an e-mail as soon as its reader wishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.enums import Rhythm
from accounts.models import Letter, Notification, User, Wish
from accounts.notifications import KINDS, Kind, outcome_of
from accounts.selectors import rhythms_of
from accounts.tasks import send_between

if TYPE_CHECKING:
    from django.db.models import Model

    from core.models import Moderated

# Rows in one statement; a hundred thousand readers are told in twenty statements of each sort.
BATCH = 5000

_only: ContextVar[Collection[str] | None] = ContextVar("only", default=None)


@contextmanager
def quietly(*, to: Collection[str]) -> Iterator[None]:
    """While content is made up nobody is told but those with these addresses, and they on the site alone."""
    token = _only.set(to)
    try:
        yield
    finally:
        _only.reset(token)


def tell(*, to: User, kind: str, about: Model, event: str, url: str) -> None:
    """Tell one person of one thing, inside the caller's transaction. Told again of the same event, it is once.

    ``event`` names what happened for ever (``answer-12 published``), ``url`` is a path of this site.
    """
    tell_many(to=[to.pk], kind=kind, about=about, event=event, url=url)


def tell_many(*, to: Iterable[int], kind: str, about: Model, event: str, url: str) -> int:
    """The same for many, by the keys of their accounts; how many had not been told yet.

    A few statements for every ``BATCH`` people, and one for every five hundred letters. Closed accounts are told
    nothing but what ``reaches_closed``.
    """
    people, declared, told = sorted(set(to)), KINDS[kind], 0
    with transaction.atomic():
        for start in range(0, len(people), BATCH):
            told += _tell(people[start : start + BATCH], declared, about=about, event=event, url=url)
    return told


def tell_author(*, obj: Moderated, before: str, after: str, noun: str, url: str) -> None:
    """Tell whoever wrote it what a moderator decided, as the kind ``<noun>-<outcome>``."""
    outcome, author = outcome_of(before, after), obj.author_user_id()
    if not outcome or author is None or obj.moderated_at is None:
        return
    event = f"{obj._meta.model_name}-{obj.pk} {outcome} {obj.moderated_at:%Y%m%dT%H%M%S%f}"
    tell_many(to=[author], kind=f"{noun}-{outcome}", about=obj, event=event, url=url)


def _tell(people: list[int], kind: Kind, *, about: Model, event: str, url: str) -> int:
    only = _only.get()
    open_to = Q() if kind.reaches_closed else Q(is_active=True)
    if only is not None:
        open_to &= Q(email__in=only)
    told = Notification.objects.filter(event=event, to__in=people).values("to")
    new = list(User.objects.filter(open_to, pk__in=people).exclude(pk__in=told).values_list("pk", flat=True))
    if not new:
        return 0
    wishes = dict(Wish.objects.filter(topic=kind.setting, user__in=new).values_list("user", "rhythm"))
    usual = kind.rhythm if only is None else Rhythm.NEVER
    rhythms = {pk: Rhythm(wishes.get(pk, usual)) for pk in new}
    letters = _letters([pk for pk in new if rhythms[pk] == Rhythm.AT_ONCE], kind, event)
    Notification.objects.bulk_create(
        (
            Notification(
                to_id=pk,
                kind=kind.name,
                event=event,
                object_type=about._meta.label_lower,
                object_id=about.pk,
                url=url,
                rhythm=rhythms[pk],
                letter_id=letters.get(pk),
            )
            for pk in new
        ),
        ignore_conflicts=True,
    )
    return len(new)


def _letters(people: list[int], kind: Kind, event: str) -> dict[int, int]:
    """One letter for each of these, by the keys of their accounts."""
    if not people:
        return {}
    Letter.objects.bulk_create(
        (Letter(to_id=pk, key=event, topic=kind.setting) for pk in people), ignore_conflicts=True
    )
    letters = dict(Letter.objects.filter(key=event, to__in=people).values_list("to", "pk"))
    send_between(sorted(letters.values()))
    return letters


def choose(*, user: User, rhythms: dict[str, str]) -> None:
    """How soon somebody wants to hear of these topics; what waits for a digest follows.

    What was waiting and is wanted at once from now on still comes with the next daily one.
    """
    with transaction.atomic():
        Wish.objects.bulk_create(
            (Wish(user=user, topic=topic, rhythm=rhythm) for topic, rhythm in sorted(rhythms.items())),
            update_conflicts=True,
            unique_fields=["user", "topic"],
            update_fields=["rhythm"],
        )
        waiting = Notification.objects.filter(
            to=user, letter=None, read_at=None, rhythm__in=[Rhythm.DAILY, Rhythm.WEEKLY]
        )
        for topic, rhythm in rhythms.items():
            kinds = [kind.name for kind in KINDS.values() if kind.setting == topic]
            later = Rhythm.DAILY if rhythm == Rhythm.AT_ONCE else rhythm
            waiting.filter(kind__in=kinds).exclude(rhythm=later).update(rhythm=later)


def stop(*, user: User, topic: str) -> list[str]:
    """No more e-mail about one topic, or none of those that come daily or weekly; the topics that ended."""
    now = rhythms_of(user)
    ended = [name for name in now if topic in (name, now[name]) and now[name] != Rhythm.NEVER]
    choose(user=user, rhythms=dict.fromkeys(ended, Rhythm.NEVER))
    return ended


def mark_read(*, user: User, upto: int | None = None, pk: int | None = None) -> int:
    """One, or everything up to one: what came while somebody read the page stays unread."""
    rows = Notification.objects.unread().filter(to=user)
    rows = rows.filter(pk=pk) if pk is not None else rows.filter(pk__lte=upto)
    return rows.update(read_at=timezone.now())
