"""The one door: every pair of states, every kind of person, and what is left behind."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from answers.models import FactAsked, FactGiven, SecondOpinion
from core.audit import trail
from core.enums import Actor, State
from core.models import AuditEntry
from core.moderation import (
    TRANSITIONS,
    UNDO,
    NotPermitted,
    NotPossible,
    ReasonMissing,
    Stale,
    edges_for,
    transition,
)
from doctors.models import Doctor
from questions.models import Question
from tests.factories import (
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    QuestionFactory,
    SecondOpinionFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
TRAITS = {
    State.DRAFT: {},
    State.PENDING: {"pending": True},
    State.PUBLISHED: {"published": True},
    State.REJECTED: {"rejected": True},
    State.REMOVED: {"removed": True},
    State.WITHDRAWN: {"withdrawn": True},
}


def in_state(state: State) -> Question:
    return QuestionFactory(**TRAITS[state])


@pytest.mark.parametrize(("before", "to"), list(itertools.product(State, State)))
def test_only_steps_of_the_table_can_be_taken(before: State, to: State) -> None:
    question = in_state(before)
    edge = TRANSITIONS.get((before, to))
    decider = moderator()
    by = question.author if edge and edge.actor == Actor.AUTHOR else decider
    if edge and edge.within:
        by = question.moderated_by
    if edge is None:
        with pytest.raises(NotPossible):
            transition(question, to=to, by=by, reason="Because.")
        assert Question.objects.get(pk=question.pk).state == before
        assert not trail(question).exists()
    else:
        transition(question, to=to, by=by, reason="Because.")
        assert question.state == to
        entry = trail(question).get()
        assert (entry.actor, entry.from_state, entry.to_state, entry.action) == (by, before, to, edge.verb)


@pytest.mark.parametrize(("before", "to"), list(TRANSITIONS))
def test_strangers_take_no_step_at_all(before: State, to: State) -> None:
    question = in_state(before)
    with pytest.raises(NotPermitted):
        transition(question, to=to, by=UserFactory(), reason="Because.")


@pytest.mark.parametrize(
    ("step", "edge"), [(s, e) for s, e in TRANSITIONS.items() if e.actor == Actor.MODERATOR]
)
def test_authors_never_decide_on_their_own_text(step: tuple[State, State], edge: object) -> None:
    """T-AZ-09: also not when they are moderators, or administrators."""
    question = in_state(step[0])
    for by in (question.author, moderator(), UserFactory(is_superuser=True)):
        Question.objects.filter(pk=question.pk).update(author=by)
        question.refresh_from_db()
        with pytest.raises(NotPermitted):
            transition(question, to=step[1], by=User.objects.get(pk=by.pk), reason="Because.")


@pytest.mark.parametrize("step", [s for s, e in TRANSITIONS.items() if e.needs_reason])
def test_decisions_against_a_text_need_a_reason(step: tuple[State, State]) -> None:
    """T-AD-06"""
    question = in_state(step[0])
    with pytest.raises(ReasonMissing):
        transition(question, to=step[1], by=moderator(), reason="  \n ")
    assert not AuditEntry.objects.exists()


def test_a_decision_names_the_version_it_was_made_about() -> None:
    """T-RC-03"""
    question = in_state(State.PENDING)
    Question.objects.filter(pk=question.pk).update(version=2)
    with pytest.raises(Stale):
        transition(question, to=State.PUBLISHED, by=moderator(), version=1)
    assert Question.objects.get(pk=question.pk).state == State.PENDING


def test_an_account_that_was_closed_decides_nothing() -> None:
    by = moderator()
    User.objects.filter(pk=by.pk).update(is_active=False)
    with pytest.raises(NotPermitted):
        transition(in_state(State.PENDING), to=State.PUBLISHED, by=User.objects.get(pk=by.pk))


def test_what_may_be_done_is_offered_to_those_who_may() -> None:
    question = in_state(State.PENDING)
    assert set(edges_for(question, moderator())) == {State.PUBLISHED, State.DRAFT, State.REJECTED}
    assert set(edges_for(question, question.author)) == {State.WITHDRAWN}
    assert edges_for(question, UserFactory()) == {}


def test_the_second_moderator_is_told_who_was_first() -> None:
    question = in_state(State.PENDING)
    first = moderator(handle="first-mod")
    transition(question, to=State.PUBLISHED, by=first)
    with pytest.raises(NotPossible, match="first-mod"):
        transition(question, to=State.REJECTED, by=moderator(), reason="No.")


def test_the_first_publication_date_survives_removal_and_restoration() -> None:
    question = in_state(State.PENDING)
    by = moderator()
    transition(question, to=State.PUBLISHED, by=by)
    first = question.published_at
    transition(question, to=State.REMOVED, by=by, reason="Reported.")
    transition(question, to=State.PUBLISHED, by=by, reason="The report was wrong.")
    assert question.published_at == first
    assert question.revisions.count() == 1


def test_what_was_just_published_is_taken_back_by_whoever_did_it_and_only_for_a_while() -> None:
    question, by = in_state(State.PENDING), moderator()
    transition(question, to=State.PUBLISHED, by=by)
    with pytest.raises(NotPossible, match="Only whoever decided"):
        transition(question, to=State.PENDING, by=moderator(), reason="A slip.")
    sent = question.submitted_at
    transition(question, to=State.PENDING, by=by, reason="A slip.")
    assert (question.state, question.published_at, question.submitted_at) == (State.PENDING, None, sent)
    assert not question.revisions.filter(state=State.PUBLISHED).exists()
    transition(question, to=State.PUBLISHED, by=by)
    Question.objects.filter(pk=question.pk).update(moderated_at=timezone.now() - UNDO - timedelta(seconds=1))
    with pytest.raises(NotPossible, match="not any more"):
        transition(question, to=State.PENDING, by=by, reason="A slip.")
    assert State.PENDING not in edges_for(question, by)


def a_doctor_who_moderates() -> tuple[Doctor, User]:
    person = moderator()
    return DoctorFactory(verified=True, user=person), person


def reply_to_what_they_asked() -> tuple[FactGiven, User]:
    doctor, person = a_doctor_who_moderates()
    return FactGivenFactory(pending=True, asked__doctor=doctor), person


def asked_of_themselves() -> tuple[FactAsked, User]:
    person = moderator()
    return FactAskedFactory(pending=True, question__author=person), person


def said_of_their_answer() -> tuple[SecondOpinion, User]:
    doctor, person = a_doctor_who_moderates()
    return SecondOpinionFactory(pending=True, dispute=True, answer__doctor=doctor), person


@pytest.mark.parametrize("make", [reply_to_what_they_asked, asked_of_themselves, said_of_their_answer])
def test_who_is_a_party_to_it_does_not_decide(make, sign_in) -> None:
    thing, party = make()
    desk = f"/admin/moderation/{thing._meta.model_name}/{thing.pk}/"
    assert "have a part in it: another moderator decides" in sign_in(party).get(desk).content.decode()
    for to in (State.PUBLISHED, State.REJECTED, State.DRAFT):
        with pytest.raises(NotPermitted, match="You have a part in this"):
            transition(thing, to=to, by=party, reason="Why.")
    transition(thing, to=State.PUBLISHED, by=moderator())
    assert thing.state == State.PUBLISHED
    with pytest.raises(NotPermitted):
        transition(thing, to=State.REMOVED, by=party, reason="Why.")
