"""Somebody finds something wrong: the way from the link to the moderators, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import REPORT_LENGTH, Report
from core.reports import A_DAY_AT_MOST, decide_reports
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    ReportFactory,
    SecondOpinionFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
NEW = "/reports/new/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def about(thing: object) -> str:
    return f"{NEW}?about={thing._meta.model_name}-{thing.pk}"


def test_every_public_thing_has_the_link_and_nothing_else_has(client: Client) -> None:
    answer = AnswerFactory(published=True)
    own = AnswerFactory(pending=True, question=answer.question)
    thread = client.get(answer.question.get_absolute_url()).text
    assert f'href="{about(answer)}"' in thread
    assert f'href="{about(answer.question)}"' in thread
    assert about(own) not in thread
    assert f'href="{about(answer.doctor)}"' in client.get(answer.doctor.get_absolute_url()).text


def test_the_author_of_something_pending_is_offered_no_report(sign_in: Callable[..., Client]) -> None:
    question = QuestionFactory(pending=True)
    assert NEW not in sign_in(question.author).get(question.get_absolute_url()).text


def test_from_the_link_through_the_sign_in_to_the_thanks_and_the_outcome(
    client: Client, sign_in: Callable[..., Client]
) -> None:
    answer, person = AnswerFactory(published=True), UserFactory()
    away = client.get(about(answer))
    assert away["Location"] == f"/accounts/login/?next={NEW}%3Fabout%3Danswer-{answer.pk}"

    reader = sign_in(person)
    page = reader.get(about(answer)).text
    assert "Report an answer" in page
    assert answer.summary in page
    sent = reader.post(about(answer), {"kind": "facts", "text": "The second sentence is wrong."}, follow=True)
    assert "Your report is with the moderators" in sent.text
    assert "Waiting for a moderator" in reader.get("/me/reports/").text
    assert "You have reported this" in reader.get(about(answer)).text

    report = Report.objects.get()
    decide_reports(report=report, by=moderator(), to="upheld", reason="It was wrong.", seen=report.pk)
    mine = reader.get("/me/reports/").text
    assert "Upheld" in mine
    assert "It was wrong." in mine
    assert "The second sentence is wrong." in mine
    assert answer.summary in mine


def test_what_is_no_longer_public_is_not_shown_to_who_reported_it(sign_in: Callable[..., Client]) -> None:
    person = UserFactory()
    for thing in (
        QuestionFactory(removed=True, title="Zebracanary?"),
        AnswerFactory(removed=True, summary="Zebracanary."),
        DoctorFactory(removed=True, name="Zebracanary"),
    ):
        ReportFactory(on=thing, reporter=person)
    page = sign_in(person).get("/me/reports/").text
    assert page.count("Something that is not public now") == 3
    assert "Zebracanary" not in page


def test_my_reports_are_nobody_elses(sign_in: Callable[..., Client]) -> None:
    ReportFactory(text="Zebracanary")
    page = sign_in(UserFactory()).get("/me/reports/").text
    assert "Zebracanary" not in page
    assert "You have not reported anything" in page


def test_my_reports_cost_the_same_with_few_and_many(
    sign_in: Callable[..., Client], django_assert_max_num_queries
) -> None:
    person = UserFactory()
    for factory in (QuestionFactory, AnswerFactory, DoctorFactory):
        for _ in range(5):
            ReportFactory(on=factory(published=True), reporter=person)
    client = sign_in(person)
    with django_assert_max_num_queries(10):
        client.get("/me/reports/")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
@pytest.mark.parametrize("factory", [QuestionFactory, AnswerFactory, DoctorFactory])
def test_hidden_and_absent_things_are_missed_alike(factory, state, method, sign_in) -> None:
    hidden, client = factory(**{state: True}), sign_in(UserFactory())
    name = hidden._meta.model_name
    said = [
        getattr(client, method)(f"{NEW}?about={name}-{pk}", {"kind": "facts"} if method == "post" else None)
        for pk in (hidden.pk, 987_654_321)
    ]
    assert [response.status_code for response in said] == [404, 404]
    assert TOKEN.sub("", said[0].text) == TOKEN.sub("", said[1].text)
    assert not Report.objects.exists()


def test_an_answer_under_a_hidden_question_is_missed_too(sign_in) -> None:
    answer = AnswerFactory(published=True, question=QuestionFactory(removed=True))
    assert sign_in(UserFactory()).get(about(answer)).status_code == 404


def test_visitors_are_sent_to_sign_in_whatever_they_ask_for(client: Client) -> None:
    hidden = QuestionFactory(pending=True)
    for value in (f"question-{hidden.pk}", "question-987654321", "nonsense"):
        assert client.get(NEW, {"about": value}).status_code == 302


@pytest.mark.parametrize(
    "value",
    ["", "answer", "answer-", "answer--1", "answer-1x", "answer-٣", f"answer-{'9' * 18}", f"answer-{'9' * 30}",
     "user-1", "report-1", "auditentry-1", "answer-1\n", "Answer-1", "questionrevision-1"],
)  # fmt: skip
def test_what_names_nothing_leads_nowhere(value: str, sign_in) -> None:
    assert sign_in(UserFactory()).get(NEW, {"about": value}).status_code == 404


def test_a_kind_is_needed_and_something_else_is_explained(sign_in) -> None:
    thing, client = QuestionFactory(published=True), sign_in(UserFactory())
    nothing = client.post(about(thing), {"text": "My careful words"})
    assert nothing.status_code == 422
    assert "Choose what comes nearest." in nothing.text
    assert "My careful words" in nothing.text
    unexplained = client.post(about(thing), {"kind": "other", "text": " \u200b "})
    assert "Please say what is wrong." in unexplained.text
    assert not Report.objects.exists()
    assert client.post(about(thing), {"kind": "abuse"}).status_code == 302


def test_the_eleventh_of_a_day_keeps_its_words_and_is_not_sent(sign_in) -> None:
    person, thing = UserFactory(), QuestionFactory(published=True)
    for _ in range(A_DAY_AT_MOST):
        ReportFactory(reporter=person)
    response = sign_in(person).post(about(thing), {"kind": "safety", "text": "My careful words"})
    assert response.status_code == 429
    assert "Send this one tomorrow" in response.text
    assert "My careful words" in response.text
    assert Report.objects.count() == A_DAY_AT_MOST


def test_other_words_for_the_same_thing_are_not_lost_in_silence(sign_in) -> None:
    thing, client = QuestionFactory(published=True), sign_in(UserFactory())
    client.post(about(thing), {"kind": "facts", "text": "First words."})
    again = client.post(about(thing), {"kind": "facts", "text": "Other words."}, follow=True)
    assert "the moderators have what you sent first" in again.text
    same = client.post(about(thing), {"kind": "facts", "text": "First words."}, follow=True)
    assert "the moderators have what you sent first" not in same.text
    assert Report.objects.get().text == "First words."


def test_nothing_is_taken_from_the_form_that_it_does_not_ask_for(sign_in) -> None:
    thing, person = QuestionFactory(published=True), UserFactory()
    forged = {
        "state": "upheld", "reporter": UserFactory().pk, "risk": "3", "decided_by": "1", "reason": "x",
        "object_id": "1", "object_type": "accounts.user",
    }  # fmt: skip
    sign_in(person).post(about(thing), {"kind": "facts", **forged})
    report = Report.objects.get()
    assert (report.reporter, report.state, report.risk, report.target()) == (person, "open", 0, thing)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=REPORT_LENGTH + 50))
def test_any_words_are_stored_clean_or_refused_in_words(text: str, sign_in) -> None:
    thing, client = QuestionFactory(published=True), sign_in(UserFactory())
    response = client.post(about(thing), {"kind": "facts", "text": text.encode("utf-8", "replace").decode()})
    assert response.status_code in {302, 400, 422}
    if response.status_code == 302:
        stored = Report.objects.latest("pk").text
        assert len(stored) <= REPORT_LENGTH
        assert "\x00" not in stored
        assert client.get("/me/reports/").status_code == 200


def test_the_page_of_a_thread_is_the_same_for_everybody_who_is_not_signed_in(client: Client) -> None:
    answer = AnswerFactory(published=True)
    url = answer.question.get_absolute_url()
    before = client.get(url)
    ReportFactory(on=answer)
    after = Client().get(url)
    assert before.content == after.content
    assert "csrf" not in after.text
    assert not after.cookies


def test_a_second_opinion_is_called_one_and_a_co_signature_with_a_note_has_the_link(client, sign_in) -> None:
    given = SecondOpinionFactory(published=True, note="I see it daily.")
    link = f"/reports/new/?about=secondopinion-{given.pk}"
    assert f'href="{link}"' in client.get(given.answer.question.get_absolute_url()).text
    assert "<h1>Report a second opinion</h1>" in sign_in(UserFactory()).get(link).text
