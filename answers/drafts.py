"""Drafts of answers: saved as often as one types, never over what another tab has saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from answers.models import Answer, AnswerDraft
from answers.permissions import answering_doctor
from doctors.models import Doctor

if TYPE_CHECKING:
    from accounts.models import User
    from questions.models import Question

FIELDS = ("stance", "reason", "confidence", "summary", "body", "sources", "conflict_of_interest")
# Room for a text that is still too long to be sent.
LONGEST = 200_000


class DraftConflict(Exception):
    """Another tab has saved another text meanwhile: ``draft`` is what it saved."""

    def __init__(self, draft: AnswerDraft) -> None:
        super().__init__("Another tab has saved another text.")
        self.draft = draft


class AlreadyAnswered(Exception):
    """The question has this doctor's answer by now: there is nothing left to draft but an edit of it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("You have answered this question already.")
        self.answer = answer


def typed(values: Mapping[str, object]) -> dict[str, str]:
    """What was typed into the form, as it was typed; nothing else that a browser may send."""
    fields = {name: str(values.get(name) or "") for name in FIELDS}
    return {name: text.replace("\x00", "").replace("\r\n", "\n")[:LONGEST] for name, text in fields.items()}


def draft_of(*, doctor: Doctor, question: Question) -> AnswerDraft | None:
    return AnswerDraft.objects.filter(doctor=doctor, question=question).first()


def save_draft(
    *, question: Question, by: User, fields: Mapping[str, object], version: int, edits: bool = False
) -> AnswerDraft:
    """Keep what was typed by a tab that last knew ``version`` (0: of no draft).

    ``edits``: the text of an answer that is there already.
    Raises DraftConflict or AlreadyAnswered; nothing is changed then.
    """
    doctor = answering_doctor(by, question)
    if doctor is None:
        raise PermissionDenied("Only doctors verified now may answer.")
    words = typed(fields)
    with transaction.atomic():
        hold_pen(doctor)
        answer = None if edits else Answer.objects.filter(question=question, doctor=doctor).first()
        if answer is not None:
            raise AlreadyAnswered(answer)
        draft = draft_of(doctor=doctor, question=question)
        if draft is None:
            draft = AnswerDraft(question=question, doctor=doctor, version=version)
        if draft.fields != words:
            if draft.version != version:
                raise DraftConflict(draft)
            draft.fields, draft.version, draft.saved_at = words, version + 1, timezone.now()
            draft.save()
    return draft


def discard_draft(*, question: Question, doctor: Doctor) -> None:
    """It was sent, or is not wanted any more."""
    AnswerDraft.objects.filter(question=question, doctor=doctor).delete()


def hold_pen(doctor: Doctor) -> None:
    """One tab of a doctor at a time, to the end of the transaction: a draft saved late is not left behind an answer."""
    Doctor.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=doctor.pk)
