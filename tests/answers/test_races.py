"""Several people at once, on real connections: the database settles it (T-RC-01, T-RC-02)."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from answers.facts import ask_fact, decline_fact, give_fact
from answers.models import (
    AcceptedAnswer,
    Answer,
    FactAsked,
    FactGiven,
    HelpfulVote,
    SecondOpinion,
    Thread,
    UseCount,
    UsePosition,
)
from answers.opinions import change_opinion, give_opinion
from answers.services import (
    accept_answer,
    answer_question,
    confirm_answer,
    edit_answer,
    mark_helpful,
    withdraw_answer,
)
from core.models import AuditEntry
from core.moderation import Stale, TransitionError, transition
from questions.keeping import follow, keep_question
from questions.models import Follow, Question, SavedQuestion
from questions.permissions import WAITING_AT_MOST
from questions.services import (
    TooManyWaiting,
    ask_question,
    edit_question,
    mark_duplicate,
    mark_variant,
    reclassify,
    withdraw_question,
)
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def test_one_person_clicking_many_times_votes_once() -> None:
    answer = AnswerFactory(published=True)
    reader = UserFactory()
    at_once(*[lambda: mark_helpful(answer=answer, by=reader, helpful=True)] * PEOPLE)
    answer.refresh_from_db()
    assert HelpfulVote.objects.count() == answer.helpful_count == 1


def test_votes_of_many_people_are_all_counted() -> None:
    answer = AnswerFactory(published=True)
    readers = [UserFactory() for _ in range(PEOPLE)]
    at_once(*[lambda r=r: mark_helpful(answer=answer, by=r, helpful=True) for r in readers])
    answer.refresh_from_db()
    assert HelpfulVote.objects.count() == answer.helpful_count == PEOPLE
    assert Thread.objects.get(pk=answer.question_id).helpful_count == PEOPLE


def test_a_form_sent_many_times_makes_one_question() -> None:
    asker, treatment, key = UserFactory(), TreatmentFactory(), uuid.uuid4()
    results = at_once(
        *[
            lambda: ask_question(
                by=asker, submission_key=key, treatment=treatment, title="Is it safe?", body="Well?"
            )
        ]
        * PEOPLE
    )
    assert Question.objects.count() == 1
    assert {result.pk for result in results} == {Question.objects.get().pk}


def test_one_doctor_sending_twice_answers_once() -> None:
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    fields = {"stance": "supports", "confidence": "high", "summary": "Yes.", "body": "Yes, mostly."}
    results = at_once(*[lambda: answer_question(question=question, by=doctor.user, **fields)] * PEOPLE)
    assert Answer.objects.count() == 1
    assert {result.pk for result in results} == {Answer.objects.get().pk}


@pytest.mark.parametrize("round_", range(5))
def test_of_two_moderators_one_decides(round_: int) -> None:
    question = QuestionFactory(pending=True)
    one, other = moderator(), moderator()
    results = at_once(
        lambda: transition(question, to="published", by=one),
        lambda: transition(Question.objects.get(pk=question.pk), to="rejected", by=other, reason="No."),
    )
    assert sum(isinstance(result, TransitionError) for result in results) == 1
    assert AuditEntry.objects.filter(object_type="questions.question").count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_what_is_approved_is_what_was_seen(round_: int) -> None:
    """The author edits while a moderator approves: the text seen is published, or nothing is."""
    question = QuestionFactory(pending=True)
    seen, version, by = question.body, question.version, moderator()
    at_once(
        lambda: transition(Question.objects.get(pk=question.pk), to="published", by=by, version=version),
        lambda: edit_question(
            question=question, by=question.author, title="Something else?", body="Quite other."
        ),
    )
    question.refresh_from_db()
    assert question.state == "pending" or question.body == seen


@pytest.mark.parametrize("round_", range(8))
def test_an_edit_that_is_replaced_while_it_is_approved_makes_nobody_wait_for_ever(round_: int) -> None:
    """Both lock the question and its edit, in the same order; crosswise, PostgreSQL would end one of them."""
    question, by = QuestionFactory(published=True), moderator()
    revision = edit_question(question=question, by=question.author, body="First try.")
    results = at_once(
        lambda: transition(revision, to="published", by=by, version=revision.version),
        lambda: edit_question(question=question, by=question.author, body="Second try."),
        lambda: withdraw_question(question=question, by=question.author),
    )
    failed = [error for error in results if isinstance(error, Exception)]
    assert all(isinstance(error, TransitionError | PermissionDenied) for error in failed)


def test_one_answer_settles_a_thread() -> None:
    question = QuestionFactory(published=True)
    answers = [AnswerFactory(published=True, question=question) for _ in range(4)]
    at_once(*[lambda a=a: accept_answer(answer=a, by=question.author, accepted=True) for a in answers])
    assert AcceptedAnswer.objects.count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_two_moderators_linking_crosswise_make_no_circle(round_: int) -> None:
    one, other = QuestionFactory(published=True), QuestionFactory(published=True)
    first, second = moderator(), moderator()
    results = at_once(
        lambda: mark_duplicate(question=one, canonical=other, by=first, reason="The same."),
        lambda: mark_duplicate(
            question=Question.objects.get(pk=other.pk), canonical=one, by=second, reason="The same."
        ),
    )
    assert sum(isinstance(result, TransitionError) for result in results) == 1
    assert Question.objects.duplicates().count() == 1
    assert Thread.objects.count() == Question.objects.public().count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_links_made_at_once_never_become_a_chain(round_: int) -> None:
    """Three threads in a row and a variant, four moderators: whoever comes second finds it changed, or the end."""
    a, b, c, d = (QuestionFactory(published=True) for _ in range(4))
    by = [moderator() for _ in range(4)]
    results = at_once(
        lambda: mark_duplicate(question=a, canonical=b, by=by[0], reason="The same."),
        lambda: mark_duplicate(
            question=Question.objects.get(pk=b.pk), canonical=c, by=by[1], reason="The same."
        ),
        lambda: mark_variant(question=d, canonical=b, by=by[2], difference="Another case."),
        lambda: mark_duplicate(
            question=Question.objects.get(pk=c.pk), canonical=a, by=by[3], reason="The same."
        ),
    )
    assert all(isinstance(result, Question | TransitionError) for result in results), results
    linked = Question.objects.filter(duplicate_of__isnull=False) | Question.objects.filter(
        variant_of__isnull=False
    )
    for question in linked:
        end = question.duplicate_of or question.variant_of
        assert end.is_public
        assert not end.is_linked
    assert Thread.objects.count() == Question.objects.public().count()


@pytest.mark.parametrize("round_", range(5))
def test_no_answer_is_published_out_of_sight_while_its_question_is_linked(round_: int) -> None:
    answer, canonical = AnswerFactory(pending=True), QuestionFactory(published=True)
    at_once(
        lambda: transition(answer, to="published", by=moderator()),
        lambda: mark_duplicate(question=answer.question, canonical=canonical, by=moderator(), reason="Same."),
    )
    answer = Answer.objects.get(pk=answer.pk)
    assert not (answer.state == "published" and answer.question.duplicate_of_id)


@pytest.mark.parametrize("round_", range(5))
def test_publishing_an_answer_and_linking_its_question_do_not_wait_for_each_other(round_: int) -> None:
    answer, canonical = AnswerFactory(pending=True), QuestionFactory(published=True)
    results = at_once(
        lambda: transition(answer, to="published", by=moderator()),
        lambda: mark_duplicate(question=answer.question, canonical=canonical, by=moderator(), reason="Same."),
    )
    assert not any(isinstance(result, DatabaseError) for result in results), results


def over_a_use(use, doctor, days: int, **fields: Any) -> Answer:
    """An answer of a doctor in a thread of its own, whose position is so many days old."""
    then = timezone.now() - timedelta(days=days)
    question = QuestionFactory(published=True, treatment=use.treatment, use=use)
    given = {"answered_at": then, "summary": f"{days} days ago."} | fields
    return AnswerFactory(question=question, doctor=doctor, **given)


def positions_kept() -> list[Any]:
    kept = sorted(UsePosition.objects.values_list("use", "doctor", "is_answer", "answer", "stance", "at"))
    return [*kept, *sorted(UseCount.objects.filter(threads__gt=0).values_list())]


def assert_nothing_was_lost(results: list[Any]) -> None:
    assert not any(isinstance(result, Exception) for result in results), results
    kept = positions_kept()
    UsePosition.objects.all().delete()
    call_command("reindex", verbosity=0)
    assert positions_kept() == kept


@pytest.mark.parametrize("round_", range(5))
def test_decisions_on_threads_of_one_use_at_once_leave_everybodys_latest_position(round_: int) -> None:
    """Two doctors, whose answers are decided on in opposite order; what is withdrawn gives way to what came between."""
    use, by = UseFactory(), [moderator() for _ in range(4)]
    doctors = [DoctorFactory(verified=True) for _ in range(2)]
    for doctor in doctors:
        over_a_use(use, doctor, 9, published=True)
    latest = [over_a_use(use, doctor, 1, published=True) for doctor in doctors]
    between = [over_a_use(use, doctor, 5, pending=True, stance="exam") for doctor in reversed(doctors)]
    Answer.objects.filter(pk__in=[answer.pk for answer in latest]).update(confirmed_at=timezone.now())
    results = at_once(
        *[lambda a=a: withdraw_answer(answer=a, by=a.doctor.user) for a in latest],
        *[lambda a=a, b=b: transition(a, to="published", by=b) for a, b in zip(between, by, strict=False)],
    )
    assert_nothing_was_lost(results)
    assert set(UsePosition.objects.values_list("stance", flat=True)) == {"exam"}
    assert UseCount.objects.get(use=use).threads == 6


@pytest.mark.parametrize("round_", range(5))
def test_confirming_answering_and_seconding_at_once_leave_the_latest_position(round_: int) -> None:
    use, by, doctor = UseFactory(), moderator(), DoctorFactory(verified=True)
    old = [over_a_use(use, doctor, days, published=True, confirmed_at=None) for days in (30, 20, 10)]
    waiting = [over_a_use(use, doctor, days, pending=True) for days in (3, 2)]
    other = over_a_use(use, DoctorFactory(verified=True), 1, published=True)
    opinion = SecondOpinionFactory(pending=True, doctor=doctor, answer=other)
    results = at_once(
        *[lambda a=a: confirm_answer(answer=a, by=doctor.user) for a in old],
        *[lambda a=a: transition(a, to="published", by=by) for a in waiting],
        lambda: transition(opinion, to="published", by=by),
    )
    assert_nothing_was_lost(results)


@pytest.mark.parametrize("round_", range(3))
def test_threads_filed_elsewhere_and_taken_down_at_once_are_counted_where_they_are(round_: int) -> None:
    use, by = UseFactory(), moderator()
    other = UseFactory(treatment=use.treatment)
    doctor = DoctorFactory(verified=True)
    questions = [over_a_use(use, doctor, days, published=True).question for days in range(1, 7)]
    for question in questions:
        question.refresh_from_db()

    def file(question: Question) -> Question:
        given = {"treatment": use.treatment, "use": other, "version": question.version}
        return reclassify(question=question, by=by, reason="There.", **given)

    results = at_once(
        *[lambda q=q: file(q) for q in questions[:4]],
        *[lambda q=q: transition(q, to="removed", by=by, reason="x") for q in questions[4:]],
    )
    assert_nothing_was_lost(results)
    assert dict(UseCount.objects.values_list("use", "threads")) == {other.pk: 4}


def test_who_follows_while_it_is_linked_follows_something() -> None:
    question, canonical, reader = (
        QuestionFactory(published=True),
        QuestionFactory(published=True),
        UserFactory(),
    )
    results = at_once(
        lambda: mark_duplicate(question=question, canonical=canonical, by=moderator(), reason="The same."),
        lambda: follow(by=reader, question=canonical),
        lambda: follow(by=reader, question=question),
    )
    assert not any(isinstance(result, Exception) for result in results[:2]), results
    assert isinstance(results[2], Follow | PermissionDenied), (
        "followed in time and moved, or told that it is no thread"
    )
    assert Follow.objects.filter(user=reader).get().question == canonical


def test_two_tabs_of_one_doctor_give_one_second_opinion() -> None:
    answer, doctor = AnswerFactory(published=True), DoctorFactory(verified=True)
    dispute = {"kind": "dispute", "stance": "exam", "reason": "goal", "note": "It depends."}
    results = at_once(
        *[lambda: give_opinion(answer=answer, by=doctor.user, about=1, kind="cosign")] * (PEOPLE // 2),
        *[lambda: give_opinion(answer=answer, by=doctor.user, about=1, **dispute)] * (PEOPLE // 2),
    )
    given = SecondOpinion.objects.get()
    assert {result.pk for result in results} == {given.pk}
    assert AuditEntry.objects.filter(object_type="answers.secondopinion").count() == 1


def test_two_tabs_ask_one_fact_and_whoever_declines_and_answers_at_once_has_one_reply() -> None:
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    asker = question.author
    results = at_once(
        *[lambda: ask_fact(question=question, by=doctor.user, text="How old?")] * 2,
        *[lambda: ask_fact(question=question, by=doctor.user, text="Since when?")] * 2,
    )
    asked = FactAsked.objects.get()
    assert {result.pk for result in results} == {asked.pk}
    transition(asked, to="published", by=moderator())
    replies = at_once(
        lambda: give_fact(asked=asked, by=asker, text="Forty."),
        lambda: give_fact(asked=asked, by=asker, text="Forty."),
        lambda: decline_fact(asked=asked, by=asker),
    )
    assert {reply.pk for reply in replies} == {FactGiven.objects.get().pk}
    assert FactGiven.objects.get().state in {"pending", "withdrawn"}


@pytest.mark.parametrize("round_", range(5))
def test_a_co_signature_is_never_of_a_version_its_doctor_did_not_read(round_: int) -> None:
    """A new version is approved meanwhile: the co-signature holds what the first said, or nothing at all."""
    answer, doctor, by = AnswerFactory(published=True), DoctorFactory(verified=True), moderator()
    answer.keep_version(timezone.now())
    words = {"stance": "against", "reason": "safety", "summary": "No."}
    edit = edit_answer(answer=answer, by=answer.doctor.user, **words)
    results = at_once(
        lambda: transition(edit, to="published", by=by),
        lambda: give_opinion(answer=answer, by=doctor.user, about=1, kind="cosign"),
    )
    assert isinstance(results[1], Stale) or SecondOpinion.objects.get().stance == "supports"


@pytest.mark.parametrize("round_", range(5))
def test_a_second_opinion_changed_while_it_is_approved_is_what_was_seen_or_waits(round_: int) -> None:
    given, by = SecondOpinionFactory(pending=True, dispute=True), moderator()
    said = {"kind": "dispute", "stance": "exam", "reason": "goal", "note": "Otherwise."}
    at_once(
        lambda: transition(SecondOpinion.objects.get(), to="published", by=by, version=1),
        lambda: change_opinion(opinion=given, by=given.doctor.user, about=1, **said),
    )
    given.refresh_from_db()
    assert given.state == "pending" or given.note != "Otherwise."


@pytest.mark.parametrize("round_", range(3))
def test_the_last_place_in_the_queue_is_taken_once(round_: int) -> None:
    """T-RC-01: questions sent at once, each by a form of its own, cannot slip past the limit together."""
    person, treatment = UserFactory(), TreatmentFactory()
    for _ in range(WAITING_AT_MOST - 1):
        QuestionFactory(pending=True, author=person, treatment=treatment)
    asked = {"title": "Is it a good idea?", "body": "I wonder."}
    results = at_once(
        *[
            lambda: ask_question(by=person, submission_key=uuid4(), treatment=treatment, **asked)
            for _ in range(PEOPLE)
        ]
    )
    assert sum(isinstance(result, Question) for result in results) == 1
    assert all(isinstance(result, Question | TooManyWaiting) for result in results), results
    assert Question.objects.by_author(person).pending().count() == WAITING_AT_MOST


@pytest.mark.parametrize("round_", range(3))
def test_what_is_followed_and_kept_at_once_stays_within_its_limits(round_: int, monkeypatch) -> None:
    monkeypatch.setattr("questions.keeping.FOLLOWED_AT_MOST", 2)
    monkeypatch.setattr("questions.keeping.SAVED_AT_MOST", 2)
    person = UserFactory()
    questions = [QuestionFactory(published=True) for _ in range(PEOPLE)]
    at_once(*[partial(follow, by=person, question=question) for question in questions])
    at_once(*[partial(keep_question, by=person, question=question) for question in questions])
    assert Follow.objects.filter(user=person).count() == 2
    assert SavedQuestion.objects.filter(user=person).count() == 2


@pytest.mark.parametrize("round_", range(3))
def test_following_and_keeping_a_thread_while_another_is_led_to_it(round_: int) -> None:
    """Whoever had the duplicate has the thread once, also who turned to it in the same moment."""
    twin, canonical = QuestionFactory(published=True), QuestionFactory(published=True)
    readers = [UserFactory() for _ in range(PEOPLE // 2)]
    for reader in readers:
        follow(question=twin, by=reader)
        keep_question(question=twin, by=reader)
    by = moderator()
    results = at_once(
        lambda: mark_duplicate(question=twin, canonical=canonical, by=by, reason="The same."),
        *[lambda r=r: follow(question=canonical, by=r) for r in readers],
        *[lambda r=r: keep_question(question=canonical, by=r) for r in readers],
    )
    assert not any(isinstance(result, Exception) for result in results), results
    for kind in (Follow, SavedQuestion):
        assert sorted(kind.objects.values_list("user", "question")) == [(r.pk, canonical.pk) for r in readers]
