"""What the database itself holds about reviews."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from core.enums import State
from doctors.enums import Verdict
from doctors.models import Review, ReviewEntry, ReviewReply
from tests.factories import DoctorFactory, ReviewEntryFactory, ReviewFactory, ReviewReplyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_review_is_public_while_one_of_its_entries_and_the_doctor_are() -> None:
    review = ReviewFactory()
    first = ReviewEntryFactory(review=review, published=True)
    later = ReviewEntryFactory(review=review, published=True, verdict=Verdict.NOT_SURE)
    assert Review.objects.public().get().latest == later

    ReviewEntry.objects.filter(pk=later.pk).update(state=State.REMOVED)
    assert Review.objects.public().get().latest == first
    assert ReviewEntry.objects.public().get() == first

    first.delete()
    assert not Review.objects.public().exists()


def test_what_hides_the_doctor_hides_reviews_and_replies() -> None:
    entry = ReviewEntryFactory(published=True)
    reply = ReviewReplyFactory(review=entry.review, published=True)
    assert ReviewReply.objects.public().get() == reply
    type(entry.review.doctor).objects.update(state=State.REMOVED)
    assert not Review.objects.public().exists()
    assert not ReviewEntry.objects.public().exists()
    assert not ReviewReply.objects.public().exists()


def test_a_reply_is_not_read_without_the_review() -> None:
    reply = ReviewReplyFactory(published=True)
    ReviewEntryFactory(review=reply.review, pending=True)
    assert not ReviewReply.objects.public().exists()


@pytest.mark.parametrize("becomes", ["latest", "claimed"])
def test_nobody_reviews_themselves(becomes: str) -> None:
    somebody = UserFactory()
    doctor = DoctorFactory(published=True, user=somebody if becomes == "latest" else None)
    if becomes == "latest":
        with pytest.raises(IntegrityError, match="nobody reviews themselves"), transaction.atomic():
            ReviewFactory(author=somebody, doctor=doctor)
        return
    entry = ReviewEntryFactory(review__author=somebody, review__doctor=doctor, published=True)
    assert Review.objects.public().exists()
    doctor.user = somebody  # what somebody wrote before they claimed the profile
    doctor.save()
    assert not Review.objects.public().exists()
    assert not ReviewEntry.objects.get(pk=entry.pk).is_public


def test_what_is_published_is_corrected_by_a_later_entry_alone() -> None:
    entry = ReviewEntryFactory(published=True)
    with pytest.raises(IntegrityError, match="later entry"), transaction.atomic():
        ReviewEntry.objects.filter(pk=entry.pk).update(verdict=Verdict.NOT_WORTH_IT)


def test_one_review_of_one_person_doctor_and_treatment_and_one_open_entry() -> None:
    review = ReviewFactory()
    with pytest.raises(IntegrityError, match="one_per_person"), transaction.atomic():
        ReviewFactory(author=review.author, doctor=review.doctor, treatment=review.treatment)
    ReviewEntryFactory(review=review, pending=True)
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        ReviewEntryFactory(review=review, pending=True)
