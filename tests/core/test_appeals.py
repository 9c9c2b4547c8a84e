"""The statement of reasons, and the one objection to it: by the author, in time, decided by somebody else."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from answers.models import Answer
from config.desk.reasons import REASONS
from core.appeals import decide_appeal, file_appeal, overturned
from core.audit import trail
from core.decided import APPEAL_DAYS
from core.enums import AppealState, State
from core.models import Appeal, Reason
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale, transition
from core.reasons import explained
from core.statements import statement_of, statements
from questions.models import Question
from questions.services import edit_question
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, moderator, senior

pytestmark = pytest.mark.django_db


def refused(to: str = "rejected", *, by: User | None = None, code: str = "private") -> Question:
    """A question against which something was decided: ``to`` is draft, rejected or removed."""
    question = QuestionFactory(published=True) if to == "removed" else QuestionFactory(pending=True)
    words = explained(code, "The town is small.")
    transition(question, to=to, by=by or moderator(), reason=words, code=code)
    return question


def appealed(to: str = "rejected", *, by: User | None = None) -> tuple[Question, Appeal]:
    question = refused(to, by=by)
    return question, file_appeal(obj=question, by=question.author, text="It is the name of a product.")


def open_now(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: later)


class TestTheStatement:
    @pytest.mark.parametrize(
        ("to", "words"), [("draft", "sent back to you"), ("rejected", "rejected"), ("removed", "removed")]
    )
    def test_it_says_what_was_decided_why_how_to_mend_it_and_until_when_to_appeal(
        self, to: str, words: str
    ) -> None:
        question = refused(to)
        said = statement_of(question)
        assert said is not None
        assert (said.what, said.decided) == ("question", words)
        assert (said.rule, said.words) == (REASONS["private"].sentence, "The town is small.")
        assert said.mend == REASONS["private"].mend
        assert said.until == question.moderated_at + timedelta(days=APPEAL_DAYS)
        assert said.can_be_appealed

    def test_words_alone_are_no_rule(self) -> None:
        question = QuestionFactory(pending=True)
        transition(question, to="rejected", by=moderator(), reason="One.\n\nTwo.")
        said = statement_of(question)
        assert said is not None
        assert (said.rule, said.words) == ("", "One.\n\nTwo.")

    def test_it_stays_what_it_was_when_the_sentence_of_the_reason_changes(self) -> None:
        question = refused()
        Reason.objects.filter(code="private").update(sentence="Another sentence.", is_active=False)
        said = statement_of(question)
        assert said is not None
        assert said.rule == REASONS["private"].sentence

    def test_there_is_none_once_it_is_sent_again_or_restored(self) -> None:
        question = refused("draft")
        edit_question(question=question, by=question.author, body="Without the town this time.")
        assert statement_of(question) is None
        other = refused("removed")
        transition(other, to="published", by=moderator(), reason="A mistake.")
        assert statement_of(other) is None

    def test_many_cost_three_queries(self, django_assert_num_queries) -> None:
        rows = [appealed()[0] for _ in range(3)]
        with django_assert_num_queries(3):
            assert len(statements(rows)) == 3


class TestFiling:
    def test_the_author_appeals_once(self) -> None:
        question, first = appealed()
        again = file_appeal(obj=question, by=question.author, text="Once more.")
        assert (again.pk, again.text) == (first.pk, "It is the name of a product.")
        with pytest.raises(DatabaseError, match="one_per_decision"), transaction.atomic():
            Appeal.objects.create(entry=first.entry, object_type="x", object_id=1, text="y")

    def test_a_second_decision_may_be_appealed_against_as_well(self) -> None:
        question, first = appealed("draft")
        edit_question(question=question, by=question.author, body="Without the town this time.")
        transition(question, to="rejected", by=moderator(), reason="No.", code="private")
        assert file_appeal(obj=question, by=question.author, text="Why?").pk != first.pk

    @pytest.mark.parametrize("who", [UserFactory, moderator, senior])
    def test_nobody_else_does(self, who) -> None:
        with pytest.raises(PermissionDenied):
            file_appeal(obj=refused(), by=who(), text="Let them.")
        assert not Appeal.objects.exists()

    def test_a_suspended_account_may_appeal_and_a_closed_one_not(self) -> None:
        question = refused()
        User.objects.filter(pk=question.author_id).update(suspended_until=timezone.now() + timedelta(days=9))
        assert file_appeal(obj=question, by=User.objects.get(pk=question.author_id), text="Please.")
        other = refused()
        User.objects.filter(pk=other.author_id).update(is_active=False)
        with pytest.raises(PermissionDenied):
            file_appeal(obj=other, by=User.objects.get(pk=other.author_id), text="Please.")

    def test_thirty_days_and_not_one_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        question = refused()
        open_now(monkeypatch, APPEAL_DAYS + 1)
        with pytest.raises(NotPossible, match="30 days"):
            file_appeal(obj=question, by=question.author, text="Late.")
        said = statement_of(question)
        assert said is not None
        assert not said.can_be_appealed

    def test_without_a_decision_there_is_nothing_to_appeal_against(self) -> None:
        for question in (QuestionFactory(pending=True), QuestionFactory(published=True), QuestionFactory()):
            with pytest.raises(NotPossible):
                file_appeal(obj=question, by=question.author, text="Please.")


class TestDeciding:
    @pytest.mark.parametrize(
        ("to", "then", "verb"),
        [
            ("draft", "pending", "reopen"),
            ("rejected", "pending", "reopen"),
            ("removed", "published", "restore"),
        ],
    )
    def test_granting_goes_through_the_one_door(self, to: str, then: str, verb: str) -> None:
        question, appeal = appealed(to)
        by = senior()
        decide_appeal(appeal=appeal, by=by, to="granted", reason="The name is a product.")
        question.refresh_from_db()
        assert question.state == then
        assert (trail(question)[0].action, trail(question)[0].actor) == (verb, by)
        assert [entry.action for entry in trail(appeal)] == ["grant appeal", "appeal"]
        assert (appeal.state, appeal.decided_by, appeal.reason) == ("granted", by, "The name is a product.")

    def test_declining_changes_nothing_but_the_appeal(self) -> None:
        question, appeal = appealed()
        decide_appeal(appeal=appeal, by=senior(), to="declined", reason="It is a name.")
        question.refresh_from_db()
        assert (question.state, trail(question)[0].action) == (State.REJECTED, "reject")
        said = statement_of(question)
        assert said is not None
        assert said.appeal is not None
        assert said.appeal.reason == "It is a name."

    def test_never_by_who_decided_first_nor_by_who_wrote_it_nor_below_senior(self) -> None:
        """T-AZ-09"""
        first = senior()
        question, appeal = appealed(by=first)
        asker = senior()
        Question.objects.filter(pk=question.pk).update(author=asker)
        for by in (first, asker, moderator(), UserFactory(), senior(is_active=False)):
            with pytest.raises(NotPermitted):
                decide_appeal(appeal=appeal, by=by, to="granted", reason="So be it.")
        appeal.refresh_from_db()
        assert appeal.state == AppealState.OPEN
        with pytest.raises(DatabaseError, match="not_decided_by_its_author"), transaction.atomic():
            Appeal.objects.update(
                state="granted", decided_by=appeal.author, decided_at=timezone.now(), reason="Mine."
            )

    def test_with_a_reason_only(self) -> None:
        """T-AD-06"""
        _, appeal = appealed()
        with pytest.raises(ReasonMissing):
            decide_appeal(appeal=appeal, by=senior(), to="declined", reason=" \n")
        with pytest.raises(DatabaseError, match="decided_by_somebody_with_a_reason"), transaction.atomic():
            Appeal.objects.update(state="declined")

    def test_what_has_moved_on_since_is_not_undone(self) -> None:
        question, appeal = appealed("draft")
        edit_question(question=question, by=question.author, body="Without the town this time.")
        with pytest.raises(Stale):
            decide_appeal(appeal=appeal, by=senior(), to="granted", reason="So be it.")
        appeal.refresh_from_db()
        assert appeal.state == AppealState.OPEN
        decide_appeal(appeal=appeal, by=senior(), to="declined", reason="You have sent it again.")

    def test_the_share_overturned_can_be_counted(self) -> None:
        for to in ("granted", "declined", "declined"):
            decide_appeal(appeal=appealed()[1], by=senior(), to=to, reason="So.")
        appealed()
        assert overturned() == (1, 3)

    def test_an_answer_comes_back_as_it_was(self) -> None:
        answer = AnswerFactory(published=True)
        transition(answer, to="removed", by=moderator(), reason="x", code="contact")
        appeal = file_appeal(obj=answer, by=answer.doctor.user, text="It is no link.")
        decide_appeal(appeal=appeal, by=senior(), to="granted", reason="It is none.")
        assert Answer.objects.public().filter(pk=answer.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_seniors_at_once_one_decides() -> None:
    """T-RC-02"""
    seniors = [senior(), senior()]
    for _ in range(8):
        question, appeal = appealed()
        results = _at_once(appeal, seniors)
        appeal.refresh_from_db()
        assert sorted(results) == ["decided", "told"]
        assert trail(appeal).count() == 2
        question.refresh_from_db()
        assert question.state == (State.PENDING if appeal.state == "granted" else State.REJECTED)


def _at_once(appeal: Appeal, seniors: list[User]) -> list[str]:
    barrier, results = Barrier(2), []

    def decide(by: User, to: str) -> None:
        barrier.wait()
        try:
            decide_appeal(appeal=Appeal.objects.get(pk=appeal.pk), by=by, to=to, reason="So be it.")
            results.append("decided")
        except NotPossible:
            results.append("told")
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=pair) for pair in zip(seniors, ("granted", "declined"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
