"""How often a thread is read, without who."""

from __future__ import annotations

import pytest
from django.test import Client

from answers.desk import numbers_of
from answers.models import Readership
from questions.models import Question
from tests.factories import AnswerFactory, QuestionFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def test_the_doctors_of_a_thread_see_how_often_it_was_read(sign_in) -> None:
    answer = AnswerFactory(published=True, doctor__verified=True)
    url = f"/questions/{answer.question_id}/read/"
    assert f'data-read="{url}"' in Client().get(answer.question.get_absolute_url()).content.decode()
    assert "threads read" not in sign_in(answer.doctor.user).get("/desk/").content.decode()
    for _ in range(3):
        response = Client(enforce_csrf_checks=True).post(url)
        assert (response.status_code, response.content, dict(response.cookies)) == (204, b"", {})
    assert numbers_of(answer.doctor).read == 3
    assert "their threads read 3 times" in sign_in(answer.doctor.user).get("/desk/").content.decode()
    assert "data-read" not in sign_in(answer.doctor.user).get(answer.question.get_absolute_url()).text


@pytest.mark.parametrize("state", ["pending", "rejected", "removed"])
def test_what_is_hidden_is_not_read(state: str) -> None:
    hidden = QuestionFactory(**{state: True})
    assert Client().post(f"/questions/{hidden.pk}/read/").status_code == 404
    assert Client().post("/questions/999999999/read/").status_code == 404
    assert not Readership.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_none_is_lost() -> None:
    question: Question = QuestionFactory(published=True)
    at_once(*[lambda: Client().post(f"/questions/{question.pk}/read/")] * 12)
    assert Readership.objects.get(question=question).times == 12
