"""Where the doctors stand: how positions are counted, put into words and drawn.

The thresholds stand here, and the trust page prints them from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from answers.enums import Agreement, Stance
from answers.models import Answer

Threads = TypeVar("Threads", bound=Iterable[Any])

MINIMUM_POSITIONS = 3
CONSENSUS_SHARE = Fraction(2, 3)
LEANING_SHARE = Fraction(1, 2)
MARKS_AT_MOST = 30

# How a number of doctors holds a stance: "8 of 10 doctors advise against it".
PHRASES: dict[Stance, tuple[str, str]] = {
    Stance.SUPPORTS: ("supports it", "support it"),
    Stance.CONDITIONS: ("supports it with conditions", "support it with conditions"),
    Stance.AGAINST: ("advises against it", "advise against it"),
    Stance.UNKNOWN: ("sees not enough evidence", "see not enough evidence"),
    Stance.EXAM: ("wants to examine first", "want to examine first"),
}


@dataclass(frozen=True)
class Mark:
    """One doctor in the picture."""

    initials: str
    stance: str
    name: str
    url: str


@dataclass(frozen=True)
class Bar:
    """The positions of ``total`` doctors. ``marks`` is empty above thirty; then ``segments`` are drawn."""

    counts: list[dict]
    total: int
    agreement: Agreement
    sentence: str
    marks: list[Mark] = field(default_factory=list)

    @property
    def too_few(self) -> bool:
        return self.agreement == Agreement.TOO_FEW

    @property
    def label(self) -> str:
        return self.agreement.value

    @property
    def label_text(self) -> str:
        return self.agreement.label

    @property
    def dots(self) -> list[str]:
        """The stances one by one in their order, for the small drawing in lists."""
        if self.total > MARKS_AT_MOST:
            return []
        return [count["stance"] for count in self.counts for _ in range(count["count"])]

    @property
    def segments(self) -> list[dict]:
        """``{stance, x, width, count}`` on a scale of 100."""
        drawn, x = [], 0.0
        for count in self.counts:
            width = round(100 * count["count"] / self.total, 2)
            drawn.append(
                {"stance": count["stance"], "x": f"{x:.2f}", "width": f"{width:.2f}", "count": count["count"]}
            )
            x += width
        return drawn


def bar_of(counts: Mapping[str, int], marks: Iterable[Mark] = ()) -> Bar:
    """The bar for ``{stance: doctors}``; marks are put into the order of stances."""
    held = [(stance, counts.get(stance, 0)) for stance in Stance if counts.get(stance, 0)]
    total = sum(count for _, count in held)
    agreement = agreement_of([count for _, count in held])
    order = list(Stance.values)
    ordered = sorted(marks, key=lambda mark: order.index(mark.stance))
    return Bar(
        counts=[
            {
                "stance": stance.value,
                "count": count,
                "phrase": PHRASES[stance][count > 1],
                "label": stance.label,
            }
            for stance, count in held
        ],
        total=total,
        agreement=agreement,
        sentence=sentence_of(held, agreement),
        marks=ordered if total <= MARKS_AT_MOST else [],
    )


def agreement_of(counts: list[int]) -> Agreement:
    """Two thirds share one position: consensus; more than half: leaning; else split."""
    total = sum(counts)
    if total < MINIMUM_POSITIONS:
        return Agreement.TOO_FEW
    share = Fraction(max(counts), total)
    if share >= CONSENSUS_SHARE:
        return Agreement.CONSENSUS
    return Agreement.LEANING if share > LEANING_SHARE else Agreement.SPLIT


def sentence_of(held: list[tuple[Stance, int]], agreement: Agreement) -> str:
    """The count in words; percentages are never given."""
    total = sum(count for _, count in held)
    if total == 0:
        return "No verified doctor has taken a position yet"
    if agreement == Agreement.TOO_FEW:
        return f"Too few to call: {total} {'position' if total == 1 else 'positions'} so far"
    ranked = sorted(held, key=lambda item: -item[1])
    stance, top = ranked[0]
    if agreement != Agreement.SPLIT:
        if top == total:
            return f"All {total} doctors {PHRASES[stance][1]}"
        return f"{top} of {total} doctors {PHRASES[stance][1]}"
    parts = [f"{count} {PHRASES[stance][count > 1]}" for stance, count in ranked[:2]]
    return f"{total} doctors are split: {', '.join(parts)}"


def bar_for_answers(answers: Iterable[Answer]) -> Bar:
    """The bar of a thread from its loaded public answers; those that do not count are left out."""
    counted = [
        answer for answer in answers if answer.is_public and answer.stance and answer.doctor.is_verified_now
    ]
    marks = [
        Mark(answer.doctor.initials, answer.stance, str(answer.doctor), answer.link) for answer in counted
    ]
    return bar_of(Counter(answer.stance for answer in counted), marks)


def bars_for_questions(question_ids: Iterable[int]) -> dict[int, Bar]:
    """A bar for each of these threads, in one query; threads without positions get an empty one."""
    ids = list(question_ids)
    tally: dict[int, Counter[str]] = {pk: Counter() for pk in ids}
    rows = Answer.objects.counted().filter(question__in=ids).values_list("question_id", "stance")
    for question_id, stance in rows:
        tally[question_id][stance] += 1
    return {pk: bar_of(counts) for pk, counts in tally.items()}


def with_bars(threads: Threads) -> Threads:
    """The same threads, a list or a page of them, each with its ``bar``. One query."""
    bars = bars_for_questions(thread.pk for thread in threads)
    for thread in threads:
        thread.bar = bars[thread.pk]
    return threads


def with_own_bars(threads: Threads) -> Threads:
    """The same for threads that were loaded with the stances ``held`` in them; no further query."""
    for thread in threads:
        thread.bar = bar_of(Counter(thread.held))
    return threads


def bars_for_uses(use_ids: Iterable[int]) -> dict[int, Bar]:
    """A bar for each use over all its threads, in one query: once per doctor, their latest position."""
    ids = list(use_ids)
    held: dict[int, list[Mark]] = {pk: [] for pk in ids}
    latest = (
        Answer.objects.counted()
        .filter(question__use__in=ids)
        .order_by("question__use_id", "doctor_id", "-published_at", "-pk")
        .distinct("question__use_id", "doctor_id")
        .select_related("doctor", "question")
        .only("stance", "doctor__name", "doctor__title", "question__use_id")
    )
    for answer in latest:
        held[answer.question.use_id].append(  # type: ignore[index]
            Mark(answer.doctor.initials, answer.stance, str(answer.doctor), answer.permalink)
        )
    return {pk: bar_of(Counter(mark.stance for mark in marks), marks) for pk, marks in held.items()}


def reasons_against(answers: Iterable[Answer]) -> list[dict]:
    """The reasons given in counted answers side by side, most frequent first.

    Each is ``{"reason", "label", "stance", "count", "answers"}``.
    """
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.is_public and answer.reason and answer.stance and answer.doctor.is_verified_now:
            groups.setdefault(answer.reason, []).append(answer)
    return [
        {
            "reason": reason,
            "label": given[0].get_reason_display(),
            "stance": Counter(answer.stance for answer in given).most_common(1)[0][0],
            "count": len(given),
            "answers": given,
        }
        for reason, given in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]
