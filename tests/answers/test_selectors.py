"""Which threads and answers are brought together, and in which order."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from answers.selectors import (
    answers_of,
    bodies_of,
    desk_answers,
    desk_threads,
    similar_threads,
    similar_to,
    use_activity,
)
from answers.services import edit_answer
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
ANSWER = {"stance": "exam", "confidence": "low", "summary": "Other words.", "body": "Other words."}


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


class TestDesk:
    def test_what_waits_longest_within_the_doctors_scope_comes_first(self) -> None:
        family, outside = TreatmentFactory(), TreatmentFactory()
        brand = TreatmentFactory(parent=family)
        doctor = DoctorFactory(verified=True, specialty=(specialty := SpecialtyFactory()))
        specialty.in_scope.add(family)
        now = timezone.now()
        young = QuestionFactory(published=True, treatment=family, asked_at=now - timedelta(days=1))
        old = QuestionFactory(published=True, treatment=brand, asked_at=now - timedelta(days=9))
        QuestionFactory(published=True, treatment=outside)
        QuestionFactory(pending=True, treatment=family)
        AnswerFactory(published=True, question__treatment=family)
        AnswerFactory(pending=True, doctor=doctor, question__treatment=family)
        assert [thread.pk for thread in desk_threads(doctor)] == [old.pk, young.pk]

    def test_without_a_specialty_everything_that_waits_is_offered(self) -> None:
        waiting = QuestionFactory(published=True)
        assert [thread.pk for thread in desk_threads(DoctorFactory(verified=True, specialty=None))] == [
            waiting.pk
        ]

    def test_ones_own_answers_come_in_every_state_with_the_edit_that_waits(self) -> None:
        doctor = DoctorFactory(verified=True)
        public, rejected = (
            AnswerFactory(doctor=doctor, **{trait: True}) for trait in ("published", "rejected")
        )
        AnswerFactory(published=True)
        edit_answer(answer=public, by=doctor.user, **ANSWER)
        assert [(answer.pk, len(answer.waiting_edits)) for answer in desk_answers(doctor)] == [
            (rejected.pk, 0),
            (public.pk, 1),
        ]


def test_a_use_is_as_active_as_its_public_threads() -> None:
    use, quiet = UseFactory(), UseFactory()
    answer = AnswerFactory(published=True, question__treatment=use.treatment, question__use=use)
    QuestionFactory(pending=True, treatment=use.treatment, use=use)
    activity = use_activity([use.pk, quiet.pk])
    assert set(activity) == {use.pk}
    assert (activity[use.pk]["threads"], activity[use.pk]["last_activity_at"]) == (1, answer.answered_at)
