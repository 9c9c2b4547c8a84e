"""Where the doctors stand: how positions are counted, put into words and drawn.

The thresholds stand here, and the trust page prints them from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, CharField, F, Func, Value

from answers.enums import Agreement, OpinionKind, Stance
from answers.models import Answer, SecondOpinion

# The kind of a position that a doctor holds by an answer of their own.
OWN = Value("", CharField())
Threads = TypeVar("Threads", bound=Iterable[Any])

MINIMUM_POSITIONS = 3
CONSENSUS_SHARE = Fraction(2, 3)
LEANING_SHARE = Fraction(1, 2)
# What each share is called, said in words; the thresholds are those above.
MEANINGS = {
    Agreement.CONSENSUS: "two thirds or more share one position",
    Agreement.LEANING: "more than half share one position",
    Agreement.SPLIT: "no position is shared by more than half",
}
MARKS_AT_MOST = 30
# So few who hold a position are named beside its count.
NAMED_AT_MOST = 3
# Answers told in a line each, and of one position where others are held too.
LINES_AT_MOST, LINES_SHOWN = 60, 3

# How a number of doctors holds a stance: "8 of 10 doctors advise against it".
PHRASES: dict[Stance, tuple[str, str]] = {
    Stance.SUPPORTS: ("supports it", "support it"),
    Stance.CONDITIONS: ("supports it with conditions", "support it with conditions"),
    Stance.AGAINST: ("advises against it", "advise against it"),
    Stance.UNKNOWN: ("sees not enough evidence", "see not enough evidence"),
    Stance.EXAM: ("wants to examine first", "want to examine first"),
}


class AnyOf(Func):
    """Whether a key is in an array that is read first.

    Joined by their questions instead, a few second opinions may have PostgreSQL read all answers of the site.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


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
    def meaning(self) -> str:
        """What the label says, in words; empty while there are too few."""
        return MEANINGS.get(self.agreement, "")

    @property
    def legend(self) -> list[dict]:
        """The counts, each with the names of those who hold the position, where they are few and drawn."""
        few = {row["stance"] for row in self.counts if row["count"] <= NAMED_AT_MOST}
        named = [mark for mark in self.marks if mark.stance in few]
        return [{**row, "named": [m.name for m in named if m.stance == row["stance"]]} for row in self.counts]

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


def positions_of(
    answers: Iterable[Answer], opinions: Iterable[SecondOpinion] = ()
) -> dict[int, Answer | SecondOpinion]:
    """Who holds what in a thread, by the key of the doctor, from its loaded public answers and second opinions.

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
    return held


def bar_for_answers(answers: Iterable[Answer], opinions: Iterable[SecondOpinion] = ()) -> Bar:
    """The bar of a thread from its loaded public answers and second opinions, as :func:`positions_of` holds them."""
    held = positions_of(answers, opinions).values()
    marks = [Mark(one.doctor.initials, one.stance, one.doctor.name, one.link) for one in held]
    seconds = [one.kind for one in held if isinstance(one, SecondOpinion)]
    return bar_of(Counter(mark.stance for mark in marks), marks, seconds)


def positions_in(question_ids: Iterable[int]) -> dict[int, dict[int, tuple[str, str]]]:
    """``{question: {doctor: (stance, kind)}}`` of everybody counted in these threads. One query.

    ``kind`` is that of a second opinion, empty for an answer.
    """
    ids = list(question_ids)
    held: dict[int, dict[int, tuple[str, str]]] = {pk: {} for pk in ids}
    own = Answer.objects.counted().filter(question__in=ids).annotate(kind=OWN)
    answers = ArraySubquery(Answer.objects.filter(question__in=ids).order_by().values("pk"))
    seconds = SecondOpinion.objects.held().filter(AnyOf(F("answer_id"), answers))
    rows = own.order_by().values_list("question", "doctor", "stance", "kind")
    theirs = seconds.order_by().values_list("answer__question", "doctor", "stance", "kind")
    for pk, doctor, stance, kind in rows.union(theirs, all=True):
        held[pk][doctor] = stance, kind
    return held


def bars_for_questions(question_ids: Iterable[int]) -> dict[int, Bar]:
    """A bar for each of these threads, in one query; threads without positions get an empty one."""
    return {
        pk: bar_of(Counter(stance for stance, _ in held.values()), kinds=[kind for _, kind in held.values()])
        for pk, held in positions_in(question_ids).items()
    }


def with_bars(threads: Threads) -> Threads:
    """The same threads, a list or a page of them, each with its ``bar``. One query."""
    bars = bars_for_questions(thread.pk for thread in threads)
    for thread in threads:
        thread.bar = bars[thread.pk]
    return threads


def majority_first(answers: Iterable[Answer], bar: Bar) -> list[Answer]:
    """Answers by position, the one most doctors hold first, those that take none last; the most helpful lead."""
    held = {count["stance"]: count["count"] for count in bar.counts}
    order = ["", *reversed(Stance.values)]
    return sorted(
        answers,
        key=lambda answer: (held.get(answer.stance, 0), order.index(answer.stance), answer.helpful_count),
        reverse=True,
    )


@dataclass(frozen=True)
class Lines:
    """The answers of one position that are told in a line each: those ``shown``, and those behind a click."""

    shown: list[Answer]
    folded: list[Answer]

    @property
    def phrase(self) -> str:
        stance = self.shown[0].stance
        return PHRASES[Stance(stance)][1] if stance else "take no position"


def in_lines(ordered: Iterable[Answer]) -> list[Lines]:
    """The first answers of :func:`majority_first`, position by position.

    Where doctors differ no position fills the screen before the others are heard.
    """
    told = [answer for answer in list(ordered)[:LINES_AT_MOST] if answer.summary]
    positions = [list(held) for _, held in groupby(told, key=lambda answer: answer.stance)]
    cut = LINES_SHOWN if len(positions) > 1 else LINES_AT_MOST
    return [Lines(held[:cut], held[cut:]) if len(held) > cut + 1 else Lines(held, []) for held in positions]


def with_own_bars(threads: Threads) -> Threads:
    """The same for threads that were loaded with the stances ``answered`` and ``seconded``; no further query."""
    for thread in threads:
        thread.bar = bar_of(Counter([*thread.answered, *thread.seconded]))
    return threads
