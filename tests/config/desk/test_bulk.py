"""Ticking several things in the queue, and undoing what was decided about them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit import trail
from core.enums import State
from core.models import AuditEntry, BulkAction
from questions.models import Question
from questions.services import edit_question
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db
URL = "/admin/moderation/bulk/"


def choices(*rows, version: int = 1) -> list[str]:
    return [f"{row._meta.model_name}-{row.pk}-{version}" for row in rows]


def states(*rows) -> list[str]:
    return [type(row).objects.get(pk=row.pk).state for row in rows]


def test_several_are_published_and_put_back_from_the_queue(sign_in) -> None:
    rows = [QuestionFactory(pending=True) for _ in range(3)]
    client = sign_in(moderator())
    assert f'value="question-{rows[0].pk}-1"' in client.get("/admin/").text
    done = client.post(f"{URL}?kind=question", {"choice": choices(*rows), "to": "published"}, follow=True)
    assert done.redirect_chain == [("/admin/?kind=question", 302)]
    assert "Questions now “Published”: 3. You can undo this for 10 minutes." in done.text
    assert states(*rows) == [State.PUBLISHED] * 3
    action = BulkAction.objects.get()
    undone = client.post(f"/admin/moderation/bulk/{action.pk}/undo/", follow=True)
    assert "Questions back in the queue: 3." in undone.text
    assert states(*rows) == [State.PENDING] * 3
    assert "Undo it" not in undone.text
    assert [entry.action for entry in trail(rows[0])] == ["take back", "publish"]


def test_one_reason_reaches_every_author(sign_in) -> None:
    rows = [QuestionFactory(pending=True) for _ in range(2)]
    data = {"choice": choices(*rows), "to": "rejected", "reason_code": "spam", "reason": "Word for word."}
    sign_in(moderator()).post(URL, data)
    for row in rows:
        row.refresh_from_db()
        assert row.state == State.REJECTED
        assert row.moderation_reason.endswith("Word for word.")
        assert trail(row).get().reason_code == "spam"


def test_what_was_not_on_the_screen_is_left_and_named(sign_in) -> None:
    me = moderator()
    fine, changed = QuestionFactory(pending=True), QuestionFactory(pending=True)
    own = QuestionFactory(pending=True, author=me)
    edit_question(question=changed, by=changed.author, body="Something nobody has read yet, at some length.")
    client = sign_in(me)
    assert f'value="question-{own.pk}-' not in client.get("/admin/").text
    page = client.post(URL, {"choice": choices(fine, changed, own), "to": "published"}, follow=True).text
    assert f"Question {changed.pk} was left as it is. The author changed this" in page
    assert f"Question {own.pk} was left as it is. Nobody decides on what they wrote." in page
    assert states(fine, changed, own) == [State.PUBLISHED, State.PENDING, State.PENDING]


@pytest.mark.parametrize(
    ("make", "data", "said"),
    [
        (list, {"to": "published"}, "things of one kind first"),
        (
            lambda: [QuestionFactory(pending=True), AnswerFactory(pending=True)],
            {"to": "published"},
            "Choose things of one kind",
        ),
        (lambda: [QuestionFactory(pending=True)], {"to": "rejected"}, "choose the reason from the list"),
        (
            lambda: [QuestionFactory(pending=True)],
            {"to": "removed", "reason": "x"},
            "Everything that is ticked",
        ),
    ],
)
def test_what_cannot_be_done_together_is_said_in_the_queue(make, data: dict, said: str, sign_in) -> None:
    rows = make()
    response = sign_in(moderator()).post(URL, {"choice": choices(*rows), **data})
    assert response.status_code == 400
    assert said in response.text or not rows
    assert set(states(*rows)) <= {State.PENDING}
    assert not AuditEntry.objects.exists()
    if rows:
        assert "checked" in response.text


def test_edits_are_read_word_by_word(sign_in) -> None:
    question = QuestionFactory(published=True)
    revision = edit_question(question=question, by=question.author, title="A better title of it")
    client, data = sign_in(moderator()), {"choice": choices(revision, version=revision.version)}
    refused = client.post(URL, {**data, "to": "published"})
    assert "read word by word" in refused.text
    client.post(URL, {**data, "to": "rejected", "reason_code": "spam"})
    assert states(revision) == [State.REJECTED]


@pytest.mark.parametrize(
    "choice", ["question", "question-1", "report-1-1", "question-1-x", "x-1-1", "question-²-1"]
)
def test_hostile_choices_decide_nothing(choice: str, sign_in) -> None:
    QuestionFactory(pending=True)
    response = sign_in(moderator()).post(URL, {"choice": [choice], "to": "published"})
    assert response.status_code == 400
    assert not AuditEntry.objects.exists()


def test_somebody_elses_decision_is_not_undone(sign_in) -> None:
    question = QuestionFactory(pending=True)
    sign_in(moderator()).post(URL, {"choice": choices(question), "to": "published"})
    action = BulkAction.objects.get()
    other = sign_in(moderator())
    assert "Undo it" not in other.get("/admin/").text
    for person in (other, sign_in(UserFactory())):
        assert person.post(f"/admin/moderation/bulk/{action.pk}/undo/").status_code == 403
    assert Question.objects.get().state == State.PUBLISHED


def test_the_queue_with_an_undo_in_it_stays_within_its_queries(sign_in) -> None:
    rows = [QuestionFactory(pending=True) for _ in range(4)]
    client = sign_in(moderator())
    client.post(URL, {"choice": choices(*rows[:2]), "to": "published"})
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/admin/?after=question-{rows[0].pk}&author={rows[3].author.handle}")
    assert len(queries) <= 10
