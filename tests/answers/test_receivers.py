"""Every decision that changes what readers may see changes the thread in the same moment."""

import pytest

from answers.models import Thread
from answers.receivers import threads_held
from core.enums import State
from core.moderation import transition
from doctors.models import Doctor
from questions.services import edit_question
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, moderator

pytestmark = pytest.mark.django_db


def shown(question) -> int | None:
    """The answers the thread counts; ``None`` while there is no thread."""
    return Thread.objects.filter(pk=question.pk).values_list("answer_count", flat=True).first()


def test_a_question_appears_with_its_approval_and_goes_with_its_removal() -> None:
    question, someone = QuestionFactory(pending=True), moderator()
    assert shown(question) is None
    transition(question, to=State.PUBLISHED, by=someone)
    assert shown(question) == 0
    transition(question, to=State.REMOVED, by=someone, reason="Doubled.")
    assert shown(question) is None
    transition(question, to=State.PUBLISHED, by=someone, reason="By mistake.")
    assert shown(question) == 0


def test_an_answer_counts_from_its_approval_to_its_removal() -> None:
    answer, someone = AnswerFactory(pending=True), moderator()
    transition(answer, to=State.PUBLISHED, by=someone)
    assert shown(answer.question) == 1
    transition(answer, to=State.REMOVED, by=someone, reason="Doses.")
    assert shown(answer.question) == 0


def test_a_profile_taken_down_takes_its_answers_out_of_every_thread() -> None:
    doctor, someone = DoctorFactory(verified=True), moderator()
    questions = [AnswerFactory(published=True, doctor=doctor).question for _ in range(2)]
    transition(doctor, to=State.REMOVED, by=someone, reason="No such doctor.")
    assert [shown(question) for question in questions] == [0, 0]
    transition(Doctor.objects.get(pk=doctor.pk), to=State.PUBLISHED, by=someone, reason="Found.")
    assert [shown(question) for question in questions] == [1, 1]


def test_an_approved_edit_can_be_found_by_its_new_words() -> None:
    question = QuestionFactory(published=True)
    revision = edit_question(question=question, by=question.author, title="What of pterodactyls?")
    assert not Thread.objects.filter(words="pterodactyl").exists()
    transition(revision, to=State.PUBLISHED, by=moderator())
    assert Thread.objects.filter(words="pterodactyl").exists()


def test_many_decisions_bring_the_threads_in_line_once_at_their_end() -> None:
    answers, someone = [AnswerFactory(pending=True) for _ in range(3)], moderator()
    with threads_held():
        for answer in answers:
            transition(answer, to=State.PUBLISHED, by=someone)
        assert shown(answers[0].question) == 0
    assert [shown(answer.question) for answer in answers] == [1, 1, 1]


def test_threads_are_followed_again_after_a_batch_that_failed() -> None:
    with pytest.raises(RuntimeError), threads_held():
        raise RuntimeError
    answer = AnswerFactory(pending=True)
    transition(answer, to=State.PUBLISHED, by=moderator())
    assert shown(answer.question) == 1
