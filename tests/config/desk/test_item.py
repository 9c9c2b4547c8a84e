"""The screen of one item: everything one needs to decide, and the decision."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answers.services import edit_answer
from config.desk.reasons import REASONS
from core.audit import trail
from core.enums import State
from core.models import AuditEntry
from questions.services import edit_question
from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
POLYGLOT = "\"'></textarea></script><img src=x onerror=window.zq9=1><svg/onload=zq9=1>{{7*7}}"


def url_of(obj) -> str:
    return reverse("admin:moderation_item", args=[obj._meta.model_name, obj.pk])


def test_publishing_leads_to_the_next_item(sign_in) -> None:
    first, second = QuestionFactory(pending=True), QuestionFactory(pending=True)
    person = moderator()
    response = sign_in(person).post(url_of(first), {"to": "published", "version": 1})
    first.refresh_from_db()
    assert first.state == State.PUBLISHED
    assert first.moderated_by == person
    assert response["Location"] == url_of(second)
    assert [entry.action for entry in trail(first)] == ["publish"]


def test_the_last_decision_leads_back_to_the_queue_with_its_filters(sign_in) -> None:
    question = QuestionFactory(pending=True)
    response = sign_in(moderator()).post(
        f"{url_of(question)}?kind=question", {"to": "published", "version": 1}
    )
    assert response["Location"] == "/admin/?kind=question"


@pytest.mark.parametrize(("to", "state"), [("draft", State.DRAFT), ("rejected", State.REJECTED)])
def test_the_author_is_given_the_reason(to: str, state: str, sign_in) -> None:
    question = QuestionFactory(pending=True)
    data = {"to": to, "version": 1, "reason_code": "several", "reason": "Start with the laser."}
    sign_in(moderator()).post(url_of(question), data)
    question.refresh_from_db()
    assert question.state == state
    assert question.moderation_reason == f"{REASONS['several'].sentence}\n\nStart with the laser."


def test_a_reason_is_demanded_and_what_was_typed_stays(sign_in) -> None:
    """T-AD-06"""
    question = QuestionFactory(pending=True)
    response = sign_in(moderator()).post(url_of(question), {"to": "rejected", "version": 1, "reason": "  "})
    question.refresh_from_db()
    assert response.status_code == 400
    assert "choose the reason from the list" in response.text
    assert question.state == State.PENDING


def test_a_made_up_reason_code_is_refused(sign_in) -> None:
    question = QuestionFactory(pending=True)
    response = sign_in(moderator()).post(
        url_of(question), {"to": "rejected", "version": 1, "reason_code": "negative", "reason": "typed this"}
    )
    question.refresh_from_db()
    assert response.status_code == 400
    assert "typed this" in response.text
    assert question.state == State.PENDING


def test_nothing_is_decided_about_a_text_that_has_changed(sign_in) -> None:
    """T-RC-03"""
    question = QuestionFactory(pending=True)
    edit_question(question=question, by=question.author, body="Something nobody has read yet.")
    response = sign_in(moderator()).post(
        url_of(question),
        {"to": "rejected", "version": 1, "reason_code": "unclear", "reason": "My careful reasons"},
    )
    question.refresh_from_db()
    assert response.status_code == 409
    assert question.state == State.PENDING
    assert "changed this while you were reading" in response.text
    assert "My careful reasons" in response.text
    assert "Something nobody has read yet." in response.text
    assert f'name="version" value="{question.version}"' in response.text


def test_the_second_moderator_is_told_who_decided(sign_in) -> None:
    """T-RC-02"""
    question = QuestionFactory(pending=True)
    sign_in(moderator(handle="quick-one")).post(url_of(question), {"to": "published", "version": 1})
    response = sign_in(moderator()).post(
        url_of(question), {"to": "rejected", "version": 1, "reason": "Off topic"}
    )
    question.refresh_from_db()
    assert response.status_code == 409
    assert "by quick-one" in response.text
    assert question.state == State.PUBLISHED
    assert trail(question).count() == 1


def test_nobody_decides_on_their_own(sign_in) -> None:
    """T-AZ-09"""
    person = moderator()
    question = QuestionFactory(pending=True, author=person)
    client = sign_in(person)
    page = client.get(url_of(question)).text
    assert "another moderator decides" in page
    assert 'name="to"' not in page
    response = client.post(url_of(question), {"to": "published", "version": 1})
    question.refresh_from_db()
    assert response.status_code == 403
    assert question.state == State.PENDING


def test_something_public_is_removed_and_restored_with_reasons(sign_in) -> None:
    answer = AnswerFactory(published=True)
    client = sign_in(moderator())
    data = {"version": 1, "reason": "Names a patient."}
    response = client.post(url_of(answer), {"to": "removed", **data, "reason_code": "private"})
    answer.refresh_from_db()
    assert (answer.state, response["Location"]) == (State.REMOVED, url_of(answer))
    client.post(
        url_of(answer), {"to": "published", **data, "reason": "The name is gone.", "reason_code": "resolved"}
    )
    answer.refresh_from_db()
    assert answer.state == State.PUBLISHED
    assert [entry.reason for entry in trail(answer)] == [
        f"{REASONS['resolved'].sentence}\n\nThe name is gone.",
        f"{REASONS['private'].sentence}\n\nNames a patient.",
    ]


def test_an_edit_is_shown_word_by_word_and_escaped(sign_in) -> None:
    """T-IN-02"""
    question = QuestionFactory(published=True, body="I had swelling for two days.")
    revision = edit_question(
        question=question, by=question.author, body=f"I had swelling for nine days. {POLYGLOT}"
    )
    page = sign_in(moderator()).get(url_of(revision)).text
    assert "<del>two</del><ins>nine</ins>" in page
    assert "<img" not in page
    assert "<svg/onload" not in page
    assert "&lt;img src=x" in page


def test_an_approved_edit_replaces_what_readers_see(sign_in) -> None:
    answer = AnswerFactory(published=True)
    revision = edit_answer(answer=answer, by=answer.doctor.user, summary="I have changed my mind.")
    sign_in(moderator()).post(url_of(revision), {"to": "published", "version": revision.version})
    answer.refresh_from_db()
    assert answer.summary == "I have changed my mind."


def test_a_version_that_was_public_is_not_removed_by_itself(sign_in) -> None:
    answer = AnswerFactory(published=True)
    revision = edit_answer(answer=answer, by=answer.doctor.user, summary="I have changed my mind.")
    client = sign_in(moderator())
    client.post(url_of(revision), {"to": "published", "version": revision.version})
    response = client.post(
        url_of(revision), {"to": "removed", "version": revision.version, "reason": "x", "reason_code": "spam"}
    )
    revision.refresh_from_db()
    assert response.status_code == 409
    assert revision.state == State.PUBLISHED


def test_reopening_an_edit_while_another_waits_is_explained(sign_in) -> None:
    answer = AnswerFactory(published=True)
    client, author = sign_in(moderator()), answer.doctor.user
    first = edit_answer(answer=answer, by=author, summary="First attempt.")
    client.post(url_of(first), {"to": "rejected", "version": first.version, "reason_code": "stance"})
    edit_answer(answer=answer, by=author, summary="Second attempt.")
    response = client.post(
        url_of(first), {"to": "pending", "version": first.version, "reason_code": "mistake"}
    )
    assert response.status_code == 409
    assert "Another edit of the same text waits" in response.text


def test_the_words_that_raised_a_flag_are_shown(sign_in) -> None:
    botox = TreatmentFactory(name="Botox", slug="botox")
    question = QuestionFactory(pending=True, treatment=botox, body="Since today I have trouble swallowing.")
    page = sign_in(moderator()).get(url_of(question)).text
    assert "swallowing" in page
    assert "trouble swallowing" in page
    assert '<q dir="auto">trouble swallowing</q>' in page


def test_an_answer_is_read_with_its_question_and_its_authors_record(sign_in) -> None:
    answer = AnswerFactory(pending=True, question__title="What it is about", question__published=True)
    AnswerFactory(published=True, doctor=answer.doctor)
    AnswerFactory(rejected=True, doctor=answer.doctor)
    page = sign_in(moderator()).get(url_of(answer)).text
    assert "What it is about" in page
    assert "1 published, 1 waiting, 1 rejected, 0 removed" in page
    assert answer.doctor.user.handle in page
    assert answer.doctor.user.email not in page


@pytest.mark.parametrize("factory", [QuestionFactory, AnswerFactory])
def test_hostile_text_is_only_text(factory, sign_in) -> None:
    """T-IN-02"""
    texts = (
        {"title": POLYGLOT, "alias": POLYGLOT[:40]} if factory is QuestionFactory else {"summary": POLYGLOT}
    )
    row = factory(pending=True, body_html="<p>clean</p>", **texts)
    client = sign_in(moderator())
    for page in (
        "/admin/",
        url_of(row),
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist"),
    ):
        text = client.get(page).text
        assert "<img src=x" not in text
        assert "<svg/onload" not in text


def test_nothing_is_inline_on_the_screens(sign_in) -> None:
    question = QuestionFactory(pending=True)
    client = sign_in(moderator())
    for page in ("/admin/", url_of(question)):
        text = client.get(page).text
        for inline in ("style=", "<style", "onclick=", "javascript:"):
            assert inline not in text


def test_a_screen_costs_the_same_number_of_queries_whatever_stands_around_it(sign_in) -> None:
    answer = AnswerFactory(pending=True)
    QuestionFactory(pending=True)
    client = sign_in(moderator())
    client.get(url_of(answer))
    with CaptureQueriesContext(connection) as few:
        client.get(url_of(answer))
    for _ in range(6):
        AnswerFactory(pending=True, doctor=answer.doctor)
        AnswerFactory(published=True, question=answer.question)
        QuestionFactory(published=True, treatment=answer.question.treatment)
    with CaptureQueriesContext(connection) as many:
        client.get(url_of(answer))
    assert len(many) == len(few) <= 23


def test_a_form_without_its_version_decides_nothing(sign_in) -> None:
    question = QuestionFactory(pending=True)
    client = sign_in(moderator())
    for data in ({"to": "published"}, {"to": "published", "version": "x"}, {"to": "gone", "version": 1}, {}):
        assert client.post(url_of(question), data).status_code == 400
    assert not AuditEntry.objects.exists()


def test_a_second_opinion_is_read_beside_the_answer_it_is_about_and_decided(sign_in, client) -> None:
    given = SecondOpinionFactory(pending=True, dispute=True, answer__summary="It is quite harmless.")
    person = moderator()
    queries, desk = CaptureQueriesContext(connection), sign_in(person)
    assert given.note in desk.get("/admin/").text
    with queries:
        page = desk.get(url_of(given)).text
    assert len(queries) <= 23
    for words in (
        given.note,
        "It is quite harmless.",
        "reason: safety",
        "about version 1",
        str(given.doctor),
    ):
        assert words in page
    assert "Second opinions: 0 published, 1 waiting" in page
    desk.post(url_of(given), {"to": "published", "version": 1})
    given.refresh_from_db()
    assert (given.state, given.moderated_by) == (State.PUBLISHED, person)
    assert given.author_snapshot == given.doctor.snapshot()
    assert given.note in client.get(given.answer.question.get_absolute_url()).text


def test_nobody_decides_on_their_own_second_opinion(sign_in) -> None:
    person = moderator()
    given = SecondOpinionFactory(pending=True, doctor__user=person)
    assert sign_in(person).post(url_of(given), {"to": "published", "version": 1}).status_code == 403
