"""The consult packet: what a reader carries into an appointment, made from the threads kept.

What doctors said is printed as it stands; the questions to ask follow from what the threads leave open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from answers.consensus import Bar, bar_for_answers
from answers.models import Answer
from answers.reasons import ReasonGroup, reasons_against
from answers.selectors import in_full, labels_of, notices_of, opinions_of
from answers.to_ask import Open, questions_to_ask
from core.text import excerpt
from questions.models import Question
from questions.permissions import is_asker
from treatments.selectors import cautions_for

if TYPE_CHECKING:
    from core.models import Viewer
    from treatments.enums import Jurisdiction
    from treatments.models import Caution, LabelStatus, SafetyNotice, Treatment

THREADS_AT_MOST = 20
LINES_AT_MOST = 40
ANSWERS_A_REASON = 2
QUESTION_LENGTH = 900


@dataclass(frozen=True)
class Sheet:
    """One thread of a packet."""

    question: Question
    is_own: bool
    text: str
    answers: list[Answer]
    bar: Bar
    reasons: list[ReasonGroup]
    labels: list[LabelStatus]
    place: Jurisdiction

    @property
    def lines(self) -> list[Answer]:
        return self.answers[:LINES_AT_MOST]

    @property
    def left_out(self) -> int:
        return len(self.answers) - len(self.lines)

    @property
    def open(self) -> Open:
        """What this thread leaves to be asked."""
        return Open(
            agreement=self.bar.agreement,
            stances=frozenset(count["stance"] for count in self.bar.counts),
            reasons=frozenset(group.reason for group in self.reasons),
            status=next((label.status for label in self.labels if label.jurisdiction == self.place), ""),
            is_prescription_only=bool(
                self.question.treatment and self.question.treatment.is_prescription_only
            ),
        )


@dataclass(frozen=True)
class Risks:
    """What one treatment's documents warn of."""

    treatment: Treatment
    cautions: list[Caution]
    notices: list[SafetyNotice]

    @property
    def emergency(self) -> Treatment | None:
        return self.treatment.emergency

    def __bool__(self) -> bool:
        return bool(self.cautions or self.notices or self.emergency)


@dataclass(frozen=True)
class Packet:
    sheets: list[Sheet]
    risks: list[Risks] = field(default_factory=list)
    to_ask: list[str] = field(default_factory=list)


def packet_of(ids: list[int], *, viewer: Viewer, place: Jurisdiction) -> Packet:
    """The packet of these public threads, in this order, for a reader in ``place``. Four queries for any number."""
    found = in_full(Question.objects.public().filter(pk__in=ids)).in_bulk()
    questions = [found[pk] for pk in ids if pk in found]
    given = _answers_of(questions)
    opinions_of([answer for answers in given.values() for answer in answers])
    sheets = [_sheet(question, given[question.pk], viewer, place) for question in questions]
    return Packet(sheets, _risks_of(questions), questions_to_ask([sheet.open for sheet in sheets]))


def _answers_of(questions: list[Question]) -> dict[int, list[Answer]]:
    """Public answers by thread, the most helpful first, without their texts. One query."""
    given: dict[int, list[Answer]] = {question.pk: [] for question in questions}
    by_pk = {question.pk: question for question in questions}
    answers = Answer.objects.public().filter(question__in=given).for_display().defer("body", "body_html")
    for answer in answers.order_by("-helpful_count", "pk"):
        answer.question = by_pk[answer.question_id]
        given[answer.question_id].append(answer)
    return given


def _sheet(question: Question, answers: list[Answer], viewer: Viewer, place: Jurisdiction) -> Sheet:
    opinions = [opinion for answer in answers for opinion in answer.opinions]
    return Sheet(
        question=question,
        is_own=is_asker(viewer, question),
        text=excerpt(question.body_html, QUESTION_LENGTH),
        answers=answers,
        bar=bar_for_answers(answers, opinions),
        reasons=reasons_against(answers, opinions, named=ANSWERS_A_REASON),
        labels=labels_of(question),
        place=place,
    )


def _risks_of(questions: Iterable[Question]) -> list[Risks]:
    """Once for each treatment that has been reviewed. One query."""
    about = {q.treatment: notices_of(q) for q in questions if q.treatment and q.treatment.is_reviewed}
    cautions = cautions_for(about)
    every = [
        Risks(treatment, cautions[treatment.pk], notices)
        for treatment, notices in sorted(about.items(), key=lambda item: item[0].name)
    ]
    return [risks for risks in every if risks]
