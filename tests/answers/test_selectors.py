"""Which threads and answers are brought together, and in which order."""

import pytest
from django.contrib.auth.models import AnonymousUser

from answers.selectors import (
    answers_of,
    bodies_of,
    similar_threads,
    similar_to,
    use_activity,
)
from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


def test_readers_get_the_public_answers_and_doctors_their_own_besides() -> None:
    question = QuestionFactory(published=True)
    public, pending = (
        AnswerFactory(published=True, question=question),
        AnswerFactory(pending=True, question=question),
    )
    assert answers_of(question, viewer=AnonymousUser()) == [public]
    assert answers_of(question, viewer=moderator()) == [public]
    assert set(answers_of(question, viewer=pending.doctor.user)) == {public, pending}


def test_texts_are_loaded_for_the_answers_shown_alone(django_assert_num_queries) -> None:
    question = AnswerFactory(published=True, body_html="<p>Words.</p>").question
    answers = answers_of(question, viewer=AnonymousUser())
    with django_assert_num_queries(1):
        bodies_of(answers)
        assert [answer.body_html for answer in answers] == ["<p>Words.</p>"]


def test_threads_of_the_same_use_come_before_those_of_the_treatment() -> None:
    use = UseFactory()
    question = QuestionFactory(published=True, treatment=use.treatment, use=use)
    loved = AnswerFactory(published=True, helpful_count=9, question__treatment=use.treatment).question
    same = QuestionFactory(published=True, treatment=use.treatment, use=use)
    QuestionFactory(published=True)
    QuestionFactory(pending=True, treatment=use.treatment, use=use)
    assert [thread.pk for thread in similar_threads(question)] == [same.pk, loved.pk]


def test_of_the_threads_of_a_treatment_those_about_the_same_come_first(django_assert_num_queries) -> None:
    botox = TreatmentFactory()
    question = QuestionFactory(published=True, treatment=botox, title="Can it make my legs smaller?")
    loved = AnswerFactory(published=True, helpful_count=9, question__treatment=botox).question
    near = QuestionFactory(published=True, treatment=botox, title="Would it make my arms smaller?")
    with django_assert_num_queries(1):
        assert [thread.pk for thread in similar_threads(question)] == [near.pk, loved.pk]


def test_a_question_without_a_treatment_resembles_nothing(django_assert_num_queries) -> None:
    question = QuestionFactory(published=True, treatment=None)
    with django_assert_num_queries(0):
        assert similar_threads(question) == []


def test_a_draft_finds_answered_threads_that_share_its_words() -> None:
    botox = TreatmentFactory()
    near = AnswerFactory(
        published=True, question__treatment=botox, question__title="Thinner calves?"
    ).question
    AnswerFactory(published=True, question__treatment=botox, question__title="Frown lines?")
    AnswerFactory(published=True, question__title="Thinner calves elsewhere?")
    QuestionFactory(published=True, treatment=botox, title="Thinner calves, unanswered?")
    assert [thread.pk for thread in similar_to("Will my calves be thinner?", treatment=botox)] == [near.pk]
    for text in ("", "皮肤", "a | b & !c", "x" * 9000):
        assert similar_to(text, treatment=botox) == []


def test_a_use_is_as_active_as_its_public_threads() -> None:
    use, quiet = UseFactory(), UseFactory()
    answer = AnswerFactory(published=True, question__treatment=use.treatment, question__use=use)
    QuestionFactory(pending=True, treatment=use.treatment, use=use)
    activity = use_activity([use.pk, quiet.pk])
    assert set(activity) == {use.pk}
    assert (activity[use.pk]["threads"], activity[use.pk]["last_activity_at"]) == (1, answer.answered_at)
