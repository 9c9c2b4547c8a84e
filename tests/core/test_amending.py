"""Publishing what a moderator changed: both texts stay, and the author is told each change."""

from __future__ import annotations

import pytest

from core.amending import amend_and_publish, what_changed
from core.audit import trail
from core.enums import State
from core.models import Amendment
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale
from questions.services import edit_question
from tests.factories import QuestionFactory, moderator

pytestmark = pytest.mark.django_db
LABELS = {"title": "Title", "body": "Text"}
BODY = "I saw Dr Miller in Harbour Street. Is the swelling normal?"
BETTER = "I saw a doctor. Is the swelling normal?"


def amend(question, by, **more):
    given = {"fields": {"body": BETTER}, "reason": "No names, please.", "version": question.version} | more
    return amend_and_publish(question, by=by, labels=LABELS, prepare=lambda row: row.render(), **given)


def test_both_texts_are_kept_with_who_changed_it(client) -> None:
    question, by = QuestionFactory(pending=True, body=BODY), moderator()
    kept = amend(question, by)
    assert (kept.before, kept.after, kept.by, kept.version) == ({"body": BODY}, {"body": BETTER}, by, 1)
    assert (question.state, question.body, question.version) == (State.PUBLISHED, BETTER, 2)
    page = client.get(question.get_absolute_url()).text
    assert "I saw a doctor." in page
    assert "Miller" not in page
    assert question.revisions.get().body == BETTER


def test_the_author_is_told_what_was_changed_and_why() -> None:
    question = QuestionFactory(pending=True, body=BODY)
    amend(question, moderator())
    assert question.moderation_reason == (
        "A moderator changed this before it was published.\n"
        "Text: “Dr Miller in Harbour Street” became “a doctor”\n\nNo names, please."
    )
    assert [entry.action for entry in trail(question)] == ["publish"]


def test_much_changed_is_told_in_few_lines() -> None:
    before = " ".join(f"word{n} same" for n in range(40))
    after = " ".join(f"other{n} same" for n in range(40))
    told = what_changed({"body": before}, {"body": after}, LABELS).splitlines()
    assert len(told) == 14
    assert told[-1] == "and 28 more"
    assert "…" in what_changed({"body": "x"}, {"body": "y " * 300}, LABELS)
    assert "put in “y”" in what_changed({"body": "a b"}, {"body": "a y b"}, LABELS)
    assert "taken out “y”" in what_changed({"body": "a y b"}, {"body": "a b"}, LABELS)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"reason": " \n"}, ReasonMissing),
        ({"fields": {"body": BODY}}, NotPossible),
        ({"version": 7}, Stale),
    ],
)
def test_what_is_incomplete_changes_nothing(more: dict, error: type[Exception]) -> None:
    question = QuestionFactory(pending=True, body=BODY)
    with pytest.raises(error):
        amend(question, moderator(), **more)
    question.refresh_from_db()
    assert (question.state, question.body) == (State.PENDING, BODY)
    assert not Amendment.objects.exists()


def test_nobody_publishes_their_own_words_this_way() -> None:
    """T-AZ-09"""
    by = moderator()
    question = QuestionFactory(pending=True, author=by, body=BODY)
    with pytest.raises(NotPermitted):
        amend(question, by)
    question.refresh_from_db()
    assert (question.state, question.body) == (State.PENDING, BODY)


def test_a_text_its_author_changed_meanwhile_is_not_published() -> None:
    """T-RC-03"""
    question = QuestionFactory(pending=True, body=BODY)
    edit_question(question=question, by=question.author, body="Another text, and nobody has read it yet.")
    with pytest.raises(Stale):
        amend(question, moderator(), version=1)
    question.refresh_from_db()
    assert question.state == State.PENDING
