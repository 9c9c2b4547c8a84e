"""What stands around one item: near-identical texts, the author's record, the thread, similar threads."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    ReportFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
TEXT = "I have wondered for a year whether this is the right thing for my jaw, which I grind at night."


def page_of(obj, sign_in):
    url = reverse("admin:moderation_item", args=[obj._meta.model_name, obj.pk])
    return sign_in(moderator()).get(url)


def test_nearly_the_same_texts_are_named_with_whose_they_are(sign_in) -> None:
    botox, author = TreatmentFactory(), UserFactory()
    question = QuestionFactory(pending=True, treatment=botox, author=author, title="My jaw?", body=TEXT)
    own = QuestionFactory(rejected=True, author=author, title="My jaw?", body=TEXT.replace("year", "month"))
    copied = QuestionFactory(pending=True, treatment=botox, title="My jaw?", body=TEXT.upper())
    QuestionFactory(
        pending=True, treatment=botox, title="Another thing", body="About my calves, which are thick."
    )
    QuestionFactory(
        pending=True, title="My jaw?", body=TEXT
    )  # of another treatment and author: not looked at
    response = page_of(question, sign_in)
    found = {row["id"]: (row["own"], row["percent"]) for row in response.context["alike"]}
    assert found.keys() == {own.pk, copied.pk}
    assert found[copied.pk] == (False, 100)
    assert found[own.pk][0] is True
    assert "Nearly the same text" in response.text
    assert "by somebody else" in response.text


def test_a_doctors_answer_copied_from_thread_to_thread_is_seen(sign_in) -> None:
    answer = AnswerFactory(pending=True, summary="Come and see me.", body=TEXT)
    before = AnswerFactory(published=True, doctor=answer.doctor, summary="Come and see me.", body=TEXT)
    assert [row["id"] for row in page_of(answer, sign_in).context["alike"]] == [before.pk]


def test_what_the_author_sent_before_is_listed_whatever_became_of_it(sign_in) -> None:
    author = UserFactory()
    question = QuestionFactory(pending=True, author=author)
    QuestionFactory(published=True, author=author, title="The published one")
    QuestionFactory(removed=True, author=author, title="The removed one")
    QuestionFactory(author=author, title="Never sent to anybody")
    ReportFactory(on=QuestionFactory(published=True, author=author), upheld=True)
    text = page_of(question, sign_in).text
    assert "The published one" in text
    assert "The removed one" in text
    assert "Never sent" not in text
    assert "Reports against them: 0 open, 1 upheld, 0 dismissed" in text


def test_the_thread_and_similar_threads_stand_around_an_answer(sign_in) -> None:
    question = QuestionFactory(published=True, title="Can it make my jaw thinner?")
    AnswerFactory(published=True, question=question, summary="I would not do it.")
    answer = AnswerFactory(pending=True, question=question)
    QuestionFactory(published=True, treatment=question.treatment, title="A thinner jaw by exercise?")
    text = page_of(answer, sign_in).text
    assert "Other answers in this thread" in text
    assert "I would not do it." in text
    assert "A thinner jaw by exercise?" in text
