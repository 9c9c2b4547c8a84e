"""The read model says what is public, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answers.models import Thread
from answers.threads import refresh
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def test_a_thread_counts_its_public_answers_and_their_thanks() -> None:
    question = QuestionFactory(published=True)
    for helpful in (2, 3):
        AnswerFactory(published=True, question=question, helpful_count=helpful)
    for trait in ("pending", "rejected", "removed", "withdrawn"):
        AnswerFactory(question=question, helpful_count=100, **{trait: True})
    AnswerFactory(published=True, question=question, helpful_count=100, doctor=DoctorFactory(removed=True))
    thread = Thread.objects.get(pk=question.pk)
    assert (thread.answer_count, thread.helpful_count) == (2, 5)


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_a_question_that_is_not_public_has_no_thread(trait: str) -> None:
    assert not Thread.objects.filter(pk=QuestionFactory(**{trait: True}).pk).exists()


def test_activity_is_the_latest_of_question_and_answers() -> None:
    now = timezone.now()
    question = QuestionFactory(published=True, asked_at=now - timedelta(days=9))
    assert Thread.objects.get(pk=question.pk).last_activity_at == question.asked_at
    for days in (5, 2):
        AnswerFactory(published=True, question=question, answered_at=now - timedelta(days=days))
    AnswerFactory(pending=True, question=question, answered_at=now)
    thread = Thread.objects.get(pk=question.pk)
    assert (thread.first_answered_at, thread.last_activity_at) == (
        now - timedelta(days=5),
        now - timedelta(days=2),
    )


def test_refreshing_again_changes_nothing_and_mends_what_drifted() -> None:
    question = AnswerFactory(published=True).question
    before = Thread.objects.filter(pk=question.pk).values().get()
    Thread.objects.filter(pk=question.pk).update(answer_count=99)
    refresh([question.pk, question.pk])
    refresh([])
    assert Thread.objects.filter(pk=question.pk).values().get() == before


def test_waiting_is_counted_in_whole_days() -> None:
    asked = timezone.now() - timedelta(days=3, hours=5)
    assert Thread(asked_at=asked).waiting_days == 3
    assert Thread(asked_at=timezone.now() + timedelta(hours=1)).waiting_days == 0
