"""What search engines read of a thread."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from answers.models import AcceptedAnswer, Answer
from answers.structured_data import ANSWERS_LISTED, thread
from questions.models import Question
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def data_of(client: Client, question: Question) -> dict:
    page = client.get(question.get_absolute_url()).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return next(data for data in map(json.loads, blocks) if "QAPage" in data["@type"])["mainEntity"]


def test_a_thread_is_a_question_with_its_public_answers(client: Client, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    question = QuestionFactory(published=True, title="Is it </script> safe?", alias="Wren")
    doctor = DoctorFactory(verified=True, name="Ann Example", title="MD")
    answer = AnswerFactory(published=True, question=question, doctor=doctor, helpful_count=4)
    AnswerFactory(pending=True, question=question)
    data = data_of(client, question)
    assert (data["name"], data["answerCount"], data["author"]["name"]) == ("Is it </script> safe?", 1, "Wren")
    [suggested] = data["suggestedAnswer"]
    assert suggested["url"] == f"https://candor.example{question.get_absolute_url()}#answer-{answer.pk}"
    assert (suggested["upvoteCount"], suggested["author"]["name"]) == (4, "Ann Example, MD")


def test_search_engines_are_told_the_way_to_a_thread(client: Client, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    page = client.get(
        QuestionFactory(published=True, title="Is it safe?").get_absolute_url()
    ).content.decode()
    blocks = [json.loads(found) for found in re.findall(r"ld\+json\">(.*?)</script>", page)]
    [way] = [block["itemListElement"] for block in blocks if block["@type"] == "BreadcrumbList"]
    assert [step["name"] for step in way][-1] == "Is it safe?"
    assert way[0]["item"] == "https://candor.example/treatments/"


def test_the_answer_that_settled_it_is_the_accepted_one_and_stands_once(client: Client) -> None:
    question = QuestionFactory(published=True)
    settled, other = (AnswerFactory(published=True, question=question, summary=f"It is {n}.") for n in (1, 2))
    AcceptedAnswer.objects.create(question=question, answer=settled)
    data = data_of(client, question)
    assert data["acceptedAnswer"]["text"] == settled.summary
    assert [answer["text"] for answer in data["suggestedAnswer"]] == [other.summary]


def test_a_long_thread_lists_no_more_than_its_first_answers() -> None:
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    answers = [
        Answer(pk=n, question=question, doctor=doctor, summary="Yes.") for n in range(ANSWERS_LISTED + 5)
    ]
    entity = thread(question, answers)["mainEntity"]
    assert (len(entity["suggestedAnswer"]), entity["answerCount"]) == (ANSWERS_LISTED, ANSWERS_LISTED + 5)


def test_a_question_without_an_answer_promises_none(client: Client) -> None:
    data = data_of(client, QuestionFactory(published=True))
    assert data["answerCount"] == 0
    assert not {"suggestedAnswer", "acceptedAnswer"} & set(data)


def test_answers_in_words_only_cost_no_query_each_where_a_filter_hides_them(
    client: Client, django_assert_max_num_queries
) -> None:
    question = QuestionFactory(published=True)
    for _ in range(5):
        AnswerFactory(
            published=True,
            question=question,
            is_imported=True,
            stance="",
            summary="",
            body_html="<p>Yes.</p>",
        )
    with django_assert_max_num_queries(6):
        client.get(f"{question.get_absolute_url()}?stance=against")


def test_a_thread_claims_no_review_by_the_editors(client: Client) -> None:
    answer = AnswerFactory(published=True, confirmed_at=timezone.now())
    html = client.get(answer.question.get_absolute_url()).content.decode()
    assert "reviewedBy" not in html
    assert "lastReviewed" not in html
