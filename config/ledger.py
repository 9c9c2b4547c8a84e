"""The public ledger: what moderators decided, counted from the audit trail and from nothing else.

Only numbers leave this module. What could point at one text or one person does not: no names, no words of a
reason, no median of a handful, and reasons given a few times only are counted together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db.models import Count, DateField, IntegerField, Q, QuerySet
from django.db.models.functions import Cast, Extract, Floor, TruncMonth
from django.utils import timezone

from core.enums import Actor
from core.models import AuditEntry
from core.moderation import TRANSITIONS
from core.reasons import sentences

DAY = 24 * 3600
# Below this many a median or a reason would tell of single cases.
SMALLEST = 5
IMPORT = "import"
# How a verification begins in the trail; what follows is its result.
CHECKED = "verification: "
STEPS = tuple(dict.fromkeys(edge.verb for edge in TRANSITIONS.values() if edge.actor == Actor.MODERATOR))
EXPLAINED = tuple(
    {edge.verb for edge in TRANSITIONS.values() if edge.actor == Actor.MODERATOR and edge.needs_reason}
)
# The columns of the ledger, and the verbs that count in each.
COLUMNS: dict[str, tuple[str, ...]] = {
    "Published": ("publish",),
    "Sent back": ("send back",),
    "Rejected": ("reject",),
    "Removed": ("remove",),
    "Restored": ("restore", "reopen"),
}
# The same for decisions that no text waits for; they have a column once there are any.
BESIDE: dict[str, tuple[str, ...]] = {
    "Reports upheld or dismissed": ("uphold", "dismiss"),
    "Pictures removed": ("remove a picture",),
    "Questions linked or parted": ("mark as duplicate", "mark as variant", "undo link"),
}
DECIDED = (*STEPS, *(verb for verbs in BESIDE.values() for verb in verbs))
CHECKS, OTHER = "Checks of doctors", "Other"
OWN_WORDS = "Explained in the moderator’s own words"
FEW = f"Reasons given fewer than {SMALLEST} times each, together"


@dataclass
class Line:
    """What was decided in a month, or about a kind: numbers by column, and how long it took."""

    name: str
    short: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    imported: int = 0
    waits: Counter[int] = field(default_factory=Counter)

    def add(self, action: str, number: int) -> None:
        if action == IMPORT:
            self.imported += number
        elif action.startswith(CHECKED):
            self.counts[CHECKS] += number
        else:
            columns = {**COLUMNS, **BESIDE}
            self.counts[next((name for name, verbs in columns.items() if action in verbs), OTHER)] += number

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(column, self.counts[column]) for column in (*COLUMNS, *BESIDE, CHECKS, OTHER)]

    @property
    def became_public(self) -> int:
        return self.counts["Published"] + self.imported

    @property
    def share_removed(self) -> str:
        """In words, with the numbers it is made of; empty while nothing has become public."""
        if not self.became_public:
            return ""
        removed = self.counts["Removed"]
        return f"{100 * removed / self.became_public:.1f} % ({removed:,} of {self.became_public:,})"

    @property
    def median(self) -> str:
        return median(self.waits)


def median(waits: Counter[int]) -> str:
    """The middle of ``{whole hours: decisions}`` as a reader takes it; a dash stands for too few to say."""
    half = waits.total() / 2
    if waits.total() < SMALLEST:
        return "–"
    hours = next(hour for hour in sorted(waits) if sum(waits[h] for h in waits if h <= hour) >= half)
    return f"{hours:,} h" if hours else "under 1 h"


@dataclass(frozen=True)
class Ledger:
    """Months from first to last, kinds by number, reasons by number; ``grid`` has a row of kinds per month."""

    months: list[Line]
    kinds: list[Line]
    reasons: list[tuple[str, int]]
    grid: list[tuple[str, list[tuple[str, int, str]]]]
    columns: list[str]

    @property
    def total(self) -> int:
        return sum(month.total for month in self.months)

    @property
    def imported(self) -> list[tuple[str, int]]:
        return [(kind.name, kind.imported) for kind in self.kinds if kind.imported]


def decisions(start: date, end: date) -> QuerySet[AuditEntry]:
    """Everything moderators decided from ``start`` until before ``end``."""
    within = AuditEntry.objects.filter(at__gte=_moment(start), at__lt=_moment(end)).order_by()
    return within.filter(Q(action__in=DECIDED) | Q(action__startswith=CHECKED))


def ledger(start: date, end: date) -> Ledger:
    """The ledger of whole months: two queries for what may still grow, two more when the rest is not kept.

    And one for the sentences of the reasons, where any was given.
    """
    counts, waits = _rows(start, end)
    months = {month: Line(f"{month:%B %Y}", f"{month:%b %Y}") for month in _months(start, end)}
    kinds = {kind: Line(kind_name(kind)) for kind in sorted({row[1] for row in counts})}
    cells: dict[tuple[date, str], Line] = defaultdict(lambda: Line(""))
    reasons: Counter[str] = Counter()
    for month, kind, action, code, number in counts:
        for line in (months[month], kinds[kind], cells[month, kind]):
            line.add(action, number)
        if action in EXPLAINED:
            reasons[code] += number
    for month, kind, hours, number in waits:
        for line in (months[month], kinds[kind], cells[month, kind]):
            line.waits[hours] += number
    ordered = sorted(kinds, key=lambda kind: (-kinds[kind].total, kind))
    shown = [kind for kind in ordered if kinds[kind].total]
    return Ledger(
        months=list(months.values()),
        kinds=[kinds[kind] for kind in ordered],
        reasons=_reasons(reasons),
        grid=[
            (
                line.name,
                [(kinds[kind].name, cells[month, kind].total, cells[month, kind].median) for kind in shown],
            )
            for month, line in months.items()
            if line.total
        ],
        columns=[
            *COLUMNS,
            *(name for name in (*BESIDE, CHECKS, OTHER) if any(m.counts[name] for m in months.values())),
        ],
    )


Counts = list[tuple[date, str, str, str, int]]
Waits = list[tuple[date, str, int, int]]


def _rows(start: date, end: date) -> tuple[Counts, Waits]:
    """What is counted. Nothing is ever added to a month that is over, so those are counted once a day."""
    over = min(end, max(start, (timezone.now() - timedelta(days=1)).date().replace(day=1)))
    counts, waits = cache.get_or_set(f"ledger:{start}:{over}", lambda: _count(start, over), DAY) or ([], [])
    more_counts, more_waits = _count(over, end)
    return [*counts, *more_counts], [*waits, *more_waits]


def _count(start: date, end: date) -> tuple[Counts, Waits]:
    """``(month, kind, verb, code, number)`` and ``(month, kind, whole hours, number)``. Two queries."""
    if start == end:
        return [], []
    entries = AuditEntry.objects.filter(at__gte=_moment(start), at__lt=_moment(end)).order_by()
    monthly = entries.annotate(month=TruncMonth("at", output_field=DateField(), tzinfo=UTC))
    concerned = monthly.filter(Q(action__in=[*DECIDED, IMPORT]) | Q(action__startswith=CHECKED))
    counts = concerned.values_list("month", "object_type", "action", "reason_code")
    hours = Cast(Floor(Extract("waited", "epoch") / 3600), IntegerField())
    waited = monthly.filter(waited__isnull=False, action__in=STEPS).annotate(hours=hours)
    waits = waited.values_list("month", "object_type", "hours")
    return list(counts.annotate(number=Count("*"))), list(waits.annotate(number=Count("*")))


def _reasons(counted: Counter[str]) -> list[tuple[str, int]]:
    """The sentences authors were sent, by number; what was given a few times only comes last, together."""
    named: Counter[str] = Counter()
    said = sentences() if any(counted) else {}
    for code, number in counted.items():
        named[said.get(code, OWN_WORDS)] += number
    often = [(reason, number) for reason, number in named.most_common() if number >= SMALLEST]
    few = sum(number for number in named.values() if number < SMALLEST)
    return [*often, *([(FEW, few)] if few else [])]


def kind_name(object_type: str) -> str:
    """What a reader calls the things of a model; its own name where it is none of ours any more."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name_plural).capitalize()
    except (LookupError, ValueError):
        return object_type


