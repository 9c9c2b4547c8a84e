"""Every state, every target, every kind of person: what the table allows happens, everything else changes nothing."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from answers.services import edit_answer
from core.audit import trail
from core.enums import Actor, State
from core.models import AuditEntry, Moderated
from core.moderation import TRANSITIONS, TransitionError, transition
from doctors.services import edit_profile
from questions.models import Question
from questions.services import edit_question
from tests.core.test_moderation import in_state
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    PortraitFactory,
    ProfileClaimFactory,
    QuestionFactory,
    ReviewEntryFactory,
    ReviewReplyFactory,
    SecondOpinionFactory,
    UserFactory,
    VisitProofFactory,
    moderator,
    senior,
    some_moderator,
)

pytestmark = pytest.mark.django_db
ROLES = ("author", "other", "moderator", "senior", "author who moderates", "inactive", "suspended author",
         "suspended moderator")  # fmt: skip
AUTHORS = {"author", "author who moderates", "suspended author"}
LATER = timedelta(days=3)


def person_for(role: str, question: Question) -> User:
    """Somebody in this role; where it takes it, the question becomes theirs."""
    if role == "author":
        return question.author
    made = {
        "other": UserFactory,
        "moderator": moderator,
        "senior": senior,
        "author who moderates": moderator,
        "inactive": lambda: moderator(is_active=False),
        "suspended author": lambda: UserFactory(suspended_until=timezone.now() + LATER),
        "suspended moderator": lambda: moderator(suspended_until=timezone.now() + LATER),
    }[role]()
    if role in AUTHORS:
        Question.objects.filter(pk=question.pk).update(author=made)
        question.refresh_from_db()
    return made


def may(role: str, before: State, to: State, *, sent_back: bool) -> bool:
    """The rule of the house, written a second time and without the code that keeps it."""
    edge = TRANSITIONS.get((before, to))
    if (
        edge is None or edge.within
    ):  # only who has just decided takes that back: tests/config/desk/test_bulk.py
        return False
    if edge.actor == Actor.AUTHOR and role in AUTHORS:
        return role != "suspended author" or to == State.WITHDRAWN
    decides = role in {"moderator", "senior"}
    return decides and (
        edge.actor == Actor.MODERATOR or (sent_back and (before, to) == (State.DRAFT, State.PENDING))
    )


@pytest.mark.parametrize(("before", "to"), list(itertools.product(State, State)))
def test_every_state_target_and_role(before: State, to: State) -> None:
    """T-AD-07, T-AZ-09"""
    for role, sent_back in itertools.product(ROLES, (False, True) if before == State.DRAFT else (False,)):
        question = in_state(before)
        if sent_back:
            decided = {"moderated_by": some_moderator(), "moderated_at": timezone.now()}
            Question.objects.filter(pk=question.pk).update(**decided)
        by = person_for(role, question)
        row = Question.objects.filter(pk=question.pk)
        was = row.values().get()
        if may(role, before, to, sent_back=sent_back):
            transition(question, to=to, by=by, reason="Because.")
            assert (question.state, trail(question).get().actor) == (to, by), role
            continue
        with pytest.raises(TransitionError):
            transition(question, to=to, by=by, reason="Because.")
        assert row.values().get() == was, role
        assert not trail(question).exists(), role


def test_every_decision_against_a_text_is_explained() -> None:
    """T-AD-06: not one step against a text, nor one that undoes such a step, goes without a reason."""
    for (before, to), edge in TRANSITIONS.items():
        if edge.actor == Actor.MODERATOR:
            assert edge.needs_reason or (before, to) == (State.PENDING, State.PUBLISHED)


def waiting_rows() -> dict[type[Moderated], Moderated]:
    """A pending row of every model that is moderated."""
    question, answer = QuestionFactory(published=True), AnswerFactory(published=True)
    doctor = DoctorFactory(published=True)
    rows = (
        QuestionFactory(pending=True),
        AnswerFactory(pending=True),
        SecondOpinionFactory(pending=True),
        DoctorFactory(pending=True),
        ProfileClaimFactory(pending=True),
        FactAskedFactory(pending=True),
        FactGivenFactory(pending=True),
        CaseFactory(pending=True),
        PortraitFactory(pending=True),
        ReviewEntryFactory(pending=True),
        ReviewReplyFactory(pending=True),
        VisitProofFactory(pending=True),
        edit_profile(doctor=doctor, by=doctor.user, fields={**doctor.text(), "bio": "Another word"}),
        edit_question(question=question, by=question.author, title="Another title for it"),
        edit_answer(answer=answer, by=answer.doctor.user, summary="Another summary of it"),
    )
    return {type(row): row for row in rows}


def test_the_database_publishes_nothing_that_nobody_decided_on() -> None:
    """T-AD-04: by bulk update or raw SQL, in every moderated table there is, from every state."""
    rows = waiting_rows()
    moderated = {model for model in apps.get_models() if issubclass(model, Moderated)}
    assert set(rows) == moderated
    for model, row in rows.items():
        refused(model, row)
        # Approved once and taken back by its author since: what stands in the row would do, but for the trigger.
        decided = {
            "moderated_by": some_moderator(),
            "moderated_at": timezone.now(),
            "published_at": timezone.now(),
        }
        model._base_manager.filter(pk=row.pk).update(state=State.WITHDRAWN, **decided)
        refused(model, row)


def refused(model: type[Moderated], row: Moderated) -> None:
    before = model._base_manager.values_list("state", flat=True).get(pk=row.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        model._base_manager.filter(pk=row.pk).update(state=State.PUBLISHED)
    table = connection.ops.quote_name(model._meta.db_table)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET state = 'published' WHERE id = %s", [row.pk])
    assert model._base_manager.values_list("state", flat=True).get(pk=row.pk) == before
    assert not AuditEntry.objects.filter(
        to_state=State.PUBLISHED, object_id=row.pk, object_type=model._meta.label_lower
    )
