"""How current an answer is: when its author last stood by it, and which safety notices came afterwards.

Everything is worked out when a page is read: a notice counts from the moment it is in the catalogue, and stops
counting the moment it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

from core.dates import months_later

if TYPE_CHECKING:
    from answers.models import Answer
    from treatments.models import SafetyNotice, Treatment

# So long after the day on which it was due an answer reads "not confirmed since".
GRACE = timedelta(days=90)


class Currency(StrEnum):
    CURRENT = "current"
    DUE = "due"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Freshness:
    """``predates`` are the notices in force that came after the author last stood by the answer, latest first.

    Where nobody knows when that was, they are all that are in force: it may predate them.
    """

    state: Currency
    confirmed_on: date | None = None
    due_on: date | None = None
    predates: Sequence[SafetyNotice] = field(default=())

    @property
    def wants_confirmation(self) -> bool:
        """Whether its author is asked to say that it still stands."""
        return self.state != Currency.CURRENT or bool(self.predates)


def confirmed_on(answer: Answer) -> date | None:
    """The day on which its author last stood by it, as far as anybody knows."""
    return timezone.localdate(answer.stood_at) if answer.stood_at else None


def freshness_of(
    answer: Answer,
    *,
    treatment: Treatment | None,
    notices: Iterable[SafetyNotice],
    today: date | None = None,
) -> Freshness:
    """How current ``answer`` is; ``notices`` are those in force on its treatment.

    Confirmed on the day of a notice, it does not predate it. Without a treatment nothing falls due.
    """
    day = confirmed_on(answer)
    later = [notice for notice in notices if day is None or notice.issued_on > day]
    predates = sorted(later, key=lambda notice: notice.issued_on, reverse=True)
    if day is None:
        return Freshness(Currency.UNKNOWN, predates=predates)
    due_on = months_later(day, treatment.review_interval_months) if treatment else None
    return Freshness(_state(due_on, today or timezone.localdate()), day, due_on, predates)


def _state(due_on: date | None, today: date) -> Currency:
    if due_on is None or today < due_on:
        return Currency.CURRENT
    return Currency.DUE if today < due_on + GRACE else Currency.LAPSED


def with_freshness(
    answers: list[Answer], *, treatment: Treatment | None, notices: Sequence[SafetyNotice]
) -> list[Answer]:
    """The same answers of one thread, the published ones each with its ``freshness``. No query."""
    for answer in answers:
        if answer.is_public:
            answer.freshness = freshness_of(answer, treatment=treatment, notices=notices)
    return answers


def in_one_phrase(answers: Iterable[Answer]) -> str:
    """How current the answers of a thread are together; empty where nothing is known."""
    all_of_them = [answer.freshness for answer in answers if answer.freshness]
    latest = max((notice.issued_on for fresh in all_of_them for notice in fresh.predates), default=None)
    if latest:
        older = [fresh for fresh in all_of_them if any(n.issued_on == latest for n in fresh.predates)]
        notice = f"the safety notice of {date_format(latest, 'j F Y')}"
        return f"{_of(len(older), all_of_them)} {_predate(older)} {notice}"
    late = sum(fresh.state in {Currency.DUE, Currency.LAPSED} for fresh in all_of_them)
    if late:
        return f"{_of(late, all_of_them)} {'is' if late == 1 else 'are'} due for confirmation"
    days = sorted(fresh.confirmed_on for fresh in all_of_them if fresh.confirmed_on)
    return _between(days) if len(days) == len(all_of_them) else ""


def _predate(older: Sequence[Freshness]) -> str:
    perhaps = [fresh.state == Currency.UNKNOWN for fresh in older]
    if all(perhaps):
        return "may predate"
    return "predate or may predate" if any(perhaps) else "predates" if len(older) == 1 else "predate"


def _of(number: int, all_of_them: Sequence[Freshness]) -> str:
    return f"{number} of {len(all_of_them)} answers" if len(all_of_them) > 1 else "1 answer"


def _between(days: list[date]) -> str:
    if not days:
        return ""
    first, last = (date_format(day, "F Y") for day in (days[0], days[-1]))
    when = f"in {first}" if first == last else f"between {first} and {last}"
    return f"last confirmed by {'their doctors' if len(days) > 1 else 'its doctor'} {when}"
