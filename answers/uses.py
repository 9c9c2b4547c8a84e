"""What doctors say of one use over all its threads: each doctor once, with the latest position.

Bars, lines and reasons read the same positions, which :mod:`answers.positions` keeps, so that the numbers on a page
agree and cost no more where there are more threads.
"""

# ruff: noqa: S608  # the statements are made of constants and of what the ORM wrote

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from answers.consensus import MARKS_AT_MOST, Bar, Mark, bar_of
from answers.enums import OpinionKind, Stance
from answers.models import Answer, SecondOpinion, UsePosition
from answers.reasons import DISPUTES_QUOTED, ReasonGroup
from doctors.models import Doctor, Specialty
from doctors.selectors import verified_first
from treatments.models import TreatmentUse

LINES_A_POSITION = 4
ANSWERS_A_REASON = 2
DOCTORS = 4

# The latest position of each doctor in each use. Of two of the same moment the answer holds, as within a thread.
HELD = (
    *("use_id", "doctor_id", "stance", "kind", "reason", "is_worded", "at", "said"),
    *("answer_id", "opinion_id", "is_answer"),
)
SAID = Coalesce("opinion_id", "answer_id")
COUNTS = "SELECT use_id, stance, kind, count(*) FROM ({held}) held GROUP BY use_id, stance, kind"
# A row for each mark; where there are too many to be drawn, one for each number.
MARKS = f"""
SELECT h.stance, h.kind, h.many, h.said, h.answer_id, d.name
FROM (
    SELECT *, count(*) OVER () AS total, count(*) OVER (PARTITION BY stance, kind) AS many,
           row_number() OVER (PARTITION BY stance, kind ORDER BY at, said) AS place
    FROM ({{held}}) held
) h JOIN doctors_doctor d ON d.id = h.doctor_id
WHERE h.place = 1 OR h.total <= {MARKS_AT_MOST}
ORDER BY h.at, h.said
"""
# The latest of each position, those that say something first, with how many there are.
BY_STANCE = f"""
SELECT *, count(*) OVER (PARTITION BY stance) AS many,
       count(nullif(kind, '')) OVER (PARTITION BY stance) AS further,
       row_number() OVER (PARTITION BY stance ORDER BY is_worded DESC, at DESC, said DESC)
       <= {LINES_A_POSITION} AS shown
FROM ({{held}}) held
"""
# The latest answers and disputes of each reason, with how many give it and in how many stances (one or more).
BY_REASON = f"""
SELECT *, count(*) OVER (PARTITION BY reason) AS many,
       CASE WHEN min(stance) OVER (PARTITION BY reason) = max(stance) OVER (PARTITION BY reason) THEN 1 ELSE 2
       END AS further,
       row_number() OVER (PARTITION BY reason, kind ORDER BY at DESC, said DESC)
       <= CASE kind WHEN '' THEN {ANSWERS_A_REASON} ELSE {DISPUTES_QUOTED} END AS shown
FROM ({{held}}) held WHERE reason <> ''
"""
# Those shown with their sentence, and beside a second opinion whose answer it is on.
SHOWN = """
SELECT r.kind, r.said, r.answer_id, r.stance, r.reason, CASE r.kind WHEN '' THEN a.summary ELSE o.note END,
       d.id, d.name, d.title, s.name, author.name, r.many, r.further
FROM ({ranked}) r JOIN doctors_doctor d ON d.id = r.doctor_id
JOIN answers_answer a ON a.id = r.answer_id AND a.state = 'published'
JOIN doctors_doctor author ON author.id = a.doctor_id
LEFT JOIN answers_secondopinion o ON o.id = r.opinion_id
LEFT JOIN doctors_specialty s ON s.id = d.specialty_id
WHERE r.shown AND (r.kind = '' OR o.state = 'published')
ORDER BY r.at DESC, r.said DESC
"""


def bars_for_uses(use_ids: Iterable[int]) -> dict[int, Bar]:
    """A bar without marks for each use, in one query, which counts in the database."""
    ids = list(use_ids)
    held: dict[int, Counter[tuple[str, str]]] = {pk: Counter() for pk in ids}
    for use, stance, kind, many in _rows(COUNTS, ids):
        held[use][stance, kind] = many
    return {pk: _bar(counts) for pk, counts in held.items()}


