"""What asking, changing and withdrawing a question leave behind."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from core.audit import trail
from core.enums import State
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale, transition
from questions.models import Question
from questions.red_flags import LOOK_AT_ONCE
from questions.services import (
    ask_question,
    edit_question,
    reclassify,
    set_treatments,
    withdraw_question,
)
from tests.factories import QuestionFactory, TreatmentFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db
WORDS = {"title": "Can I **run** after it?", "body": "I run every day.\n\nWill that **harm**?"}


def asked(**fields) -> Question:
    values = {"by": UserFactory(), "submission_key": uuid4(), "treatment": TreatmentFactory(), **WORDS}
    return ask_question(**{**values, **fields})


class TestAsking:
    def test_a_new_question_waits_and_says_who_asked_it(self) -> None:
        person = UserFactory()
        question = asked(by=person)
        assert question.state == State.PENDING
        assert question.submitted_at is not None
        assert [(entry.actor, entry.action) for entry in trail(question)] == [(person, "submit")]

    def test_the_text_is_rendered_once_and_the_address_is_readable(self) -> None:
        question = asked()
        assert "<strong>harm</strong>" in question.body_html
        assert question.get_absolute_url() == f"/questions/{question.pk}/can-i-run-after-it/"

    def test_a_title_in_another_script_still_has_an_address(self) -> None:
        assert asked(title="皮肤会变白吗?").slug == "question"

    def test_the_same_form_sent_twice_is_one_question(self) -> None:
        first = asked(by=(person := UserFactory()), submission_key=(key := uuid4()))
        again = asked(by=person, submission_key=key, title="Something else entirely?")
        assert again == first
        assert again.title == WORDS["title"]
        assert trail(first).count() == 1

    def test_the_form_of_somebody_else_gives_nothing_away(self) -> None:
        key = asked().submission_key
        with pytest.raises(PermissionDenied):
            asked(submission_key=key)

    def test_words_of_an_emergency_put_it_on_top_of_the_queue(self) -> None:
        assert asked(body="Since this morning I have blurred vision.").risk == LOOK_AT_ONCE
        assert asked().risk == 0

    def test_it_is_about_its_treatment(self) -> None:
        treatment = TreatmentFactory()
        assert [row.treatment for row in asked(treatment=treatment).treatment_rows.all()] == [treatment]

    def test_several_treatments_keep_their_order(self) -> None:
        question, first, second = asked(), TreatmentFactory(), TreatmentFactory()
        set_treatments(question, [second, first])
        assert [row.treatment for row in question.treatment_rows.all()] == [second, first]


class TestEditing:
    def test_readers_keep_the_published_text_until_the_edit_is_approved(self) -> None:
        question = QuestionFactory(published=True, body="Before.")
        revision = edit_question(
            question=question, by=question.author, title="A better title?", body="After."
        )
        assert Question.objects.get(pk=question.pk).body == "Before."
        transition(revision, to=State.PUBLISHED, by=moderator())
        now = Question.objects.get(pk=question.pk)
        assert (now.title, now.body_html, now.slug) == ("A better title?", "<p>After.</p>", "a-better-title")

    def test_a_second_edit_replaces_the_one_that_waits(self) -> None:
        question = QuestionFactory(published=True)
        first = edit_question(question=question, by=question.author, body="First try.")
        second = edit_question(question=question, by=question.author, body="Second try.")
        assert (second.pk, second.body, second.version) == (first.pk, "Second try.", first.version + 1)
        assert [entry.action for entry in trail(second)] == ["edit", "submit"]

    @pytest.mark.parametrize("state", ["pending", "published"])
    def test_the_same_edit_sent_twice_is_one(self, state: str) -> None:
        question = QuestionFactory(**{state: True})
        first = edit_question(question=question, by=question.author, body="Other words.")
        version = first.version
        again = edit_question(question=question, by=question.author, body="Other words.")
        assert (again.pk, again.version) == (first.pk, version)
        assert trail(again).count() == 1

    def test_what_was_decided_while_one_wrote_is_not_written_over(self) -> None:
        question = QuestionFactory(pending=True)
        on_the_screen = Question.objects.get(pk=question.pk)
        transition(question, to=State.REJECTED, by=moderator(), reason="Off topic.")
        with pytest.raises(PermissionDenied):
            edit_question(question=on_the_screen, by=question.author, body="Other words.")

    def test_an_edit_that_was_sent_back_goes_to_the_moderators_again(self) -> None:
        question = QuestionFactory(published=True)
        revision = edit_question(question=question, by=question.author, body="My phone number is …")
        transition(revision, to=State.DRAFT, by=moderator(), reason="No numbers, please.")
        again = edit_question(question=question, by=question.author, body="Without it.")
        assert (again.pk, again.state) == (revision.pk, State.PENDING)

    def test_only_the_text_of_a_public_question_can_be_proposed(self) -> None:
        question = QuestionFactory(published=True, alias="Wren", place="Leeds")
        edit_question(question=question, by=question.author, body="Other words.", alias="Robin", place="York")
        now = Question.objects.get(pk=question.pk)
        assert (now.alias, now.place) == ("Wren", "Leeds")

    def test_a_waiting_question_is_changed_in_place_and_seen_as_changed(self) -> None:
        question = QuestionFactory(pending=True)
        edit_question(question=question, by=question.author, body="I have sudden chest pain.")
        assert (question.state, question.version, question.risk) == (State.PENDING, 2, LOOK_AT_ONCE)
        assert "chest pain" in question.body_html

    @pytest.mark.parametrize("trait", [{}, {"withdrawn": True}])
    def test_a_draft_or_withdrawn_question_goes_to_the_moderators(self, trait: dict) -> None:
        question = QuestionFactory(**trait)
        edit_question(question=question, by=question.author, body="Here it is again.")
        assert question.state == State.PENDING

    @pytest.mark.parametrize("trait", ["rejected", "removed"])
    def test_what_a_moderator_ended_stays_ended(self, trait: str) -> None:
        question = QuestionFactory(**{trait: True})
        with pytest.raises(PermissionDenied):
            edit_question(question=question, by=question.author, body="Please!")

    def test_nobody_edits_for_somebody_else(self) -> None:
        question = QuestionFactory(pending=True)
        for other in (UserFactory(), moderator()):
            with pytest.raises(PermissionDenied):
                edit_question(question=question, by=other, body="Changed.")
        question.refresh_from_db()
        assert question.version == 1


class TestWithdrawing:
    def test_a_waiting_edit_goes_with_its_question(self) -> None:
        question = QuestionFactory(published=True)
        revision = edit_question(question=question, by=question.author, body="Other words.")
        withdraw_question(question=question, by=question.author)
        revision.refresh_from_db()
        assert (question.state, revision.state) == (State.WITHDRAWN, State.WITHDRAWN)
        assert not Question.objects.public().filter(pk=question.pk).exists()


def test_filing_elsewhere_moves_the_main_treatment_and_keeps_the_others() -> None:
    laser, peel = TreatmentFactory(name="Laser"), TreatmentFactory(name="Peel")
    question = QuestionFactory(published=True)
    before = question.treatment
    set_treatments(question, [before, peel])
    reclassify(question=question, treatment=laser, use=None, by=moderator(), reason="It says so.", version=1)
    assert [row.treatment for row in question.treatment_rows.all()] == [laser, peel]
    assert question.version == 2
    assert trail(question).get().reason == f"From {before} to Laser. It says so."


@pytest.mark.parametrize(
    ("traits", "more", "error"),
    [
        ({"pending": True}, {"reason": " "}, ReasonMissing),
        ({"pending": True}, {"version": 4}, Stale),
        ({"removed": True}, {}, NotPossible),
        ({"pending": True}, {"own": True}, NotPermitted),
    ],
)
def test_filing_elsewhere_is_refused_and_changes_nothing(
    traits: dict, more: dict, error: type[Exception]
) -> None:
    by, laser = moderator(), TreatmentFactory()
    question = QuestionFactory(**traits, **({"author": by} if more.pop("own", False) else {}))
    before = question.treatment_id
    given = {"treatment": laser, "use": None, "reason": "It says so.", "version": 1} | more
    with pytest.raises(error):
        reclassify(question=question, by=by, **given)
    question.refresh_from_db()
    assert (question.treatment_id, question.version) == (before, 1)
    assert not trail(question).exists()
