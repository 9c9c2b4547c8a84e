"""Taking a question back."""

import pytest

from core.enums import State
from tests.factories import AnswerFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_it_asks_first_and_changes_nothing_by_a_link(sign_in) -> None:
    question = QuestionFactory(published=True, title="Shall I?")
    page = sign_in(question.author).get(f"/questions/{question.pk}/withdraw/").content.decode()
    assert "“<bdi>Shall I?</bdi>” disappears for everybody else, with its answers." in page
    question.refresh_from_db()
    assert question.state == State.PUBLISHED


def test_a_withdrawn_question_is_gone_for_readers_and_kept_for_its_asker(sign_in, client) -> None:
    question = AnswerFactory(published=True).question
    asker = sign_in(question.author)
    response = asker.post(f"/questions/{question.pk}/withdraw/", follow=True)
    assert "Your question is withdrawn. Nobody else sees it any more." in response.content.decode()
    assert client.get(question.get_absolute_url()).status_code == 404
    assert question.title not in client.get("/questions/").content.decode()
    assert "You withdrew it." in asker.get(question.get_absolute_url()).content.decode()


def test_nobody_withdraws_for_somebody_else(sign_in) -> None:
    question = QuestionFactory(published=True)
    assert sign_in(UserFactory()).post(f"/questions/{question.pk}/withdraw/").status_code == 404
    question.refresh_from_db()
    assert question.state == State.PUBLISHED


def test_a_removed_question_cannot_be_withdrawn(sign_in) -> None:
    question = QuestionFactory(removed=True)
    response = sign_in(question.author).post(f"/questions/{question.pk}/withdraw/")
    assert response.status_code == 403
    question.refresh_from_db()
    assert question.state == State.REMOVED


def test_the_same_form_sent_twice_finds_it_done(sign_in) -> None:
    question = QuestionFactory(published=True)
    asker, url = sign_in(question.author), f"/questions/{question.pk}/withdraw/"
    assert asker.post(url)["Location"] == asker.post(url)["Location"] == "/me/"
