"""Where the doctors stand: how positions are counted, put into words and drawn.

The thresholds stand here, and the trust page prints them from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from django.db.models import CharField, QuerySet, Value

from answers.enums import Agreement, OpinionKind, Reason, Stance
from answers.models import Answer, SecondOpinion
from doctors.models import Doctor

# The kind of a position that a doctor holds by an answer of their own.
OWN = Value("", CharField())
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
    """The positions of ``total`` doctors. ``marks`` is empty above thirty; then ``segments`` are drawn.

    ``cosigned`` and ``disputed`` are how many of them are held by a second opinion instead of an answer.
    """

    counts: list[dict]
    total: int
    agreement: Agreement
    sentence: str
    marks: list[Mark] = field(default_factory=list)
    cosigned: int = 0
    disputed: int = 0

    @property
    def seconds(self) -> str:
        """How many of the positions are second opinions, in words; empty if none is."""
        parts = [
            f"{count} {what}"
            for count, what in (
                (self.cosigned, "co-signed another doctor’s answer"),
                (self.disputed, "disputed another doctor’s answer"),
            )
            if count
        ]
        return f"Of these doctors {' and '.join(parts)}." if parts else ""

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


def bar_of(counts: Mapping[str, int], marks: Iterable[Mark] = (), kinds: Iterable[str] = ()) -> Bar:
    """The bar for ``{stance: doctors}``; marks are put into the order of stances.

    ``kinds`` are those of the second opinions among the positions.
    """
    seconds = Counter(kinds)
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
        cosigned=seconds[OpinionKind.COSIGN],
        disputed=seconds[OpinionKind.DISPUTE],
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


def bar_for_answers(answers: Iterable[Answer], opinions: Iterable[SecondOpinion] = ()) -> Bar:
    """The bar of a thread from its loaded public answers and second opinions.

    Once per doctor: their own answer, else the latest of their second opinions. Who is not verified today is
    left out, as is an answer without a position.
    """
    held: dict[int, Answer | SecondOpinion] = {}
    for opinion in sorted(opinions, key=lambda opinion: (opinion.published_at, opinion.pk)):
        if opinion.doctor.is_verified_now:
            held[opinion.doctor_id] = opinion
    for answer in answers:
        if answer.is_public and answer.stance and answer.doctor.is_verified_now:
            held.pop(answer.doctor_id, None)  # so that answers stand in their own order
            held[answer.doctor_id] = answer
    marks = [Mark(one.doctor.initials, one.stance, str(one.doctor), one.link) for one in held.values()]
    seconds = [one.kind for one in held.values() if isinstance(one, SecondOpinion)]
    return bar_of(Counter(mark.stance for mark in marks), marks, seconds)


def bars_for_questions(question_ids: Iterable[int]) -> dict[int, Bar]:
    """A bar for each of these threads, in one query; threads without positions get an empty one."""
    ids = list(question_ids)
    held: dict[int, list[tuple[str, str]]] = {pk: [] for pk in ids}
    own = Answer.objects.counted().filter(question__in=ids).annotate(kind=OWN)
    seconds = SecondOpinion.objects.held().filter(answer__question__in=ids)
    rows = own.order_by().values_list("question", "stance", "kind")
    for pk, stance, kind in rows.union(
        seconds.order_by().values_list("answer__question", "stance", "kind"), all=True
    ):
        held[pk].append((stance, kind))
    return {
        pk: bar_of(Counter(stance for stance, _ in rows), kinds=[kind for _, kind in rows])
        for pk, rows in held.items()
    }


def with_bars(threads: Threads) -> Threads:
    """The same threads, a list or a page of them, each with its ``bar``. One query."""
    bars = bars_for_questions(thread.pk for thread in threads)
    for thread in threads:
        thread.bar = bars[thread.pk]
    return threads


def why_most(bar: Bar, reasons: list[dict]) -> str:
    """The reason most doctors give where most advise against something; empty where no reason leads."""
    against = next((c["count"] for c in bar.counts if c["stance"] == Stance.AGAINST), 0)
    if bar.too_few or 2 * against <= bar.total or not reasons:
        return ""
    first, *others = (group["count"] for group in reasons)
    return reasons[0]["label"].lower() if not others or first > others[0] else ""


def majority_first(answers: Iterable[Answer], bar: Bar) -> list[Answer]:
    """Answers by position, the one most doctors hold first, those that take none last; the most helpful lead."""
    held = {count["stance"]: count["count"] for count in bar.counts}
    order = ["", *reversed(Stance.values)]
    return sorted(
        answers,
        key=lambda answer: (held.get(answer.stance, 0), order.index(answer.stance), answer.helpful_count),
        reverse=True,
    )


def with_own_bars(threads: Threads) -> Threads:
    """The same for threads that were loaded with the stances ``answered`` and ``seconded``; no further query."""
    for thread in threads:
        thread.bar = bar_of(Counter([*thread.answered, *thread.seconded]))
    return threads


def bars_for_uses(use_ids: Iterable[int]) -> dict[int, Bar]:
    """A bar for each use over all its threads, in one query: once per doctor, their latest position."""
    ids = list(use_ids)
    held: dict[int, dict[int, tuple[str, Mark]]] = {pk: {} for pk in ids}
    own = Answer.objects.counted().filter(question__use__in=ids).annotate(kind=OWN)
    seconds = SecondOpinion.objects.held().filter(answer__question__use__in=ids)
    latest = _latest(own, "question__use", "pk").union(
        _latest(seconds, "answer__question__use", "answer_id"), all=True
    )
    # Of two of the same moment the answer holds, as it does within a thread.
    for row in sorted(latest, key=lambda row: (row[2], row[4] == "")):
        use, doctor_id, _, stance, kind, pk, answer_id, name, title = row
        doctor, answer = Doctor(name=name, title=title), Answer(pk=answer_id)
        at = SecondOpinion(pk=pk, answer=answer).permalink if kind else answer.permalink
        held[use][doctor_id] = kind, Mark(doctor.initials, stance, str(doctor), at)
    return {pk: _bar_of_held(list(rows.values())) for pk, rows in held.items()}


def _latest(rows: QuerySet, use: str, answer: str) -> QuerySet:
    """The latest row of each doctor in each use, as the columns that a bar needs."""
    ordered = rows.order_by(use, "doctor_id", "-published_at", "-pk").distinct(use, "doctor_id")
    columns = ("doctor_id", "published_at", "stance", "kind", "pk", answer, "doctor__name", "doctor__title")
    return ordered.values_list(use, *columns)


def _bar_of_held(held: list[tuple[str, Mark]]) -> Bar:
    marks = [mark for _, mark in held]
    return bar_of(Counter(mark.stance for mark in marks), marks, [kind for kind, _ in held])


def reasons_against(answers: Iterable[Answer], opinions: Iterable[SecondOpinion] = ()) -> list[dict]:
    """The reasons given in counted answers and disputes side by side, most frequent first.

    Each is ``{"reason", "label", "stance", "count", "answers", "disputes"}``; ``count`` is that of doctors,
    ``stance`` the position they share, empty where they do not.
    """
    answered, disputed = _by_reason(answers), _by_reason(opinions)
    groups = []
    for reason in dict.fromkeys([*answered, *disputed]):
        given, disputes = answered.get(reason, []), disputed.get(reason, [])
        held = {one.doctor_id: one.stance for one in [*disputes, *given]}
        groups.append(
            {
                "reason": reason,
                "label": Reason(reason).label,
                "stance": next(iter(held.values())) if len(set(held.values())) == 1 else "",
                "count": len(held),
                "answers": given,
                "disputes": disputes,
            }
        )
    return sorted(groups, key=lambda group: -group["count"])


def _by_reason(said: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for one in said:
        if one.is_public and one.reason and one.stance and one.doctor.is_verified_now:
            groups.setdefault(one.reason, []).append(one)
    return groups
