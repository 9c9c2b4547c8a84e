"""Duplicates and variants: who links what, what moves along, and that it can be undone."""

from functools import partial
from typing import Any

import pytest

from answers.models import Thread
from core.audit import trail
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale, transition
from questions.models import Follow, Question, SavedQuestion
from questions.services import ask_question, mark_duplicate, mark_variant, unlink
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
WHY = "Both ask about slimmer calves."


@pytest.fixture
def by():
    return moderator(handle="desk")


@pytest.fixture
def canonical() -> Question:
    return QuestionFactory(published=True, title="Can Botox slim my calves?")


def duplicate(canonical: Question, by, **fields) -> Question:
    question = QuestionFactory(**{"published": True, **fields})
    return mark_duplicate(question=question, canonical=canonical, by=by, reason=WHY)


def variant(canonical: Question, by, **fields) -> Question:
    question = QuestionFactory(**{"published": True, **fields})
    return mark_variant(question=question, canonical=canonical, by=by, difference="I am a dancer.")


class TestWho:
    @pytest.mark.parametrize("make", [UserFactory, lambda: DoctorFactory(verified=True).user])
    def test_only_moderators_link(self, canonical, make) -> None:
        question, person = QuestionFactory(published=True), make()
        with pytest.raises(NotPermitted):
            mark_duplicate(question=question, canonical=canonical, by=person, reason=WHY)
        with pytest.raises(NotPermitted):
            mark_variant(question=question, canonical=canonical, by=person, difference="I am a dancer.")
        with pytest.raises(NotPermitted):
            unlink(question=question, by=person, reason="No.")
        question.refresh_from_db()
        assert not question.is_linked

    def test_nobody_links_a_question_of_their_own(self, canonical, by) -> None:
        with pytest.raises(NotPermitted):
            duplicate(canonical, by, author=by)

    def test_what_has_changed_since_it_was_read_stays_as_it_is(self, canonical, by) -> None:
        question = duplicate(canonical, by)
        with pytest.raises(Stale, match="while you were reading"):
            unlink(question=question, by=by, reason="No.", version=question.version - 1)

    def test_the_trail_says_it_in_words(self, canonical, by) -> None:
        question = duplicate(canonical, by)
        unlink(question=question, by=by, reason="Another muscle.")
        undone, made = trail(question)
        assert (made.action, made.actor) == ("mark as duplicate", by)
        assert made.reason == f"Same question as {canonical.pk}, “{canonical.title}”. {WHY}"
        assert undone.action == "undo link"
        assert (
            undone.reason
            == f"No longer the same question as {canonical.pk}, “{canonical.title}”. Another muscle."
        )


class TestWhatIsRefused:
    def refused(self, words: str, *, question=None, canonical, by, reason=WHY, difference=None) -> None:
        question = question or QuestionFactory(published=True)
        before = question.version
        link: Any = (
            partial(mark_duplicate, reason=reason)
            if difference is None
            else partial(mark_variant, difference=difference)
        )
        with pytest.raises((NotPossible, ReasonMissing), match=words):
            link(question=question, canonical=canonical, by=by)
        question.refresh_from_db()
        assert question.version == before
        assert not trail(question).filter(action__startswith="mark").exists()

    def test_a_question_is_not_linked_to_itself(self, canonical, by) -> None:
        self.refused("this question itself", question=canonical, canonical=canonical, by=by)
        self.refused(
            "this question itself", question=canonical, canonical=canonical, by=by, difference="Other."
        )

    @pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
    def test_readers_must_see_the_other_thread(self, by, state: str) -> None:
        self.refused("Readers cannot see that thread", canonical=QuestionFactory(**{state: True}), by=by)

    @pytest.mark.parametrize("state", ["rejected", "removed", "withdrawn"])
    def test_what_is_neither_waiting_nor_public_is_not_linked(self, canonical, by, state: str) -> None:
        self.refused(
            "only waiting and public ones",
            question=QuestionFactory(**{state: True}),
            canonical=canonical,
            by=by,
        )

    def test_a_thread_with_answers_stays_so_that_nobodys_answer_disappears(self, canonical, by) -> None:
        answer = AnswerFactory(published=True)
        self.refused("link it as a variant instead", question=answer.question, canonical=canonical, by=by)
        assert Thread.objects.get(pk=answer.question_id).answer_count == 1

    def test_nor_does_the_answer_of_a_doctor_whose_profile_is_hidden_for_now(self, canonical, by) -> None:
        answer = AnswerFactory(published=True, doctor=DoctorFactory(removed=True))
        self.refused("as a variant instead", question=answer.question, canonical=canonical, by=by)

    def test_an_answer_that_waits_is_decided_on_first(self, canonical, by) -> None:
        self.refused(
            "decide on that first", question=AnswerFactory(pending=True).question, canonical=canonical, by=by
        )

    def test_no_answer_is_published_where_nobody_would_read_it(self, canonical, by) -> None:
        question = duplicate(canonical, by)
        answer = AnswerFactory(pending=True, question=question)
        with pytest.raises(NotPossible, match="undo that link first"):
            transition(answer, to="published", by=by)
        unlink(question=question, by=by, reason="It has an answer of its own.")
        transition(answer, to="published", by=by)
        assert Thread.objects.get(pk=question.pk).answer_count == 1

    def test_reason_and_difference_are_demanded(self, canonical, by) -> None:
        self.refused("Say for the record why", canonical=canonical, by=by, reason="  ")
        self.refused("what is different", canonical=canonical, by=by, difference="")
        with pytest.raises(ReasonMissing):
            unlink(question=duplicate(canonical, by), by=by, reason=" ")

    def test_twice_is_once(self, canonical, by) -> None:
        question = duplicate(canonical, by)
        with pytest.raises(NotPossible, match="linked like this already"):
            mark_duplicate(question=question, canonical=canonical, by=by, reason=WHY)
        with pytest.raises(NotPossible, match="not linked"):
            unlink(question=canonical, by=by, reason="No.")


