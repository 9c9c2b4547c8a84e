"""Reviews, replies and proofs of visits at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.enums import State
from core.models import AccessEntry
from core.moderation import NotPermitted, transition
from doctors.enums import EvidenceKind
from doctors.evidence import Paper
from doctors.models import Review, VisitPaper
from doctors.reviewing import join_reviews, reply, show_visit
from tests.factories import (
    DoctorFactory,
    ReviewEntryFactory,
    ReviewFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)
from treatments.merging import Merge

pytestmark = pytest.mark.django_db
Sign = Callable[..., Client]


def screen(client: Client, kind: str, pk: int) -> str:
    response = client.get(reverse("admin:moderation_item", args=[kind, pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_review_is_read_with_what_it_rests_on_and_published(sign_in: Sign) -> None:
    entry = ReviewEntryFactory(pending=True, weighed=["price"], listened=2, currency="USD", paid_in=2026)
    entry.costs.create(part="surgeon", amount=450)
    client = sign_in(moderator())
    page = screen(client, "reviewentry", entry.pk)
    for said in (entry.text, "What it cost", "2 of 5", "450.00 USD", "there is no reason to refuse"):
        assert said in page
    address = reverse("admin:moderation_item", args=["reviewentry", entry.pk])
    client.post(address, {"to": State.PUBLISHED, "version": entry.version})
    assert Review.objects.public().get().latest == entry


def test_a_reply_stands_beside_its_review(sign_in: Sign) -> None:
    doctor = DoctorFactory(published=True, user=UserFactory())
    entry = ReviewEntryFactory(published=True, review__doctor=doctor, text="Slow to call back.")
    made = reply(review=entry.review, by=doctor.user, text="Please call our office at any time.")
    page = screen(sign_in(moderator()), "reviewreply", made.pk)
    assert "Slow to call back." in page
    assert "Please call our office" in page


def test_a_proof_is_opened_on_record_and_by_nobody_who_sent_it(sign_in: Sign) -> None:
    review = ReviewEntryFactory(published=True).review
    proof = show_visit(review=review, by=review.author, paper=Paper(b"%PDF-1.7 %%EOF", EvidenceKind.PDF))
    judge = moderator()
    client = sign_in(judge)
    assert "opening it is on record" in screen(client, "visitproof", proof.pk)
    address = reverse("admin:moderation_visit", args=[VisitPaper.objects.get().pk])
    response = client.get(address)
    assert response.content == b"%PDF-1.7 %%EOF"
    assert "no-store" in response["Cache-Control"]
    assert AccessEntry.objects.filter(actor=judge, object_type="doctors.visitpaper").count() == 1
    Review.objects.update(author=judge)
    assert client.get(address).status_code == 403


class TestMerging:
    def test_reviews_go_along_and_two_of_one_person_become_one(self) -> None:
        source, target = TreatmentFactory(), TreatmentFactory()
        first = ReviewEntryFactory(published=True, review__treatment=source)
        twice = ReviewFactory(author=first.review.author, doctor=first.review.doctor, treatment=target)
        ReviewEntryFactory(review=twice, published=True)
        alone = ReviewEntryFactory(published=True, review__treatment=source).review
        join_reviews(Merge(source=source, target=target, uses={}, by=moderator()))
        assert set(Review.objects.filter(treatment=target)) == {twice, alone}
        assert not Review.objects.filter(treatment=source).exists()
        assert twice.entries.count() == 2
        assert Review.objects.get(pk=twice.pk).latest_id == max(twice.entries.values_list("pk", flat=True))

    def test_where_an_entry_of_each_waits_both_stay(self) -> None:
        source, target = TreatmentFactory(), TreatmentFactory()
        first = ReviewEntryFactory(pending=True, review__treatment=source)
        other = ReviewFactory(author=first.review.author, doctor=first.review.doctor, treatment=target)
        ReviewEntryFactory(review=other, pending=True)
        join_reviews(Merge(source=source, target=target, uses={}, by=moderator()))
        assert Review.objects.filter(treatment=source).exists()


def test_nobody_decides_who_is_a_party_to_it(sign_in: Sign) -> None:
    """The doctor who is reviewed may moderate, but not this; nor does the patient moderate the reply."""
    judge, writer = moderator(), moderator()
    doctor = DoctorFactory(published=True, user=judge)
    review = ReviewEntryFactory(published=True, review__doctor=doctor, review__author=writer).review
    entry = ReviewEntryFactory(pending=True, review=review)
    proof = show_visit(review=review, by=review.author, paper=Paper(b"%PDF-1.7 %%EOF", EvidenceKind.PDF))
    made = reply(review=review, by=judge, text="Please call our office at any time.")
    assert sign_in(judge).get(reverse("admin:moderation_visit", args=[proof.paper.pk])).status_code == 403
    for row, by in ((entry, judge), (proof, judge), (made, writer)):
        for to in (State.PUBLISHED, State.REJECTED):
            with pytest.raises(NotPermitted):
                transition(row, to=to, by=by, reason="x")
    transition(entry, to=State.PUBLISHED, by=moderator())
