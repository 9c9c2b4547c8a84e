"""“Still stands”: one click of the author's, from the thread or the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from answers.desk import due_answers
from answers.models import Answer
from answers.services import confirm_answer, edit_answer
from core.audit import trail
from core.enums import State
from core.moderation import transition
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SafetyNoticeFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


def aged(days: int, **fields) -> Answer:
    """A published answer that was last confirmed so many days ago."""
    answer = AnswerFactory(published=True, **fields)
    Answer.objects.filter(pk=answer.pk).update(confirmed_at=timezone.now() - timedelta(days=days))
    answer.refresh_from_db()
    return answer


class TestVerb:
    def test_it_is_dated_and_on_record(self) -> None:
        answer = aged(400)
        confirm_answer(answer=answer, by=answer.doctor.user)
        assert Answer.objects.get().confirmed_at == answer.confirmed_at
        assert timezone.localdate(answer.confirmed_at) == timezone.localdate()
        assert [(entry.actor, entry.action) for entry in trail(answer)] == [(answer.doctor.user, "confirm")]

    def test_said_twice_it_is_said_once_and_said_again_tomorrow(self) -> None:
        answer = aged(400)
        confirm_answer(answer=answer, by=answer.doctor.user)
        first = answer.confirmed_at
        confirm_answer(answer=answer, by=answer.doctor.user)
        assert (answer.confirmed_at, trail(answer).count()) == (first, 1)
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            confirm_answer(answer=answer, by=answer.doctor.user)
        assert trail(answer).count() == 2

    @pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
    def test_only_what_is_published_stands(self, state: str) -> None:
        answer = AnswerFactory(**{state: True})
        with pytest.raises(PermissionDenied):
            confirm_answer(answer=answer, by=answer.doctor.user)

    @pytest.mark.parametrize("trait", ["suspended", "expired", "published"])
    def test_only_doctors_verified_now_say_so(self, trait: str) -> None:
        answer = aged(400, doctor=DoctorFactory(**{trait: True}))
        with pytest.raises(PermissionDenied):
            confirm_answer(answer=answer, by=answer.doctor.user)

    def test_nobody_says_it_for_somebody_else(self) -> None:
        answer = aged(400)
        for person in (UserFactory(), moderator(), DoctorFactory(verified=True).user):
            with pytest.raises(PermissionDenied):
                confirm_answer(answer=answer, by=person)
        assert not trail(answer).exists()

    def test_an_approved_edit_confirms_as_well(self) -> None:
        answer = aged(400)
        edit = edit_answer(answer=answer, by=answer.doctor.user, summary="Take two.", stance="supports")
        transition(edit, to=State.PUBLISHED, by=moderator())
        answer.refresh_from_db()
        assert timezone.localdate(answer.confirmed_at) == timezone.localdate()


class TestButton:
    def test_it_is_on_the_authors_own_card_alone(self, client, sign_in) -> None:
        answer = aged(400)
        thread = answer.question.get_absolute_url()
        address = f'action="/answers/{answer.pk}/confirm/"'
        assert address in sign_in(answer.doctor.user).get(thread).content.decode()
        assert address not in client.get(thread).content.decode()
        assert address not in sign_in(UserFactory()).get(thread).content.decode()

    def test_pressed_in_the_thread_it_leads_back_there(self, sign_in) -> None:
        answer = aged(400)
        response = sign_in(answer.doctor.user).post(f"/answers/{answer.pk}/confirm/", follow=True)
        assert response.redirect_chain == [(answer.get_absolute_url(), 302)]
        assert "your answer still stands as of today" in response.content.decode()

    def test_others_find_nothing_and_visitors_sign_in_first(self, client, sign_in) -> None:
        answer = aged(400)
        url = f"/answers/{answer.pk}/confirm/"
        assert sign_in(UserFactory()).post(url).status_code == 404
        assert client.post(url)["Location"] == f"/accounts/login/?next=/answers/{answer.pk}/"
        assert not trail(answer).exists()


class TestDesk:
    def test_what_is_due_stands_there_until_it_is_confirmed(self, sign_in) -> None:
        answer = aged(800, question__title="Is it due?")
        person = sign_in(answer.doctor.user)
        assert ">Due for confirmation <" in person.get("/desk/").content.decode()
        html = person.get("/desk/?show=due").content.decode()
        assert "Is it due?" in html
        for link in ("confirm", "edit", "withdraw"):
            assert f"/answers/{answer.pk}/{link}/" in html
        response = person.post(f"/answers/{answer.pk}/confirm/", {"back": "desk"}, follow=True)
        assert response.redirect_chain == [("/desk/?show=due", 302)]
        assert "Is it due?" not in response.content.decode()

    def test_the_longest_due_comes_first_and_the_current_not_at_all(self) -> None:
        doctor = DoctorFactory(verified=True)
        quick = TreatmentFactory(review_interval_months=6)
        later = aged(760, doctor=doctor)  # due for a month: 24 months are the usual
        first = aged(400, doctor=doctor, question=QuestionFactory(published=True, treatment=quick))
        aged(100, doctor=doctor)
        aged(900, doctor=DoctorFactory(verified=True))
        AnswerFactory(withdrawn=True, doctor=doctor)
        assert due_answers(doctor) == [first, later]

    def test_the_day_decides(self) -> None:
        answer = aged(0)
        due_on = timezone.now().replace(hour=12) + timedelta(days=731)
        for days, due in ((-2, []), (0, [answer])):
            with time_machine.travel(due_on + timedelta(days=days)):
                answer.doctor.verified_until = None
                assert due_answers(answer.doctor) == due

    def test_a_notice_brings_an_answer_back_and_a_confirmation_takes_it_off(
        self, django_assert_num_queries
    ) -> None:
        family = TreatmentFactory()
        treatment = TreatmentFactory(parent=TreatmentFactory(parent=family))
        answer = aged(30, question=QuestionFactory(published=True, treatment=treatment))
        assert due_answers(answer.doctor) == []
        SafetyNoticeFactory(treatment=family)
        with django_assert_num_queries(1):
            (due,) = due_answers(answer.doctor)
        assert [notice.product for notice in due.freshness.predates] == ["Batch 7"]
        confirm_answer(answer=answer, by=answer.doctor.user)
        assert due_answers(answer.doctor) == []

    def test_whoever_may_not_confirm_is_not_asked(self, sign_in) -> None:
        answer = aged(900, doctor=DoctorFactory(expired=True))
        assert (
            answer.question.title not in sign_in(answer.doctor.user).get("/desk/?show=due").content.decode()
        )