def bar_of_use(use: TreatmentUse) -> Bar:
    """The bar of one use with its marks. One query, which reads no more doctors than are drawn."""
    counts: Counter[tuple[str, str]] = Counter()
    marks = []
    for stance, kind, many, pk, answer_id, name in _rows(MARKS, [use.pk]):
        counts[stance, kind] = many
        doctor, answer = Doctor(name=name), Answer(pk=answer_id)
        at = SecondOpinion(pk=pk, answer=answer).permalink if kind else answer.permalink
        marks.append(Mark(doctor.initials, stance, name, at))
    return _bar(counts, marks)


def _bar(counts: Counter[tuple[str, str]], marks: Iterable[Mark] = ()) -> Bar:
    stances: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for (stance, kind), many in counts.items():
        stances[stance] += many
        kinds[kind] += many
    return bar_of(stances, marks, kinds.elements())


def _rows(statement: str, use_ids: list[int]) -> list[tuple[Any, ...]]:
    """The rows of a statement over the positions held in these uses. One query."""
    if not use_ids:
        return []
    said = UsePosition.objects.counted().filter(use__in=use_ids).annotate(said=SAID)
    held = said.order_by("use_id", "doctor_id", "-at", "-is_answer", "-said").distinct("use_id", "doctor_id")
    sql, params = held.values(*HELD).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(held=sql), params)
        return cursor.fetchall()


@dataclass(frozen=True)
class Line:
    """What one doctor says in a sentence; ``on`` names the author of the answer that a second opinion is on."""

    words: str
    url: str
    doctor: Doctor
    on: str = ""


@dataclass(frozen=True)
class Position:
    """A position and who holds it: ``count`` doctors, ``seconds`` of them by a second opinion."""

    stance: Stance
    count: int
    seconds: int
    lines: list[Line] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.stance.label

    @property
    def more(self) -> int:
        """How many hold it without a line here."""
        return self.count - len(self.lines)


def lines_on_use(use: TreatmentUse) -> list[Position]:
    """What doctors say in a sentence each, by position, the latest first. One query."""
    found: dict[str, Position] = {}
    for one, many, seconds in _shown(BY_STANCE, use):
        position = found.setdefault(one.stance, Position(Stance(one.stance), many, seconds))
        words, on = (
            (one.note, one.answer.doctor.name) if isinstance(one, SecondOpinion) else (one.summary, "")
        )
        if words:
            position.lines.append(Line(words, one.permalink, one.doctor, on))
    return [found[stance] for stance in Stance.values if stance in found]


def reasons_on_use(use: TreatmentUse) -> list[ReasonGroup]:
    """The reasons of the positions held, most frequent first, some of the answers and disputes with each. One query."""
    found: dict[str, list[tuple[Answer | SecondOpinion, int, int]]] = {}
    for row in _shown(BY_REASON, use):
        found.setdefault(row[0].reason, []).append(row)
    groups = [
        ReasonGroup(
            reason=reason,
            count=rows[0][1],
            stance=rows[0][0].stance if rows[0][2] == 1 else "",
            answers=[one for one, *_ in rows if isinstance(one, Answer)],
            disputes=[one for one, *_ in rows if isinstance(one, SecondOpinion)],
        )
        for reason, rows in found.items()
    ]
    return sorted(groups, key=lambda group: -group.count)


def _shown(ranked: str, use: TreatmentUse) -> list[tuple[Answer | SecondOpinion, int, int]]:
    """Answers and second opinions with what a line prints of them, each with the two numbers of its group."""
    found = []
    for kind, pk, answer_id, stance, reason, words, *who, author, many, number in _rows(
        SHOWN.format(ranked=ranked), [use.pk]
    ):
        doctor_id, name, title, specialty = who
        doctor = Doctor(pk=doctor_id, name=name, title=title)
        if specialty:
            doctor.specialty = Specialty(name=specialty)
        said: dict[str, Any] = {"pk": pk, "stance": stance, "reason": reason, "doctor": doctor}
        if kind:
            answer = Answer(pk=answer_id, doctor=Doctor(name=author))
            one: Answer | SecondOpinion = SecondOpinion(
                kind=OpinionKind(kind), note=words, answer=answer, **said
            )
        else:
            one = Answer(summary=words, **said)
        found.append((one, many, number))
    return found


def doctors_on_use(use: TreatmentUse) -> list[Doctor]:
    """Doctors whose public answers are about a use, those who count first. One query."""
    answered = UsePosition.objects.filter(use=use, is_answer=True, doctor=OuterRef("pk"))
    return list(verified_first(Doctor.objects.public().for_display().filter(Exists(answered)))[:DOCTORS])
