"""What a patient does with a question. Each verb is one transaction with a named actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.audit import record
from core.enums import BodyFormat, State
from core.moderation import transition
from questions.models import Question, QuestionRevision, QuestionTreatment
from questions.permissions import may_edit
from questions.red_flags import risk_of

if TYPE_CHECKING:
    from accounts.models import User
    from treatments.models import Treatment

TEXT = ("title", "body")


def ask_question(*, by: User, submission_key: UUID, treatment: Treatment, **fields: Any) -> Question:
    """A question awaiting review. The same ``submission_key`` again gives the question it made before.

    ``fields``: title, body, use, stage, age_band, place, alias; all cleaned. Raises PermissionDenied
    when the key belongs to somebody else's question.
    """
    try:
        with transaction.atomic():
            question = Question(author=by, treatment=treatment, submission_key=submission_key, **fields)
            question.risk = risk_of(f"{question.title}\n{question.body}", treatment=treatment)
            question.render()
            question.save()
            set_treatments(question, [treatment])
            transition(question, to=State.PENDING, by=by)
    except IntegrityError:
        earlier = Question.objects.filter(submission_key=submission_key).first()
        if earlier is None:
            raise
        if earlier.author_id != by.pk:
            raise PermissionDenied("This form was sent by somebody else.") from None
        return earlier
    return question


def set_treatments(question: Question, treatments: list[Treatment]) -> None:
    """Name the treatments a question is about, the main one first."""
    question.treatment_rows.all().delete()
    QuestionTreatment.objects.bulk_create(
        QuestionTreatment(question=question, treatment=treatment, position=position)
        for position, treatment in enumerate(treatments)
    )


def edit_question(*, question: Question, by: User, **fields: Any) -> Question | QuestionRevision:
    """Change a question. What readers see stays until the change is approved.

    A published question gets a revision that waits (or has its waiting one replaced); anything else is
    changed in place and goes (back) to the moderators.
    """
    if not may_edit(by, question):
        raise PermissionDenied("Only the asker may edit a question, and not in this state.")
    with transaction.atomic():
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if row.state == State.PUBLISHED:
            return _propose(row, by=by, fields={name: fields[name] for name in TEXT if name in fields})
        for name, value in fields.items():
            setattr(row, name, value)
        row.version += 1
        row.risk = risk_of(f"{row.title}\n{row.body}", treatment=row.treatment)
        row.render()
        row.save()
        if row.treatment is not None:
            set_treatments(row, [row.treatment])
        if row.state == State.PENDING:
            record(actor=by, action="edit", obj=row, before=row.state, after=row.state)
        else:
            transition(row, to=State.PENDING, by=by)
    question.refresh_from_db()
    return row


def _propose(question: Question, *, by: User, fields: dict[str, Any]) -> QuestionRevision:
    waiting = question.revisions.filter(state__in=[State.PENDING, State.DRAFT]).select_for_update().first()
    revision = waiting or QuestionRevision(
        question=question,
        number=question.next_number(),
        title=question.title,
        body=question.body,
    )
    for name, value in fields.items():
        setattr(revision, name, value)
    revision.body_format = BodyFormat.MARKDOWN
    revision.version += 1 if waiting else 0
    revision.risk = risk_of(f"{revision.title}\n{revision.body}", treatment=question.treatment)
    revision.render()
    revision.save()
    if revision.state == State.DRAFT:
        transition(revision, to=State.PENDING, by=by)
    else:
        record(actor=by, action="edit", obj=revision, before=revision.state, after=revision.state)
    return revision


def withdraw_question(*, question: Question, by: User) -> Question:
    """Take a question back; an edit of it that waits goes with it."""
    with transaction.atomic():
        for revision in question.revisions.filter(state__in=[State.PENDING, State.DRAFT]):
            transition(revision, to=State.WITHDRAWN, by=by)
        transition(question, to=State.WITHDRAWN, by=by)
    return question
