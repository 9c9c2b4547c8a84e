"""A doctor takes an answer back."""

import pytest

from core.enums import State
from tests.factories import AnswerFactory, DoctorFactory

pytestmark = pytest.mark.django_db


def test_it_asks_first_and_then_it_is_gone_for_readers(sign_in, client) -> None:
    answer = AnswerFactory(published=True, summary="It is fine.", question__title="Is it fine?")
    doctor, url = sign_in(answer.doctor.user), f"/answers/{answer.pk}/withdraw/"
    asked = doctor.get(url).content.decode()
    assert "Under “<bdi>Is it fine?</bdi>” it disappears for readers" in asked
    assert "It is fine." in client.get(answer.question.get_absolute_url()).content.decode()
    html = doctor.post(url, follow=True).content.decode()
    assert "Your answer is withdrawn. Nobody else sees it any more." in html
    assert "Withdrawn: only you and the moderators see this" in html
    html = client.get(answer.question.get_absolute_url()).content.decode()
    assert "It is fine." not in html
    assert "No verified doctor has taken a position yet" in html


def test_nobody_withdraws_for_somebody_else(sign_in) -> None:
    answer = AnswerFactory(published=True)
    other = sign_in(DoctorFactory(verified=True).user)
    assert other.post(f"/answers/{answer.pk}/withdraw/").status_code == 404
    answer.refresh_from_db()
    assert answer.state == State.PUBLISHED


def test_a_rejected_answer_cannot_be_withdrawn(sign_in) -> None:
    answer = AnswerFactory(rejected=True)
    assert sign_in(answer.doctor.user).post(f"/answers/{answer.pk}/withdraw/").status_code == 403


def test_the_same_form_sent_twice_finds_it_done(sign_in) -> None:
    answer = AnswerFactory(published=True)
    doctor, url = sign_in(answer.doctor.user), f"/answers/{answer.pk}/withdraw/"
    assert doctor.post(url)["Location"] == doctor.post(url)["Location"] == answer.get_absolute_url()


def test_a_withdrawn_answer_offers_no_page_of_versions_that_nobody_finds(sign_in) -> None:
    answer = AnswerFactory(published=True)
    doctor = sign_in(answer.doctor.user)
    assert f"/answers/{answer.pk}/history/" in doctor.get(answer.question.get_absolute_url()).content.decode()
    html = doctor.post(f"/answers/{answer.pk}/withdraw/", follow=True).content.decode()
    assert f"/answers/{answer.pk}/history/" not in html
