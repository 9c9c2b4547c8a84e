"""The citable address of an answer."""

import pytest

from answers.views.thread import ANSWERS_A_PAGE
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db


def test_it_leads_to_its_place_in_the_thread(client) -> None:
    answer = AnswerFactory(published=True)
    response = client.get(f"/answers/{answer.pk}/")
    assert response["Location"] == f"{answer.question.get_absolute_url()}#answer-{answer.pk}"


def test_what_waits_is_found_by_its_doctor_and_the_moderators(client, sign_in) -> None:
    answer = AnswerFactory(pending=True)
    for person in (answer.doctor.user, moderator()):
        assert sign_in(person).get(f"/answers/{answer.pk}/")["Location"] == answer.get_absolute_url()
    for reader in (client, sign_in(UserFactory()), sign_in(answer.question.author)):
        assert reader.get(f"/answers/{answer.pk}/").status_code == 404


def test_with_its_question_it_is_gone_for_its_doctor_too(sign_in) -> None:
    answer = AnswerFactory(published=True, question=QuestionFactory(withdrawn=True))
    assert sign_in(answer.doctor.user).get(f"/answers/{answer.pk}/").status_code == 404


def test_the_address_of_an_answer_on_a_later_page_leads_to_that_page(client) -> None:
    question = QuestionFactory(published=True)
    answers = [AnswerFactory(published=True, question=question) for _ in range(ANSWERS_A_PAGE + 1)]
    last = answers[-1]
    target = client.get(f"/answers/{last.pk}/")["Location"]
    assert target == f"{question.get_absolute_url()}?page=2#answer-{last.pk}"
    assert f'id="answer-{last.pk}"' in client.get(target).content.decode()
    none_shown = client.get(question.get_absolute_url(), {"stance": "against"}).content.decode()
    assert f'href="/answers/{answers[0].pk}/"' in none_shown