def decided_last_month() -> int:
    """How much was decided in the last whole month. No query once this process knows it."""
    return _decided_in((timezone.now().date().replace(day=1) - timedelta(days=1)).replace(day=1))


@lru_cache(maxsize=1)
def _decided_in(month: date) -> int:
    return decisions(month, _next(month)).count()


def span(year: str | None) -> tuple[date, date, int | None]:
    """First day, the day after the last, and the year if one was asked for: else the last twelve months."""
    today = timezone.now().date()
    if year and year.isascii() and year.isdigit() and len(year) == 4 and 2000 <= int(year) <= today.year:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1), int(year)
    end = _next(today.replace(day=1))
    return end.replace(year=end.year - 1), end, None


def years() -> list[int]:
    """Every year the trail reaches back to, the latest first. One query."""
    first = AuditEntry.objects.order_by("at").values_list("at", flat=True).first()
    this = timezone.now().year
    return list(range(this, (first.year if first else this) - 1, -1))


# In percent of the drawing: where the bars begin, and how long the longest is.
BEGIN, END = 23.0, 83.0
ROW = 30


def chart(months: Iterable[Line], *, begin: float = BEGIN) -> dict[str, Any]:
    """A bar per month for the SVG, the latest first: what became public filled, the rest in outline."""
    longest = END - begin
    lines = list(reversed(list(months)))
    most = max([line.total for line in lines] or [0]) or 1
    bars = []
    for row, line in enumerate(lines):
        public = line.counts["Published"] + line.counts["Restored"]
        filled, whole = longest * public / most, longest * line.total / most
        bars.append(
            {
                "line": line,
                "y": row * ROW,
                "middle": row * ROW + ROW // 2,
                "filled": f"{filled:.2f}" if public else "",
                "rest_at": f"{begin + filled:.2f}",
                "rest": f"{whole - filled:.2f}" if line.total > public else "",
                "end": f"{begin + whole:.2f}",
            }
        )
    return {"bars": bars, "begin": begin, "height": len(lines) * ROW}


def _months(start: date, end: date) -> list[date]:
    months = [start]
    while _next(months[-1]) < end:
        months.append(_next(months[-1]))
    return months


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
