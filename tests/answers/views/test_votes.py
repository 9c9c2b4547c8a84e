"""Helpful, and settled."""

import pytest

from answers.models import AcceptedAnswer, Answer
from tests.factories import AnswerFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


class TestHelpful:
    def test_a_thank_you_is_counted_once_and_can_be_taken_back(self, sign_in) -> None:
        answer = AnswerFactory(published=True)
        reader, url = sign_in(UserFactory()), f"/answers/{answer.pk}/helpful/"
        for click, shown in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0)):
            response = reader.post(url, {"helpful": click}, follow=True)
            assert response.redirect_chain[0][0] == answer.get_absolute_url()
            html = response.content.decode()
            assert f'Helpful <span class="figure">{shown}</span>' in html
            assert f'aria-pressed="{"true" if shown else "false"}"' in html

    def test_ones_own_answer_cannot_be_thanked(self, sign_in) -> None:
        answer = AnswerFactory(published=True)
        client = sign_in(answer.doctor.user)
        assert client.post(f"/answers/{answer.pk}/helpful/").status_code == 403
        assert "Helpful <span" not in client.get(answer.question.get_absolute_url()).content.decode()

    def test_visitors_sign_in_first_and_hidden_answers_cannot_be_thanked(self, client, sign_in) -> None:
        answer, hidden = AnswerFactory(published=True), AnswerFactory(pending=True)
        assert (
            client.post(f"/answers/{answer.pk}/helpful/")["Location"]
            == f"/accounts/login/?next=/answers/{answer.pk}/"
        )
        assert sign_in(UserFactory()).post(f"/answers/{hidden.pk}/helpful/").status_code == 404
        assert not Answer.objects.filter(helpful_count__gt=0).exists()


class TestSettled:
    def test_everybody_sees_what_settled_it_until_the_asker_takes_it_back(self, client, sign_in) -> None:
        answer = AnswerFactory(published=True)
        asker, url = sign_in(answer.question.author), f"/answers/{answer.pk}/settled/"
        for click, shown in (("yes", 1), ("no", 0)):
            asker.post(url, {"settled": click})
            html = client.get(answer.question.get_absolute_url()).content.decode()
            assert html.count("Settled it for the person who asked") == shown

    def test_the_latest_choice_replaces_the_one_before(self, sign_in) -> None:
        question = QuestionFactory(published=True)
        asker = sign_in(question.author)
        for answer in (AnswerFactory(published=True, question=question) for _ in range(2)):
            asker.post(f"/answers/{answer.pk}/settled/", {"settled": "yes"})
            assert AcceptedAnswer.objects.get().answer == answer

    def test_nobody_else_says_what_settled_it(self, sign_in) -> None:
        answer = AnswerFactory(published=True)
        for person in (UserFactory(), answer.doctor.user):
            assert sign_in(person).post(f"/answers/{answer.pk}/settled/").status_code == 403
        assert not AcceptedAnswer.objects.exists()