class TestChains:
    def test_a_duplicate_of_a_duplicate_leads_to_the_end(self, canonical, by) -> None:
        assert duplicate(duplicate(canonical, by), by).duplicate_of == canonical

    def test_what_led_to_a_new_duplicate_moves_along(self, canonical, by) -> None:
        middle = QuestionFactory(published=True)
        first, beside = duplicate(middle, by), variant(middle, by)
        mark_duplicate(question=middle, canonical=canonical, by=by, reason=WHY)
        first.refresh_from_db()
        beside.refresh_from_db()
        assert (first.duplicate_of, beside.variant_of) == (canonical, canonical)
        assert [entry.action for entry in trail(first)] == ["move link", "mark as duplicate"]

    def test_a_variant_of_a_variant_stands_beside_the_canonical_thread(self, canonical, by) -> None:
        assert variant(variant(canonical, by), by).variant_of == canonical

    def test_variants_of_a_new_variant_move_along_and_its_duplicates_stay(self, canonical, by) -> None:
        middle = QuestionFactory(published=True)
        first, beside = duplicate(middle, by), variant(middle, by)
        mark_variant(question=middle, canonical=canonical, by=by, difference="It is the arms.")
        first.refresh_from_db()
        beside.refresh_from_db()
        assert (first.duplicate_of, beside.variant_of) == (middle, canonical)

    def test_the_canonical_thread_may_become_a_duplicate_of_its_variant(self, canonical, by) -> None:
        one, other = variant(canonical, by), variant(canonical, by)
        mark_duplicate(question=canonical, canonical=one, by=by, reason=WHY)
        one.refresh_from_db()
        other.refresh_from_db()
        assert (canonical.duplicate_of, one.variant_of, other.variant_of) == (one, None, one)

    def test_two_do_not_lead_to_each_other(self, canonical, by) -> None:
        first, beside = duplicate(canonical, by), variant(canonical, by)
        with pytest.raises(NotPossible):
            mark_duplicate(question=canonical, canonical=first, by=by, reason=WHY)
        with pytest.raises(NotPossible):
            mark_variant(question=canonical, canonical=beside, by=by, difference="Other.")

    def test_a_variant_found_to_be_the_same_is_a_duplicate_and_no_variant(self, canonical, by) -> None:
        question = variant(canonical, by)
        mark_duplicate(question=question, canonical=canonical, by=by, reason=WHY)
        assert (question.duplicate_of, question.variant_of) == (canonical, None)
        mark_variant(question=question, canonical=canonical, by=by, difference="Not quite.")
        assert (question.duplicate_of, question.variant_of) == (None, canonical)

    def test_a_variant_asked_for_beside_what_is_none_any_more_stands_alone(self, canonical, by) -> None:
        words = {
            "title": "Mine is different, is it?",
            "body": "I dance.",
            "difference": "I dance for a living.",
        }
        gone = duplicate(canonical, by)
        asked = [
            ask_question(
                by=UserFactory(), submission_key=key, treatment=TreatmentFactory(), variant_of=thread, **words
            )
            for key, thread in zip(
                ("6f3e1d0a-5b7c-4d2e-8f90-000000000001", "6f3e1d0a-5b7c-4d2e-8f90-000000000002"),
                (canonical, gone),
                strict=True,
            )
        ]
        assert [question.variant_of for question in asked] == [canonical, None]


class TestPeopleMoveAlong:
    @pytest.mark.parametrize("model", [Follow, SavedQuestion])
    def test_nobody_is_lost_and_nobody_there_twice(self, canonical, by, model) -> None:
        question, other = QuestionFactory(published=True), QuestionFactory(published=True)
        one, both, elsewhere = UserFactory(), UserFactory(), UserFactory()
        for user, thread in ((one, question), (both, question), (both, canonical), (elsewhere, other)):
            model.objects.create(user=user, question=thread)
        mark_duplicate(question=question, canonical=canonical, by=by, reason=WHY)
        held = {(row.user, row.question) for row in model.objects.all()}
        assert held == {(one, canonical), (both, canonical), (elsewhere, other)}
        unlink(question=question, by=by, reason="Not the same.")
        assert model.objects.filter(question=canonical).count() == 2

    def test_who_follows_a_variant_stays_with_it(self, canonical, by) -> None:
        question = QuestionFactory(published=True)
        Follow.objects.create(user=UserFactory(), question=question)
        mark_variant(question=question, canonical=canonical, by=by, difference="I am a dancer.")
        assert question.followed_by.count() == 1
