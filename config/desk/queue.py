"""Everything that waits for a decision, in one query: the riskiest first, then the longest wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, DateTimeField, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from config.desk.kinds import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from accounts.models import User
    from core.models import Appeal, Moderated, Report

PAGE = 25
# Rows that came without the time of their submission have waited longest.
EVER = datetime(1970, 1, 1, tzinfo=UTC)
LATE = timedelta(days=3)
AGES = {"day": timedelta(days=1), "three-days": LATE, "week": timedelta(days=7)}
AGE_LABELS = {"day": "A day or more", "three-days": "Three days or more", "week": "A week or more"}
COLUMNS = ("q_kind", "pk", "risk", "q_since", "q_title", "q_author", "q_author_id")


@dataclass(frozen=True)
class Filters:
    """What the moderator narrowed the queue to; anything unknown narrows nothing."""

    kind: str = ""
    treatment: int | None = None
    age: str = ""

    @classmethod
    def of(cls, params: QueryDict) -> Filters:
        kind, treatment, age = (params.get(name, "") for name in ("kind", "treatment", "age"))
        return cls(
            kind if kind in KINDS else "",
            int(treatment) if treatment.isascii() and treatment.isdigit() and len(treatment) < 18 else None,
            age if age in AGES else "",
        )

    @property
    def query(self) -> dict[str, str]:
        """As parameters of an address; without a filter there are none."""
        return {name: str(value) for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    kind: Kind
    id: int
    risk: int
    since: datetime
    title: str
    author: str
    author_id: int | None

    @property
    def key(self) -> str:
        return f"{self.kind.name}-{self.id}"

    @property
    def url(self) -> str:
        return reverse("admin:moderation_item", args=[self.kind.name, self.id])

    @property
    def is_late(self) -> bool:
        return timezone.now() - self.since > LATE

    @property
    def since_ever(self) -> bool:
        """Nobody knows since when."""
        return self.since == EVER


def kinds_of(user: User) -> list[Kind]:
    """The kinds this person may decide on."""
    return [kind for kind in KINDS.values() if kind.may_be_moderated_by(user)]


def waiting(
    *,
    user: User,
    filters: Filters,
    after: Moderated | Report | Appeal | None = None,
    limit: int = PAGE,
    own: bool = True,
) -> list[Waiting]:
    """The first ``limit`` lines behind ``after``, in one query; ``own`` keeps what the user wrote."""
    parts = []
    for kind in _concerned(user, filters):
        if filters.kind and kind.name != filters.kind:
            continue
        rows = _narrowed(kind, filters)
        if after is not None:
            rows = rows.filter(_behind(after, kind))
        if not own:
            rows = rows.exclude(**{kind.model.AUTHOR_PATH: user.pk})
        parts.append(rows.order_by("-risk", "q_since", "pk").values_list(*COLUMNS))
    if not parts:
        return []
    if len(parts) > 1:
        parts = [part[:limit] for part in parts]  # none of them can contribute more
    ordered = _union(parts).order_by("-risk", "q_since", "q_kind", "pk")[:limit]
    return [Waiting(KINDS[row[0]], *row[1:]) for row in ordered]


def counts(*, user: User, filters: Filters) -> list[dict[str, Any]]:
    """``{kind, count, oldest}`` of each kind the user may decide on, in one query over all of them."""
    parts = [
        _narrowed(kind, filters)
        .order_by()
        .values("q_kind")
        .annotate(count=Count("pk"), oldest=Min("q_since"))
        .values_list("q_kind", "count", "oldest")
        for kind in _concerned(user, filters)
    ]
    rows = _union(parts) if parts else []
    found = {name: {"count": count, "oldest": oldest} for name, count, oldest in rows}
    return [{"kind": kind, **found.get(kind.name, {"count": 0, "oldest": None})} for kind in kinds_of(user)]


def next_after(obj: Moderated | Report | Appeal, *, user: User, filters: Filters) -> Waiting | None:
    """What this person should look at after ``obj``: the next in order, else the first of the queue."""
    for behind in (obj, None):
        lines: Iterable[Waiting] = waiting(user=user, filters=filters, after=behind, limit=2, own=False)
        for line in lines:
            if (line.kind.model, line.id) != (type(obj), obj.pk):
                return line
    return None


def _concerned(user: User, filters: Filters) -> list[Kind]:
    """The user's kinds without those that have no treatment, where one is asked for."""
    return [kind for kind in kinds_of(user) if kind.treatment or filters.treatment is None]


def _union(parts: list[QuerySet]) -> QuerySet:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _narrowed(kind: Kind, filters: Filters) -> QuerySet:
    """What waits of one kind, with the columns of the queue; the prefix keeps them apart from fields."""
    rows = kind.waiting().annotate(
        q_kind=Value(kind.name, CharField()),
        q_since=Coalesce("submitted_at", Value(EVER), output_field=DateTimeField()),
        q_title=Cast(kind.title, CharField()),
        q_author=Cast(kind.author, CharField()),
        q_author_id=F(kind.model.AUTHOR_PATH),
    )
    if filters.age:
        rows = rows.filter(q_since__lte=timezone.now() - AGES[filters.age])
    if filters.treatment is not None:
        rows = rows.filter(**{kind.treatment: filters.treatment})
    return rows


def _behind(obj: Moderated | Report | Appeal, kind: Kind) -> Q:
    """Rows of ``kind`` that come after ``obj`` in the order of the queue."""
    since, name = obj.submitted_at or EVER, str(obj._meta.model_name)
    same = Q(risk=obj.risk, q_since=since)
    beyond = Q(risk__lt=obj.risk) | Q(risk=obj.risk, q_since__gt=since)
    if kind.name == name:
        return beyond | (same & Q(pk__gt=obj.pk))
    return beyond | same if kind.name > name else beyond
