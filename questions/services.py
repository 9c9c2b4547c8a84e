"""What a patient does with a question. Each verb is one transaction with a named actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.editing import edit, withdraw
from core.enums import BodyFormat, State
from core.moderation import transition
from questions.models import Question, QuestionRevision, QuestionTreatment
from questions.permissions import may_edit
from questions.red_flags import risk_of

if TYPE_CHECKING:
    from accounts.models import User
    from treatments.models import Treatment


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
    """Change a question, or propose another text of a published one; see :func:`core.editing.edit`."""

    def prepare(text: Question | QuestionRevision) -> None:
        text.body_format = BodyFormat.MARKDOWN
        text.risk = risk_of(f"{text.title}\n{text.body}", treatment=question.treatment)
        text.render()

    return edit(question, by=by, may=may_edit, fields=fields, prepare=prepare)


def withdraw_question(*, question: Question, by: User) -> Question:
    """Take a question back; an edit of it that waits goes with it."""
    withdraw(question, by=by)
    return question
