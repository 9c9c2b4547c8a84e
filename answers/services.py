"""What doctors and patients do with answers. Each verb is one transaction with a named actor; readers have no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.notify import tell_many
from answers import positions
from answers.drafts import discard_draft, hold_pen
from answers.mine import to_be_asked
from answers.models import (
    ASKED_AFTER,
    AcceptedAnswer,
    Answer,
    AnswerRevision,
    AskerVisit,
    HelpfulVote,
    Outcome,
    Thread,
    TreatmentThread,
)
from answers.notifications import ASKED_OUTCOME
from answers.permissions import (
    answering_doctor,
    may_accept,
    may_confirm,
    may_edit,
    may_say_outcome,
    may_vote,
)
from core.audit import record
from core.claims import release
from core.editing import edit, withdraw
from core.enums import BodyFormat, State
from core.moderation import transition
from core.writing import require_writer

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from questions.models import Question


def answer_question(*, question: Question, by: User, **fields: Any) -> Answer:
    """An answer awaiting review. Sent twice, it is one answer: the first that arrived.

    ``fields``: stance, reason, confidence, summary, body, citations, conflict_of_interest; all cleaned.
    """
    require_writer(by)
    doctor = answering_doctor(by, question)
    if doctor is None:
        raise PermissionDenied("Only doctors verified now may answer, and only published questions.")
    try:
        with transaction.atomic():
            hold_pen(doctor)
            answer = Answer(question=question, doctor=doctor, **fields)
            answer.render()
            answer.save()
            transition(answer, to=State.PENDING, by=by)
            discard_draft(question=question, doctor=doctor)
            release(Thread(pk=question.pk), by=by)
    except IntegrityError:
        earlier = Answer.objects.filter(question=question, doctor=doctor).first()
        if earlier is None:
            raise
        return earlier
    return answer


def edit_answer(*, answer: Answer, by: User, **fields: Any) -> Answer | AnswerRevision:
    """Change an answer, or propose another text of a published one; see :func:`core.editing.edit`."""

    def prepare(text: Answer | AnswerRevision) -> None:
        text.body_format = BodyFormat.MARKDOWN
        text.render()

    require_writer(by)
    with transaction.atomic():
        hold_pen(answer.doctor)
        edited = edit(answer, by=by, may=may_edit, fields=fields, prepare=prepare)
        discard_draft(question=answer.question, doctor=answer.doctor)
    return edited


def withdraw_answer(*, answer: Answer, by: User) -> Answer:
    """Take an answer back; an edit of it that waits goes with it."""
    withdraw(answer, by=by)
    return answer


def confirm_answer(*, answer: Answer, by: User) -> Answer:
    """Its author says that a published answer still stands. Said twice on one day, it is said once."""
    require_writer(by)
    with transaction.atomic():
        row = Answer.locked(answer.pk)
        if not may_confirm(by, row):
            raise PermissionDenied(
                "Only its author, verified now, says that a published answer still stands."
            )
        now = timezone.now()
        if row.confirmed_at is None or timezone.localdate(row.confirmed_at) < timezone.localdate(now):
            row.confirmed_at = now
            row.save(update_fields=["confirmed_at"])
            record(actor=by, action="confirm", obj=row, before=row.state, after=row.state, at=now)
            positions.refresh([row.question_id])
    answer.confirmed_at = row.confirmed_at
    return answer


def mark_helpful(*, answer: Answer, by: User, helpful: bool) -> None:
    """Set or take back one person's vote. The unique pair in the database decides races."""
    require_writer(by)
    if not may_vote(by, answer):
        raise PermissionDenied("Sign in to say that an answer helped; your own does not count.")
    with transaction.atomic():
        if helpful:
            _, created = HelpfulVote.objects.get_or_create(answer=answer, user=by)
            change = int(created)
        else:
            change = -HelpfulVote.objects.filter(answer=answer, user=by).delete()[0]
        if change:
            counted = {"helpful_count": F("helpful_count") + change}
            Answer.objects.filter(pk=answer.pk).update(**counted)
            Thread.objects.filter(pk=answer.question_id).update(**counted)
            TreatmentThread.objects.filter(thread=answer.question_id).update(**counted)


def accept_answer(*, answer: Answer, by: User, accepted: bool) -> None:
    """Say which answer settled it, or take that back. The latest choice replaces the one before."""
    require_writer(by)
    if not may_accept(by, answer.question) or not answer.is_public:
        raise PermissionDenied("Only the asker says what settled it.")
    with transaction.atomic():
        type(answer.question).locked(answer.question_id)
        if accepted:
            AcceptedAnswer.objects.update_or_create(question=answer.question, defaults={"answer": answer})
        else:
            AcceptedAnswer.objects.filter(question=answer.question, answer=answer).delete()


def note_visit(*, question: Question, by: User, at: datetime) -> None:
    """The asker has seen the thread as it stood at that moment; a late note never takes back a later one."""
    if question.author_id != by.pk:
        raise PermissionDenied("Only the asker's own visits are noted.")
    visit = AskerVisit(question=question, seen_at=at)
    AskerVisit.objects.bulk_create(
        [visit], update_conflicts=True, unique_fields=["question"], update_fields=["seen_at"]
    )


def say_outcome(*, question: Question, by: User, decision: str, note: str = "") -> Outcome:
    """Say what one did in the end, or change it. Without a decision one would rather not say."""
    require_writer(by)
    if not may_say_outcome(by, question):
        raise PermissionDenied(
            "Only the asker says what came of it, a month after the question was published."
        )
    with transaction.atomic():
        type(question).locked(question.pk)
        said = {"decision": decision, "note": note if decision else "", "said_at": timezone.now()}
        key: dict[str, Any] = {"question": question, "after_days": Outcome.due_after(question.published_at)}
        return Outcome.objects.update_or_create(**key, defaults=said)[0]


def ask_what_came_of_it(at: datetime | None = None) -> int:
    """Tell askers that it is time to say what they did, once after a month and once after half a year; how many."""
    at, told = at or timezone.now(), 0
    for days in ASKED_AFTER:
        for question in to_be_asked(days, at).iterator(chunk_size=500):
            url = reverse("answers:afterwards", args=[question.pk])
            event = f"question-{question.pk} after {days}"
            people = [pk for pk in (question.author_id,) if pk is not None]
            told += tell_many(to=people, kind=ASKED_OUTCOME.name, about=question, event=event, url=url)
    return told


def count_reading(*, question: Question) -> None:
    """One more of its thread, by nobody in particular: one statement, so that none of many at once is lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO answers_readership AS r (question_id, times) VALUES (%s, 1)"
            " ON CONFLICT (question_id) DO UPDATE SET times = r.times + 1",
            [question.pk],
        )
