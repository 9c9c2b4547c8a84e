"""What answering, changing, withdrawing, thanking and settling leave behind."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from answers.models import AcceptedAnswer, Answer, Thread
from answers.services import accept_answer, answer_question, edit_answer, mark_helpful, withdraw_answer
from core.audit import trail
from core.enums import State
from core.moderation import transition
from doctors.services import record_verification
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    QuestionFactory,
    UserFactory,
    moderator,
    senior,
)

pytestmark = pytest.mark.django_db
WORDS = {"stance": "supports", "confidence": "high", "summary": "Yes, with care.", "body": "It **works**."}


@pytest.fixture
def doctor():
    return DoctorFactory(verified=True)


@pytest.fixture
def question():
    return QuestionFactory(published=True)


class TestAnswering:
    def test_a_new_answer_waits_and_says_who_gave_it(self, question, doctor) -> None:
        answer = answer_question(question=question, by=doctor.user, **WORDS)
        assert (answer.state, answer.doctor) == (State.PENDING, doctor)
        assert answer.body_html == "<p>It <strong>works</strong>.</p>"
        assert [(entry.actor, entry.action) for entry in trail(answer)] == [(doctor.user, "submit")]
        assert Thread.objects.get(pk=question.pk).answer_count == 0

    def test_sent_twice_it_is_the_first_that_arrived(self, question, doctor) -> None:
        first = answer_question(question=question, by=doctor.user, **WORDS)
        again = answer_question(question=question, by=doctor.user, **{**WORDS, "summary": "No."})
        assert (again.pk, again.summary) == (first.pk, "Yes, with care.")

    @pytest.mark.parametrize("trait", [{}, {"published": True}, {"suspended": True}, {"expired": True}])
    def test_only_doctors_verified_today_answer(self, question, trait: dict) -> None:
        """T-AZ-07"""
        with pytest.raises(PermissionDenied):
            answer_question(question=question, by=DoctorFactory(**trait).user, **WORDS)

    def test_patients_and_moderators_do_not_answer(self, question) -> None:
        for person in (UserFactory(), moderator()):
            with pytest.raises(PermissionDenied):
                answer_question(question=question, by=person, **WORDS)

    def test_nobody_answers_their_own_question(self, doctor) -> None:
        with pytest.raises(PermissionDenied):
            answer_question(
                question=QuestionFactory(published=True, author=doctor.user), by=doctor.user, **WORDS
            )

    @pytest.mark.parametrize("trait", ["pending", "removed", "withdrawn", "rejected"])
    def test_only_public_questions_are_answered(self, doctor, trait: str) -> None:
        with pytest.raises(PermissionDenied):
            answer_question(question=QuestionFactory(**{trait: True}), by=doctor.user, **WORDS)

    def test_a_published_answer_keeps_the_credentials_of_its_day(self, question, doctor) -> None:
        CredentialFactory(doctor=doctor, authority="A board of long ago", expires_on=date(2020, 1, 1))
        CredentialFactory(doctor=doctor, authority="American Board of Dermatology")
        CredentialFactory(doctor=doctor, kind="licence", authority="State board")
        tomorrow = timezone.localdate() + timedelta(days=1)
        record_verification(
            doctor=doctor, by=senior(), result="verified", source="Register", valid_until=tomorrow
        )
        answer = answer_question(question=question, by=doctor.user, **WORDS)
        transition(answer, to=State.PUBLISHED, by=moderator())
        doctor.credentials.all().delete()
        answer.refresh_from_db()
        assert answer.author_snapshot["board"] == "American Board of Dermatology"
        assert answer.author_snapshot["standing"] == "verified"


class TestEditing:
    def test_the_published_version_stays_until_the_edit_is_approved(self) -> None:
        answer = AnswerFactory(published=True, summary="Yes.")
        revision = edit_answer(answer=answer, by=answer.doctor.user, **{**WORDS, "summary": "No."})
        assert Answer.objects.get(pk=answer.pk).summary == "Yes."
        transition(revision, to=State.PUBLISHED, by=moderator())
        assert Answer.objects.get(pk=answer.pk).summary == "No."

    def test_a_second_edit_replaces_the_one_that_waits(self) -> None:
        answer = AnswerFactory(published=True)
        first = edit_answer(answer=answer, by=answer.doctor.user, **WORDS)
        second = edit_answer(answer=answer, by=answer.doctor.user, **{**WORDS, "summary": "On reflection."})
        assert (second.pk, second.summary, second.version) == (first.pk, "On reflection.", 2)

    @pytest.mark.parametrize("trait", ["pending", "withdrawn"])
    def test_what_is_not_public_is_changed_in_place_and_awaits_review(self, trait: str) -> None:
        answer = AnswerFactory(**{trait: True})
        edit_answer(answer=answer, by=answer.doctor.user, **WORDS)
        assert (answer.state, answer.summary, answer.version) == (State.PENDING, WORDS["summary"], 2)

    def test_a_doctor_suspended_while_writing_cannot_send(self) -> None:
        """T-AZ-07"""
        answer = AnswerFactory(published=True, doctor=DoctorFactory(suspended=True))
        with pytest.raises(PermissionDenied):
            edit_answer(answer=answer, by=answer.doctor.user, **WORDS)

    def test_nobody_edits_for_somebody_else(self) -> None:
        answer = AnswerFactory(published=True)
        for other in (DoctorFactory(verified=True).user, moderator(), answer.question.author):
            with pytest.raises(PermissionDenied):
                edit_answer(answer=answer, by=other, **WORDS)


class TestWithdrawing:
    def test_it_leaves_the_count_and_takes_its_waiting_edit_along(self) -> None:
        answer = AnswerFactory(published=True)
        revision = edit_answer(answer=answer, by=answer.doctor.user, **WORDS)
        withdraw_answer(answer=answer, by=answer.doctor.user)
        revision.refresh_from_db()
        assert (answer.state, revision.state) == (State.WITHDRAWN, State.WITHDRAWN)
        assert Thread.objects.get(pk=answer.question_id).answer_count == 0

    def test_a_suspended_doctor_may_still_withdraw(self) -> None:
        answer = AnswerFactory(published=True, doctor=DoctorFactory(suspended=True))
        withdraw_answer(answer=answer, by=answer.doctor.user)
        assert answer.state == State.WITHDRAWN


class TestHelpful:
    def test_one_person_counts_once_and_may_take_it_back(self) -> None:
        answer, person = AnswerFactory(published=True), UserFactory()
        counts = []
        for helpful in (True, True, False, False):
            mark_helpful(answer=answer, by=person, helpful=helpful)
            counts.append(Answer.objects.get(pk=answer.pk).helpful_count)
            assert Thread.objects.get(pk=answer.question_id).helpful_count == counts[-1]
        assert counts == [1, 1, 0, 0]

    def test_ones_own_answer_does_not_count(self) -> None:
        answer = AnswerFactory(published=True)
        with pytest.raises(PermissionDenied):
            mark_helpful(answer=answer, by=answer.doctor.user, helpful=True)
        assert Answer.objects.get(pk=answer.pk).helpful_count == 0


class TestSettling:
    def test_the_latest_choice_replaces_the_one_before(self, question) -> None:
        first, second = (AnswerFactory(published=True, question=question) for _ in range(2))
        for answer in (first, second):
            accept_answer(answer=answer, by=question.author, accepted=True)
        assert AcceptedAnswer.objects.get().answer == second
        accept_answer(answer=first, by=question.author, accepted=False)
        assert AcceptedAnswer.objects.get().answer == second
        accept_answer(answer=second, by=question.author, accepted=False)
        assert not AcceptedAnswer.objects.exists()

    def test_only_the_asker_says_so_and_only_of_a_public_answer(self, question) -> None:
        public, hidden = (
            AnswerFactory(published=True, question=question),
            AnswerFactory(pending=True, question=question),
        )
        for answer, person in (
            (public, UserFactory()),
            (public, public.doctor.user),
            (hidden, question.author),
        ):
            with pytest.raises(PermissionDenied):
                accept_answer(answer=answer, by=person, accepted=True)
