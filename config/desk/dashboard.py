"""How the moderators are doing: what waits, what was decided and how fast, and whether it was right.

Everything is counted from the audit trail. A moderator is shown their own figures and nobody else's: this is
no league table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import (
    CharField,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat, Extract, Floor, TruncHour
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from answers.models import Reached, Route
from config.desk import queue
from config.ledger import CHECKED, STEPS, Line, chart, kind_name, median
from core.models import AuditEntry, Signal

if TYPE_CHECKING:
    from accounts.models import User

DAYS = 14
REPORTS = ("uphold", "dismiss")
OVERTURNED, CONFIRMED = "grant appeal", "decline appeal"
# For how long back it is asked what became of what a rule held.
RULES_SINCE = timedelta(days=90)
# Of the questions without an answer, those that are named.
UNANSWERED = 20
REFUSED = ("send back", "reject")
# Where the bars of rules begin: their names are longer than those of days.
RULES_BEGIN = 38.0


@dataclass(frozen=True)
class Day:
    """What was decided on one day, and in how many of its hours anybody decided at all."""

    line: Line
    hours: int

    @property
    def per_hour(self) -> str:
        return f"{self.line.total / self.hours:.0f}" if self.hours else "–"


@dataclass(frozen=True)
class Rule:
    """A rule as it was in one version: on how many things it fired, and what moderators decided on those."""

    code: str
    version: int
    name: str
    published: int
    refused: int
    waiting: int

    @property
    def fired(self) -> int:
        return self.published + self.refused + self.waiting

    @property
    def precision(self) -> str:
        """Of what was decided, the share it was right to hold."""
        decided = self.published + self.refused
        return f"{100 * self.refused / decided:.0f} %" if decided else "–"

    @property
    def line(self) -> Line:
        """Its bar: what was decided, and how."""
        line = Line(f"{self.name}, version {self.version}", f"{self.code} {self.version}")
        line.add("publish", self.published)
        line.add("reject", self.refused)
        return line


def dashboard(request: HttpRequest) -> HttpResponse:
    """Eleven queries of its own, whatever there is to count."""
    user = cast("User", request.user)
    if not queue.kinds_of(user):
        raise PermissionDenied
    today = timezone.now().date()
    recent = _decisions(today - timedelta(days=DAYS - 1))
    days, waits = _days(recent, today), _waits(recent)
    rules = _rules(timezone.now() - RULES_SINCE)
    context = {
        **admin.site.each_context(request),
        "title": "How we are doing",
        "counts": queue.counts(user=user, filters=queue.Filters()),
        "days": days[::-1],
        "chart": chart(day.line for day in days),
        "median": median(sum(waits.values(), Counter())),
        "medians": [(kind_name(kind), median(hours), hours.total()) for kind, hours in sorted(waits.items())],
        "appeals": _appeals(),
        **_without_a_doctor(),
        "rules": rules,
        "rules_chart": chart((rule.line for rule in reversed(rules)), begin=RULES_BEGIN),
        "own": recent.filter(actor=user).values_list("action").annotate(number=Count("*")).order_by("action"),
    }
    return TemplateResponse(request, "admin/moderation/dashboard.html", context)


def _without_a_doctor() -> dict[str, Any]:
    """The public questions that no doctor has answered for days, those that wait longest. Four queries."""
    waiting = Route.objects.with_moderators().select_related("question__treatment")
    reached = Prefetch("question__reached", Reached.objects.select_related("specialty").order_by("pk"))
    rows = waiting.prefetch_related(reached).defer("question__body", "question__body_html")
    return {"unanswered": list(rows[:UNANSWERED]), "unanswered_count": waiting.count()}


def _decisions(since: date) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(at__gte=datetime(since.year, since.month, since.day, tzinfo=UTC))
    decided = Q(action__in=[*STEPS, *REPORTS, OVERTURNED, CONFIRMED]) | Q(action__startswith=CHECKED)
    return entries.filter(decided).order_by()


def _days(decisions: QuerySet[AuditEntry], today: date) -> list[Day]:
    """The last days in order, those without a decision among them."""
    lines = {
        day: Line(f"{day:%A, %-d %B}", f"{day:%a %-d %b}")
        for day in (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    }
    hours: dict[date, set[datetime]] = {day: set() for day in lines}
    counted = decisions.annotate(hour=TruncHour("at", tzinfo=UTC)).values_list("hour", "action")
    for hour, action, number in counted.annotate(number=Count("*")):
        if hour.date() in lines:
            lines[hour.date()].add(action, number)
            hours[hour.date()].add(hour)
    return [Day(line, len(hours[day])) for day, line in lines.items()]


def _waits(decisions: QuerySet[AuditEntry]) -> dict[str, Counter[int]]:
    """Whole hours waited for a decision, by kind."""
    hours = Cast(Floor(Extract("waited", "epoch") / 3600), IntegerField())
    waited = decisions.filter(waited__isnull=False).annotate(hours=hours).values_list("object_type", "hours")
    kinds: dict[str, Counter[int]] = {}
    for kind, hour, number in waited.annotate(number=Count("*")):
        kinds.setdefault(kind, Counter())[hour] += number
    return kinds


def _appeals() -> tuple[int, int]:
    """How many appeals were granted, of how many decided, ever. The index on what entries are about finds them."""
    about = AuditEntry.objects.filter(
        object_type="core.appeal", action__in=[OVERTURNED, CONFIRMED]
    ).order_by()
    counted = dict(about.values_list("action").annotate(number=Count("*")))
    return counted.get(OVERTURNED, 0), sum(counted.values())


def _rules(since: datetime) -> list[Rule]:
    """What became of things that rules held: the first decision after each signal. One query.

    Each decision counts once for a rule, however often the author sent the text again before it.
    """
    first = AuditEntry.objects.filter(
        object_type=OuterRef("object_type"),
        object_id=OuterRef("object_id"),
        at__gte=OuterRef("at"),
        action__in=["publish", *REFUSED],
    ).order_by("pk")
    decided = Signal.objects.filter(at__gte=since).annotate(
        decision=Subquery(first.values("pk")[:1]), decided=Subquery(first.values("action")[:1])
    )
    thing = Concat("object_type", Value(" "), Cast("object_id", CharField()))
    counted = decided.values("code", "rule_version").annotate(
        named=Max("name"),
        published=Count("decision", distinct=True, filter=Q(decided="publish")),
        refused=Count("decision", distinct=True, filter=Q(decided__in=REFUSED)),
        waiting=Count(thing, distinct=True, filter=Q(decision=None)),
    )
    return [
        Rule(
            row["code"],
            row["rule_version"],
            row["named"],
            row["published"],
            row["refused"],
            row["waiting"],
        )
        for row in counted.order_by("named", "rule_version")
    ]
