"""Deciding together: each by itself, nothing lost, and put back where nobody has touched it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.audit import trail
from core.bulk import decide_all, undo, undoable
from core.enums import State
from core.models import AuditEntry, BulkAction
from core.moderation import UNDO, NotPossible, ReasonMissing, transition
from questions.models import Question
from questions.services import edit_question
from tests.factories import AnswerFactory, QuestionFactory, moderator

pytestmark = pytest.mark.django_db


def pending(number: int) -> list[Question]:
    sent = timezone.now() - timedelta(days=2)
    return [QuestionFactory(pending=True, submitted_at=sent) for _ in range(number)]


def seen(rows: list) -> list[tuple[int, int]]:
    return [(row.pk, row.version) for row in rows]


def states(rows: list) -> list[str]:
    return [type(row).objects.get(pk=row.pk).state for row in rows]


def test_each_is_decided_by_itself_with_a_row_of_its_own() -> None:
    """T-AD-01"""
    rows, by = pending(3), moderator()
    action, skipped = decide_all(
        Question, seen(rows), to=State.REJECTED, by=by, reason="Off topic.", code="off-topic"
    )
    assert states(rows) == [State.REJECTED] * 3
    assert skipped == []
    assert len(action.items) == 3
    for row in rows:
        entry = trail(row).get()
        assert (entry.actor, entry.action, entry.reason, entry.reason_code) == (
            by,
            "reject",
            "Off topic.",
            "off-topic",
        )


def test_ones_own_and_what_has_changed_are_left_and_named() -> None:
    by = moderator()
    fine, changed, gone = pending(3)
    own = QuestionFactory(pending=True, author=by)
    chosen = [*seen([fine, changed, own]), (gone.pk + 1000, 1)]
    edit_question(question=changed, by=changed.author, body="Something nobody has read yet, at some length.")
    action, skipped = decide_all(Question, chosen, to=State.PUBLISHED, by=by)
    assert states([fine, changed, own]) == [State.PUBLISHED, State.PENDING, State.PENDING]
    assert [item["id"] for item in action.items] == [fine.pk]
    why = dict(skipped)
    assert "changed this while" in why[changed.pk]
    assert "what they wrote" in why[own.pk]
    assert "gone" in why[gone.pk + 1000]


@pytest.mark.parametrize("to", [State.PUBLISHED, State.REJECTED])
def test_undone_they_wait_as_long_as_before_and_the_trail_says_so(to: State) -> None:
    rows, by = pending(3), moderator()
    before = [row.submitted_at for row in rows]
    action, _ = decide_all(Question, seen(rows), to=to, by=by, reason="A slip of the hand.")
    assert undoable(by) == action
    assert undo(action, model=Question, by=by) == (3, [])
    assert states(rows) == [State.PENDING] * 3
    fresh = [Question.objects.get(pk=row.pk) for row in rows]
    assert [row.submitted_at for row in fresh] == before
    assert {row.published_at for row in fresh} == {None}
    assert not Question.objects.public().exists()
    verb = "take back" if to == State.PUBLISHED else "reopen"
    assert trail(rows[0]).first().action == verb
    assert undoable(by) is None


def test_what_somebody_has_touched_since_stays_as_it_is() -> None:
    rows, by = pending(3), moderator()
    action, _ = decide_all(Question, seen(rows), to=State.PUBLISHED, by=by)
    edit_question(question=rows[0], by=rows[0].author, body="A better text of the same, at some length.")
    transition(Question.objects.get(pk=rows[1].pk), to=State.REMOVED, by=moderator(), reason="A name in it.")
    count, skipped = undo(action, model=Question, by=by)
    assert (count, sorted(pk for pk, _ in skipped)) == (1, sorted([rows[0].pk, rows[1].pk]))
    assert states(rows) == [State.PUBLISHED, State.REMOVED, State.PENDING]


def test_it_is_undone_once_in_time_and_by_whoever_did_it() -> None:
    rows, by = pending(1), moderator()
    action, _ = decide_all(Question, seen(rows), to=State.PUBLISHED, by=by)
    with pytest.raises(NotPossible):
        undo(action, model=Question, by=moderator())
    BulkAction.objects.filter(pk=action.pk).update(at=timezone.now() - UNDO - timedelta(seconds=1))
    with pytest.raises(NotPossible):
        undo(action, model=Question, by=by)
    BulkAction.objects.filter(pk=action.pk).update(at=timezone.now())
    undo(action, model=Question, by=by)
    entries = AuditEntry.objects.count()
    with pytest.raises(NotPossible):
        undo(action, model=Question, by=by)
    assert AuditEntry.objects.count() == entries


def test_a_version_that_was_public_by_a_slip_is_not_in_the_history(client) -> None:
    answer, by = AnswerFactory(pending=True, summary="Call me on the number below."), moderator()
    model = type(answer)
    action, _ = decide_all(model, seen([answer]), to=State.PUBLISHED, by=by)
    assert "Call me" in client.get(answer.question.get_absolute_url()).text
    undo(action, model=model, by=by)
    answer.refresh_from_db()
    model.objects.filter(pk=answer.pk).update(summary="It is a reasonable thing to do.")
    answer.refresh_from_db()
    transition(answer, to=State.PUBLISHED, by=by)
    assert "Call me" not in client.get(answer.question.get_absolute_url()).text
    assert "Call me" not in client.get(f"/answers/{answer.pk}/history/").text


def test_nothing_is_rejected_together_without_a_reason() -> None:
    """T-AD-06"""
    rows = pending(2)
    action, skipped = decide_all(Question, seen(rows), to=State.REJECTED, by=moderator())
    assert states(rows) == [State.PENDING] * 2
    assert action.items == []
    assert "give the author a reason" in skipped[0][1]
    with pytest.raises(ReasonMissing):
        transition(rows[0], to=State.REJECTED, by=moderator())
