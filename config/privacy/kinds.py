"""The words of the table of what is kept: what a line of it says, and which rows it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from accounts.models import User


class After(StrEnum):
    """What an erasure leaves."""

    GONE = "erased"
    NAMELESS = "kept without you"
    PSEUDONYM = "kept under a name that is nobody’s"
    AS_IT_IS = "kept"


@dataclass(frozen=True)
class Rows:
    """The rows of one model. ``own``, or ``or_own``, leads to the person it is about; ``staff`` to whoever decided.

    Where ``own`` is empty, ``not_copied`` says why a copy has nothing of them. ``hidden`` fields are in no copy.
    """

    model: str
    own: str = ""
    or_own: str = ""
    not_copied: str = ""
    hidden: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()

    def of(self, user: User) -> QuerySet[Any]:
        """Those about this person, in the order they were made."""
        model: type[Model] = apps.get_model(self.model)
        if not self.own:
            return model._base_manager.none()
        is_theirs = Q(**{self.own: user.pk})
        if self.or_own:
            is_theirs |= Q(**{self.or_own: user.pk})
        return model._base_manager.filter(is_theirs).order_by("pk")

    @property
    def file(self) -> str:
        return f"{self.model.replace('.', '-')}.json"


@dataclass(frozen=True)
class Subject:
    """One line of the table: what is kept, why, how long, what an erasure leaves of it, and what else is to be said."""

    what: str
    why: str
    long: str
    after: After
    rows: tuple[Rows, ...]
    more: str = ""

    @property
    def at_erasure(self) -> str:
        """In words; what goes or stays as it is comes first."""
        plain = f"{self.after.value.capitalize()}."
        if not self.more or self.after == After.GONE:
            return f"{plain} {self.more}".strip()
        return self.more
