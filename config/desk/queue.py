"""Everything that waits for a decision, in one query: the riskiest first, then the longest wait.

The list, its counts and the steps to the next and the previous item narrow the same rows (``_narrowed``).
Each kind is read off its own index in the order of the queue, so that the size of the queue costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, DateTimeField, F, IntegerField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from config.desk.filters import CAUSES, LATE, Filters, held, late, open_with_others
from config.desk.kinds import KINDS, Kind
from core.models import Claim

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Appeal, Moderated, Report

PAGE = 25
# Rows that came without the time of their submission have waited longest.
EVER = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = ("q_kind", "pk", "risk", "q_since")
COLUMNS = (*PLACE, "q_title", "q_author", "q_author_id", "q_version")
FORWARDS = ("-risk", F("submitted_at").asc(nulls_first=True), "pk")
BACKWARDS = ("risk", F("submitted_at").desc(nulls_last=True), "-pk")
ACROSS = ("-risk", "q_since", "q_kind", "pk")


@dataclass
class Place:
    """Where something stands in the queue."""

    kind: Kind
    id: int
    risk: int
    since: datetime

    @property
    def key(self) -> str:
        return f"{self.kind.name}-{self.id}"

    @property
    def url(self) -> str:
        return reverse("admin:moderation_item", args=[self.kind.name, self.id])


@dataclass
class Waiting(Place):
    """One line of the queue."""

    title: str
    author: str
    author_id: int | None
    version: int | None
    claim: Claim | None = None

    @property
    def choice(self) -> str:
        """What a tick in front of it says: the thing, and the version that was on the screen."""
        return f"{self.key}-{self.version}" if self.kind.is_text else ""

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
) -> list[Waiting]:
    """The first ``limit`` lines behind ``after``, in one query, and who has them open in another."""
    parts = [
        _titled(kind, rows).order_by(*FORWARDS).values_list(*COLUMNS)
        for kind in _shown(user, filters)
        for rows in _beyond(_narrowed(kind, filters, user), kind, after)
    ]
    lines = [Waiting(KINDS[row[0]], *row[1:]) for row in _first(parts, limit, ACROSS)]
    _mark_claims(lines)
    return lines


def counts(*, user: User, filters: Filters) -> list[dict[str, Any]]:
    """``{kind, count, held, due, oldest}`` of each kind concerned by the filters but for the tabs, in one query."""
    open_to_all = Filters(**{**vars(filters), "kind": "", "cause": ""})
    parts = [
        _narrowed(kind, open_to_all, user)
        .order_by()
        .values("q_kind")
        .annotate(
            count=Count("pk"),
            held=Count("pk", filter=held(kind)),
            due=Count("pk", filter=late(kind)),
            oldest=Min(_since()),
        )
        .values_list("q_kind", "count", "held", "due", "oldest")
        for kind in kinds_of(user)
        if open_to_all.concerns(kind)
    ]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else (parts[0] if parts else [])
    found = {name: {"count": n, "held": h, "due": d, "oldest": first} for name, n, h, d, first in rows}
    none = {"count": 0, "held": 0, "due": 0, "oldest": None}
    return [{"kind": kind, **found.get(kind.name, none)} for kind in kinds_of(user)]


def in_cause(row: dict[str, Any], cause: str) -> int:
    """How many of a row of ``counts`` are in the queue for this cause; without one, all of them."""
    if not cause:
        return row["count"]
    of, when = CAUSES[cause].of, CAUSES[cause].when
    column = ("held" if when is held else "due") if when else "count"
    return row[column] if of(row["kind"]) else 0


def next_after(obj: Moderated | Report | Appeal, *, user: User, filters: Filters) -> Place | None:
    """What this person should look at after ``obj``: the next in order, else the first of the queue."""
    for behind in (obj, None):
        for place in _places(user, filters, behind, limit=2):
            if (place.kind.model, place.id) != (type(obj), obj.pk):
                return place
    return None


def previous_to(obj: Moderated | Report | Appeal, *, user: User, filters: Filters) -> Place | None:
    """What stands before ``obj`` in the queue, if anything does."""
    return next(iter(_places(user, filters, obj, limit=1, back=True)), None)


def _places(
    user: User,
    filters: Filters,
    beside: Moderated | Report | Appeal | None,
    *,
    limit: int,
    back: bool = False,
) -> list[Place]:
    """Neither what the user wrote nor what another has open."""
    parts = [
        rows.exclude(**{kind.model.AUTHOR_PATH: user.pk})
        .exclude(open_with_others(kind, user))
        .annotate(q_since=_since())
        .order_by(*(BACKWARDS if back else FORWARDS))
        .values_list(*PLACE)
        for kind in _shown(user, filters)
        for rows in _beyond(_narrowed(kind, filters, user), kind, beside, back=back)
    ]
    order = ("risk", "-q_since", "-q_kind", "-pk") if back else ACROSS
    return [Place(KINDS[row[0]], *row[1:]) for row in _first(parts, limit, order)]


def _shown(user: User, filters: Filters) -> list[Kind]:
    kinds = [kind for kind in kinds_of(user) if filters.concerns(kind)]
    return [kind for kind in kinds if filters.kind in ("", kind.name)]


def _first(parts: list[QuerySet], limit: int, order: tuple[str, ...]) -> list[tuple]:
    """The first rows of all parts together; none of them can contribute more than ``limit``."""
    if not parts:
        return []
    if len(parts) == 1:
        return list(parts[0][:limit])
    parts = [part[:limit] for part in parts]
    return list(parts[0].union(*parts[1:], all=True).order_by(*order)[:limit])


def _narrowed(kind: Kind, filters: Filters, user: User) -> QuerySet:
    """What waits of one kind and is asked for; the prefix keeps our columns apart from fields."""
    rows = kind.waiting().annotate(q_kind=Value(kind.name, CharField()))
    when = CAUSES[filters.cause].when if filters.cause else None
    return rows.filter(filters.condition(kind, user), when(kind) if when else Q())


def _titled(kind: Kind, rows: QuerySet) -> QuerySet:
    return rows.annotate(
        q_since=_since(),
        q_title=Cast(kind.title, CharField()),
        q_author=Cast(kind.author, CharField()),
        q_author_id=F(kind.model.AUTHOR_PATH),
        q_version=F("version") if kind.is_text else Value(None, IntegerField()),
    )


def _since() -> Coalesce:
    return Coalesce("submitted_at", Value(EVER), output_field=DateTimeField())


def _mark_claims(lines: list[Waiting]) -> None:
    """Tell each line who has it open."""
    by_kind: dict[str, list[int]] = {}
    for line in lines:
        by_kind.setdefault(line.kind.model._meta.label_lower, []).append(line.id)
    if not by_kind:
        return
    wanted = reduce(or_, (Q(object_type=label, object_id__in=ids) for label, ids in by_kind.items()))
    claims = {
        (c.object_type, c.object_id): c for c in Claim.objects.active().filter(wanted).select_related("by")
    }
    for line in lines:
        line.claim = claims.get((line.kind.model._meta.label_lower, line.id))


def _beyond(
    rows: QuerySet, kind: Kind, obj: Moderated | Report | Appeal | None, *, back: bool = False
) -> list[QuerySet]:
    """``rows`` that come after ``obj`` (or before it), in parts that each are one stretch of the index."""
    if obj is None:
        return [rows]
    same_risk = rows.filter(risk=obj.risk)
    stretches = [same_risk.filter(part) for part in (_earlier(obj, kind) if back else _later(obj, kind))]
    if back:
        stretches.append(rows.filter(risk__gt=obj.risk))
    elif obj.risk:
        stretches.append(rows.filter(risk__lt=obj.risk))
    return stretches


def _later(obj: Moderated | Report | Appeal, kind: Kind) -> list[Q]:
    """Behind ``obj`` among what is as risky."""
    since = obj.submitted_at
    tie = _tie(obj, kind, back=False)
    if since is None:
        return [Q(submitted_at=None) & tie, Q(submitted_at__isnull=False)]
    # the bound alone is what the index understands
    return [Q(submitted_at__gte=since) & (Q(submitted_at__gt=since) | tie)]


def _earlier(obj: Moderated | Report | Appeal, kind: Kind) -> list[Q]:
    """Before ``obj`` among what is as risky."""
    since = obj.submitted_at
    tie = _tie(obj, kind, back=True)
    if since is None:
        return [Q(submitted_at=None) & tie]
    return [Q(submitted_at__lte=since) & (Q(submitted_at__lt=since) | tie), Q(submitted_at=None)]


def _tie(obj: Moderated | Report | Appeal, kind: Kind, *, back: bool) -> Q:
    """Of what was sent in the same moment kinds follow each other by name, and things by number."""
    name = str(obj._meta.model_name)
    if kind.name == name:
        return Q(pk__lt=obj.pk) if back else Q(pk__gt=obj.pk)
    follows = kind.name < name if back else kind.name > name
    return Q(pk__gt=0) if follows else Q(pk__lt=0)
