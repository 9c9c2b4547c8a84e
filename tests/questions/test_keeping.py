"""Keeping and following: one row per person and thing, whatever is clicked how often and by how many at once."""

import pytest
from django.core.exceptions import PermissionDenied

from questions import keeping
from questions.keeping import TooMany, follow, keep_question, let_go, take_over, unfollow
from questions.models import Follow, SavedQuestion
from tests.answers.test_races import at_once
from tests.factories import QuestionFactory, TreatmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def kept_by(person) -> list[int]:
    return list(SavedQuestion.objects.filter(user=person).order_by("pk").values_list("question", flat=True))


def test_keeping_twice_keeps_once_and_letting_go_twice_is_no_mistake() -> None:
    person, question = UserFactory(), QuestionFactory(published=True)
    for _ in range(2):
        keep_question(question=question, by=person)
    assert kept_by(person) == [question.pk]
    for _ in range(2):
        let_go(questions=[question.pk], by=person)
    assert kept_by(person) == []


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_only_what_is_public_is_kept_or_followed(trait: str) -> None:
    question = QuestionFactory(**{trait: True})
    with pytest.raises(PermissionDenied):
        keep_question(question=question, by=question.author)
    with pytest.raises(PermissionDenied):
        follow(by=question.author, question=question)


def test_a_treatment_nobody_has_reviewed_cannot_be_followed() -> None:
    with pytest.raises(PermissionDenied):
        follow(by=UserFactory(), treatment=TreatmentFactory(is_reviewed=False))


def test_following_twice_is_following_once_and_keeps_what_was_seen() -> None:
    person, question = UserFactory(), QuestionFactory(published=True)
    first = follow(by=person, question=question)
    again = follow(by=person, question=question)
    assert (first.pk, first.seen_at) == (again.pk, again.seen_at)
    unfollow(by=person, question=question)
    assert not Follow.objects.exists()


def test_a_thread_and_a_treatment_are_followed_apart() -> None:
    person, question = UserFactory(), QuestionFactory(published=True)
    follow(by=person, question=question)
    follow(by=person, treatment=question.treatment)
    unfollow(by=person, question=question)
    assert Follow.objects.get().treatment == question.treatment


def test_nobody_takes_anything_off_somebody_elses_list() -> None:
    owner, other, question = UserFactory(), UserFactory(), QuestionFactory(published=True)
    keep_question(question=question, by=owner)
    follow(by=owner, question=question)
    let_go(questions=[question.pk], by=other)
    unfollow(by=other, question=question)
    assert kept_by(owner) == [question.pk]
    assert Follow.objects.filter(user=owner).exists()


def test_lists_end_somewhere(monkeypatch) -> None:
    monkeypatch.setattr(keeping, "SAVED_AT_MOST", 1)
    monkeypatch.setattr(keeping, "FOLLOWED_AT_MOST", 1)
    person, question = UserFactory(), QuestionFactory(published=True)
    for _ in range(2):  # the same one again is no further one
        keep_question(question=question, by=person)
        follow(by=person, question=question)
    with pytest.raises(TooMany, match="take one off"):
        keep_question(question=QuestionFactory(published=True), by=person)
    with pytest.raises(TooMany, match="take one off"):
        follow(by=person, treatment=question.treatment)


def test_what_a_browser_kept_joins_what_the_account_keeps() -> None:
    person = UserFactory()
    first, second, gone = (QuestionFactory(published=True) for _ in range(3))
    keep_question(question=second, by=person)
    ids = [first.pk, second.pk, gone.pk]
    gone.delete()
    for _ in range(2):
        take_over(questions=ids, by=person)
    assert kept_by(person) == [second.pk, first.pk]


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_make_one_row_each() -> None:
    """T-RC-01"""
    person, question = UserFactory(), QuestionFactory(published=True)
    others = [QuestionFactory(published=True).pk for _ in range(3)]
    results = at_once(
        *[lambda: keep_question(question=question, by=person)] * 3,
        *[lambda: follow(by=person, question=question)] * 3,
        *[lambda: take_over(questions=[question.pk, *others], by=person)] * 3,
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(kept_by(person)) == sorted([question.pk, *others])
    assert Follow.objects.count() == 1
