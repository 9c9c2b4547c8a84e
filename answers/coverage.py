"""How well a treatment's questions are answered: how many, how many wait, how long the first answer takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now

from answers.models import Answer, Thread
from questions.models import QuestionTreatment
from treatments.models import Treatment

# The latest threads of a treatment say how it is now, and cost the same for any of them.
LATEST = 1000
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


class Median(Aggregate):
    """The value in the middle."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Coverage:
    """Of the ``LATEST`` threads. ``first_answer`` and ``so_far`` are medians in words.

    ``first_answer`` is empty where too few threads tell, ``so_far`` (how long those that wait have waited)
    where none waits.
    """

    answered: int
    waiting: int
    first_answer: str
    so_far: str

    @property
    def total(self) -> int:
        return self.answered + self.waiting

    @property
    def is_partial(self) -> bool:
        """Whether there may be older threads that were not looked at."""
        return self.total >= LATEST


def coverage_of(treatment: Treatment) -> Coverage:
    """One query. Where an import gave no date, a thread counts, and there is no time to measure."""
    latest = QuestionTreatment.objects.filter(treatment=treatment).order_by("-question")
    undated = Answer.objects.public().filter(question=OuterRef("pk"), is_dated=False)
    is_measured = Q(first_answered_at__gte=F("asked_at"), question__is_dated=True) & ~Q(Exists(undated))
    wait = ExpressionWrapper(F("first_answered_at") - F("asked_at"), DurationField())
    so_far = ExpressionWrapper(Now() - F("asked_at"), DurationField())
    row = (
        Thread.objects.public()
        .filter(pk__in=latest.values("question")[:LATEST])
        .aggregate(
            answered=Count("pk", filter=Q(answer_count__gt=0)),
            waiting=Count("pk", filter=Q(answer_count=0)),
            measured=Count("pk", filter=is_measured),
            to_answer=Median(wait, filter=is_measured, output_field=DurationField()),
            so_far=Median(
                so_far, filter=Q(answer_count=0, question__is_dated=True), output_field=DurationField()
            ),
        )
    )
    first_answer = in_words(row["to_answer"]) if row["measured"] >= FEWEST else ""
    waited = in_words(row["so_far"]) if row["so_far"] is not None else ""
    return Coverage(row["answered"], row["waiting"], first_answer, waited)


def in_words(time: timedelta) -> str:
    """“about 3 days”: rounded, in the unit in which people say it."""
    for limit, unit, name in UNITS:
        if time < limit:
            number = max(round(time / unit), 1)
            return f"about {number} {name}{'s' if number > 1 else ''}"
    raise ValueError(time)
