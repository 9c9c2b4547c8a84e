"""Accounts of the demonstration: their addresses lead nowhere, and only some have a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.consents import agree
from accounts.enums import Purpose
from accounts.models import User
from core.demo import pick

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

DOMAIN = "demo.candor.invalid"
FIRST = "amber brisk calm dapper early fabled gentle humble inky jolly keen lively mellow noble".split()
SECOND = "badger curlew dunnock egret finch gannet heron ibis jackdaw kestrel linnet".split()


def address(name: str) -> str:
    return f"{name}@{DOMAIN}"


def handle(key: str) -> str:
    """A handle that nobody chose: two words and a number, always the same for this key."""
    first, second = FIRST[pick(f"{key} first", len(FIRST))], SECOND[pick(f"{key} second", len(SECOND))]
    return f"{first}-{second}-{10 + pick(f'{key} number', 990)}"


def read_all_but(number: int, *, emails: Collection[str]) -> None:
    """What these people were told while their things were made up has been read, but for the latest few."""
    for user in User.objects.filter(email__in=emails):
        latest = user.notifications.order_by("-pk").values_list("pk", flat=True)[:number]
        user.notifications.unread().exclude(pk__in=list(latest)).update(read_at=timezone.now())


def make_account(name: str, *, handle: str, joined: datetime, password: str | None = None) -> User:
    """The account of that name with a confirmed address, made unless it exists."""
    existing = User.objects.filter(email=address(name)).first()
    if existing is not None:
        return existing
    user = User.objects.create_user(
        address(name), password, handle=handle, date_joined=joined, is_adult_since=joined
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for purpose in Purpose:
        agree(user=user, purpose=purpose)
    return user
