"""What a moderator narrows the queue to: by kind, by cause, and by what is known of each thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from config.desk.kinds import KINDS, Kind
from core.models import Claim
from core.text import number_in

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import User

LATE = timedelta(days=3)
AGES = {"day": timedelta(days=1), "three-days": LATE, "week": timedelta(days=7)}
AGE_LABELS = {"day": "A day or more", "three-days": "Three days or more", "week": "A week or more"}
RISKS = {"high": Q(risk__gte=2), "some": Q(risk__gte=1), "none": Q(risk=0)}
RISK_LABELS = {"high": "High", "some": "Some or high", "none": "None"}
ASSIGNEES = {"mine": "Open with me", "nobody": "Open with nobody", "others": "Open with others"}
HANDLE_LENGTH = 150


def held(kind: Kind) -> Q:
    """What a rule has held for a moderator's eye. The one place that says so, for the tab and for its count."""
    return Q(risk__gt=0) if kind.is_text else Q(pk__in=[])


def late(kind: Kind) -> Q:
    """What has waited longer than anybody should; nobody knows how long what came without a date has.

    A check that is due stands there from the first day.
    """
    if kind.name == "credential":
        return Q(pk__gt=0)
    return Q(submitted_at__lte=timezone.now() - LATE) | Q(submitted_at=None)


@dataclass(frozen=True)
class Cause:
    """Why something is in the queue: a choice of kinds, or a condition on the rows of any."""

    label: str
    of: Callable[[Kind], bool] = lambda kind: True
    when: Callable[[Kind], Q] | None = None


PROFILES = frozenset({"doctor", "doctorrevision", "portrait", "profileclaim"})
CAUSES: dict[str, Cause] = {
    "new": Cause("New", of=lambda kind: kind.name in {"question", "answer", "case"}),
    "edits": Cause("Edits", of=lambda kind: bool(kind.parent)),
    "opinions": Cause("Second opinions", of=lambda kind: kind.name == "secondopinion"),
    "facts": Cause("Asked back", of=lambda kind: kind.name in {"factasked", "factgiven"}),
    "reviews": Cause("Reviews", of=lambda kind: kind.name in {"reviewentry", "reviewreply", "visitproof"}),
    "reported": Cause("Reported by people", of=lambda kind: kind.name == "report"),
    "appeals": Cause("Appeals", of=lambda kind: kind.name == "appeal"),
    "held": Cause("Held by rules", of=lambda kind: kind.is_text, when=held),
    "profiles": Cause("Profiles", of=lambda kind: kind.name in PROFILES),
    "due": Cause("Due or overdue", when=late),
}


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; anything unknown narrows nothing."""

    kind: str = ""
    cause: str = ""
    treatment: int | None = None
    age: str = ""
    author: str = ""
    assignee: str = ""
    risk: str = ""

    @classmethod
    def of(cls, params: QueryDict) -> Filters:
        return cls(
            kind=_known(params, "kind", KINDS),
            cause=_known(params, "cause", CAUSES),
            treatment=number_in(params.get("treatment", "")) or None,
            age=_known(params, "age", AGES),
            author=params.get("author", "").replace("\x00", "").strip()[:HANDLE_LENGTH],
            assignee=_known(params, "assignee", ASSIGNEES),
            risk=_known(params, "risk", RISKS),
        )

    @property
    def query(self) -> dict[str, str]:
        """As parameters of an address; without a filter there are none."""
        return {name: str(value) for name, value in vars(self).items() if value}

    @property
    def narrowed(self) -> bool:
        """By more than a tab."""
        return bool(replace(self, kind="", cause="").query)

    def concerns(self, kind: Kind) -> bool:
        """Whether rows of this kind can be among what is asked for, whatever tab of a kind is open."""
        in_cause = not self.cause or CAUSES[self.cause].of(kind)
        return in_cause and bool(kind.treatment or self.treatment is None)

    def condition(self, kind: Kind, user: User) -> Q:
        """The rows of ``kind`` that are asked for, but for the cause."""
        found = Q()
        if self.age:
            found &= Q(submitted_at__lte=timezone.now() - AGES[self.age]) | Q(submitted_at=None)
        if self.treatment is not None:
            found &= Q(**{kind.treatment: self.treatment})
        if self.author:
            found &= Q(**{f"{kind.model.AUTHOR_PATH}__handle": self.author})
        if self.risk:
            found &= RISKS[self.risk]
        if self.assignee:
            found &= _assigned(kind, self.assignee, user)
        return found


def claimed(kind: Kind) -> Q:
    """The claims in force on the row of ``kind`` at hand, for a subquery."""
    return Q(object_type=kind.model._meta.label_lower, object_id=OuterRef("pk"), until__gt=timezone.now())


def open_with_others(kind: Kind, user: User) -> Exists:
    return Exists(Claim.objects.filter(claimed(kind)).exclude(by=user.pk))


def _assigned(kind: Kind, assignee: str, user: User) -> Q:
    if assignee == "others":
        return Q(open_with_others(kind, user))
    anybody = Claim.objects.filter(claimed(kind))
    return ~Q(Exists(anybody)) if assignee == "nobody" else Q(Exists(anybody.filter(by=user.pk)))


def _known(params: QueryDict, name: str, known: object) -> str:
    value = params.get(name, "")
    return value if value in known else ""  # type: ignore[operator]
