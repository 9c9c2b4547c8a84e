"""How well a treatment's questions are answered: how many, how many wait, how long the first answer takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, Exists, F, OuterRef, Q

from answers.models import Answer, Thread
from treatments.models import Treatment

# The newest answered threads say how long it takes now, and cost the same for any treatment.
MEASURED = 200
FEWEST = 5
# Up to what, in which unit: three days are said as days, three weeks as weeks.
UNITS = (
    (timedelta(hours=1), timedelta(minutes=1), "minute"),
    (timedelta(hours=36), timedelta(hours=1), "hour"),
    (timedelta(days=14), timedelta(days=1), "day"),
    (timedelta(days=60), timedelta(days=7), "week"),
    (timedelta(days=730), timedelta(days=30.4375), "month"),
    (timedelta.max, timedelta(days=365.25), "year"),
)


@dataclass(frozen=True)
class Coverage:
    """``first_answer`` is the median time in words; empty where too few threads tell."""

    answered: int
    waiting: int
    first_answer: str

    @property
    def total(self) -> int:
        return self.answered + self.waiting


def coverage_of(treatment: Treatment) -> Coverage:
    """The public threads of a treatment, counted. Two queries."""
    threads = Thread.objects.public().for_treatment(treatment)
    counted = threads.aggregate(
        answered=Count("pk", filter=Q(answer_count__gt=0)), waiting=Count("pk", filter=Q(answer_count=0))
    )
    times = _first_answers(treatment)
    words = in_words(timedelta(seconds=median(times))) if len(times) >= FEWEST else ""
    return Coverage(counted["answered"], counted["waiting"], words)


def _first_answers(treatment: Treatment) -> list[float]:
    """Seconds that the newest answered threads waited. Where an import gave no date, there is nothing to measure."""
    undated = Answer.objects.public().filter(question=OuterRef("pk"), is_dated=False)
    threads = Thread.objects.public().for_treatment(treatment).filter(answer_count__gt=0)
    newest = threads.order_by("-asked_at", "-pk").values("pk")[:MEASURED]
    dated = (
        Thread.objects.filter(pk__in=newest, question__is_dated=True, first_answered_at__gte=F("asked_at"))
        .exclude(Exists(undated))
        .annotate(waited=F("first_answered_at") - F("asked_at"))
    )
    return [waited.total_seconds() for waited in dated.values_list("waited", flat=True)]


def in_words(time: timedelta) -> str:
    """“about 3 days”: rounded, in the unit in which people say it."""
    for limit, unit, name in UNITS:
        if time < limit:
            number = max(round(time / unit), 1)
            return f"about {number} {name}{'s' if number > 1 else ''}"
    raise ValueError(time)
