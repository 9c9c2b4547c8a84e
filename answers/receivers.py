"""Decisions on lower floors that change what threads show."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from answers.models import Answer, AnswerRevision
from answers.threads import refresh
from core.signals import transitioned
from doctors.models import Doctor
from questions.models import Question, QuestionRevision


@receiver(transitioned, sender=Question)
def question_decided(obj: Question, **_: Any) -> None:
    refresh([obj.pk])


@receiver(transitioned, sender=QuestionRevision)
@receiver(transitioned, sender=Answer)
def part_of_a_thread_decided(obj: QuestionRevision | Answer, **_: Any) -> None:
    refresh([obj.question_id])


@receiver(transitioned, sender=AnswerRevision)
def edit_decided(obj: AnswerRevision, **_: Any) -> None:
    refresh([obj.answer.question_id])


@receiver(transitioned, sender=Doctor)
def profile_decided(obj: Doctor, **_: Any) -> None:
    """A hidden profile hides its answers, so the threads they stood in count again."""
    refresh(obj.answers.values_list("question_id", flat=True))
