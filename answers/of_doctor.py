"""What a doctor's page says of the answers: what they are about, how they stand beside those of colleagues,
and the interests declared with them. Each function is a fixed number of queries.

There is no score here and none can be made of it: the rule is printed with the count, and the threads with both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum

from answers.consensus import MINIMUM_POSITIONS, Bar, bar_of, positions_in
from answers.enums import Stance
from answers.models import Answer, DoctorCount, SecondOpinion
from answers.selectors import public_answers_by
from doctors.models import Doctor, Specialty
from questions.models import Question

# With fewer threads a count would say more about chance than about the doctor.
THREADS_AT_LEAST = 5
# The newest threads are compared, so that the page costs the same for everybody.
COMPARED_AT_MOST = 200
DIFFERENCES_SHOWN = 20
INTERESTS_SHOWN = 30


def treatments_answered(doctor: Doctor) -> list[dict[str, Any]]:
    """``{name, slug, count, in_scope}`` of the public answers, most first; last those of no reviewed treatment.

    ``in_scope`` is ``None`` where the specialty is not known. One query.
    """
    scoped = Specialty.in_scope.through.objects.filter(specialty=doctor.specialty_id).filter(
        Q(treatment=OuterRef("treatment")) | Q(treatment=OuterRef("treatment__parent"))
    )
    counts = DoctorCount.objects.filter(doctor=doctor, answers__gt=0)
    rows = counts.order_by("-answers", "treatment__name").values(
        name=F("treatment__name"),
        slug=F("treatment__slug"),
        is_reviewed=F("treatment__is_reviewed"),
        in_scope=Exists(scoped),
        count=F("answers"),
    )
    known, others = [], 0
    for row in rows:
        if row["is_reviewed"]:
            known.append({**row, "in_scope": row["in_scope"] if doctor.specialty_id else None})
        else:
            others += row["count"]
    rest = {"name": "Not reviewed by our editors yet", "slug": "", "count": others, "in_scope": None}
    return [*known, rest] if others else known


@dataclass(frozen=True)
class Difference:
    """A thread in which the doctor stood apart from the largest group."""

    question: Question
    stance: Stance
    bar: Bar


@dataclass(frozen=True)
class Company:
    """In how many threads the doctor stood with the largest group, and where not, newest first."""

    compared: int
    differences: list[Difference]
    is_cut: bool

    @property
    def with_most(self) -> int:
        return self.compared - len(self.differences)

    @property
    def too_few(self) -> bool:
        return self.compared < THREADS_AT_LEAST

    @property
    def shown(self) -> list[Difference]:
        return self.differences[:DIFFERENCES_SHOWN]

    @property
    def not_shown(self) -> int:
        return len(self.differences) - len(self.shown)


def company_of(doctor: Doctor) -> Company:
    """Compared are threads with enough positions, one of them held by more doctors than any other. Two queries."""
    titles = _threads_of(doctor)
    compared, differences = 0, []
    for pk, held in positions_in(titles).items():
        counts = Counter(stance for stance, _ in held.values())
        largest = _largest(counts)
        if doctor.pk not in held or largest is None:
            continue
        compared += 1
        stance, _ = held[doctor.pk]
        if stance != largest:
            differences.append(Difference(titles[pk], Stance(stance), bar_of(counts)))
    differences.sort(key=lambda difference: -difference.question.pk)
    return Company(compared, differences, len(titles) == COMPARED_AT_MOST)


def _largest(counts: Counter[str]) -> str | None:
    """The position most doctors hold, if enough hold one and no other position has as many."""
    ranked = counts.most_common(2)
    if counts.total() < MINIMUM_POSITIONS or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _threads_of(doctor: Doctor) -> dict[int, Question]:
    """The threads in which the doctor took a counted position last, by their keys. One query."""
    answers = Answer.objects.counted().filter(doctor=doctor)
    opinions = SecondOpinion.objects.counted().filter(doctor=doctor)
    parts = [
        rows.order_by("-published_at", "-pk").values_list(
            "published_at", path, f"{path}__title", f"{path}__slug"
        )[:COMPARED_AT_MOST]
        for rows, path in ((answers, "question"), (opinions, "answer__question"))
    ]
    newest = sorted(parts[0].union(parts[1], all=True), reverse=True)
    threads = {pk: Question(pk=pk, title=title, slug=slug) for _, pk, title, slug in newest}
    return dict(islice(threads.items(), COMPARED_AT_MOST))


def answers_counted(doctors: Iterable[Doctor]) -> dict[int, int]:
    """``{doctor id: public answers}``; who has none is left out. One query."""
    counts = DoctorCount.objects.filter(doctor__in=[doctor.pk for doctor in doctors])
    rows = counts.order_by().values_list("doctor").annotate(total=Sum("answers"))
    return {pk: count for pk, count in rows if count}


def interests_declared(doctor: Doctor) -> tuple[list[Answer], bool]:
    """The public answers beside which an interest is declared, newest first, and whether there are more. One query."""
    declared = public_answers_by(doctor).exclude(conflict_of_interest="")
    rows = list(declared.order_by("-published_at", "-pk")[: INTERESTS_SHOWN + 1])
    return rows[:INTERESTS_SHOWN], len(rows) > INTERESTS_SHOWN
