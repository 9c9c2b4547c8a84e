"""Reviews on pages: written, read, gone on with, replied to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.enums import State
from core.images.models import Photo
from doctors.enums import Verdict
from doctors.guarding import PREPARED
from doctors.models import Doctor, Review, ReviewEntry, ReviewReply, VisitProof
from tests.doctors.test_reviewing import picture
from tests.factories import (
    DoctorFactory,
    ReviewEntryFactory,
    ReviewFactory,
    ReviewReplyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def filled(**more: Any) -> dict[str, Any]:
    """Everything the form asks for."""
    return {
        "treated_on": (timezone.localdate() - timedelta(days=40)).isoformat(),
        "verdict": Verdict.WORTH_IT,
        "weighed": ["result", "care"],
        "text": "The frown is gone and nobody notices why.",
        "listened": "5",
        "cost_surgeon": "450",
        "currency": "USD",
        "paid_in": str(timezone.localdate().year),
        **dict.fromkeys(("own", "unpaid", "free", "agrees"), "on"),
        **more,
    }


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def doctor() -> Doctor:
    return DoctorFactory(published=True, user=UserFactory())


class TestWriting:
    def address(self, doctor: Doctor) -> str:
        return (
            f"{reverse('doctors:review', args=[doctor.slug])}?treatment={TreatmentFactory(slug='botox').slug}"
        )

    def test_it_is_previewed_and_then_sent(self, client: Client, doctor: Doctor) -> None:
        client.force_login(UserFactory(handle="ines"))
        address = self.address(doctor)
        page = text_of(client.post(address, filled(preview="yes")))
        assert "Preview: as readers will see it" in page
        assert "5 weeks after it" in page
        assert not Review.objects.exists()
        response = client.post(address, filled(send="yes"), follow=True)
        assert "Your review is with the moderators" in text_of(response)
        entry = ReviewEntry.objects.get()
        assert (entry.state, entry.listened, entry.costs.get().amount) == (State.PENDING, 5, 450)
        assert client.post(address, filled(send="yes")).url == reverse("doctors:my-reviews")
        assert ReviewEntry.objects.count() == 1

    def test_an_error_says_what_to_do_and_loses_nothing(self, client: Client, doctor: Doctor) -> None:
        client.force_login(UserFactory())
        upload = SimpleUploadedFile("me.jpg", picture().read(), "image/jpeg")
        wrong = filled(send="yes", currency="", own="", **{"photos-files": upload}, treated_on="2999-01-01")
        response = client.post(self.address(doctor), wrong)
        page = text_of(response)
        assert response.status_code == 422
        for said in (
            "Choose the currency.",
            "what was done to you yourself",
            "still to come",
            "The frown is gone",
        ):
            assert said in page
        assert f'name="photos" value="{Photo.objects.get().pk}"' in page

    def test_pictures_that_were_kept_go_with_it(self, client: Client, doctor: Doctor) -> None:
        client.force_login(UserFactory())
        address, upload = self.address(doctor), SimpleUploadedFile("me.jpg", picture().read(), "image/jpeg")
        client.post(address, filled(preview="yes", **{"photos-files": upload}))
        client.post(address, filled(send="yes", photos=Photo.objects.get().pk))
        assert ReviewEntry.objects.get().photos.get().photo == Photo.objects.get()

    def test_a_file_that_is_no_picture_is_named(self, client: Client, doctor: Doctor) -> None:
        client.force_login(UserFactory())
        upload = SimpleUploadedFile("notes.jpg", b"no picture at all", "image/jpeg")
        assert "notes.jpg" in text_of(
            client.post(self.address(doctor), filled(preview="yes", **{"photos-files": upload}))
        )

    def test_without_a_treatment_one_is_asked_which(self, client: Client, doctor: Doctor) -> None:
        client.force_login(UserFactory())
        TreatmentFactory(name="Lip filler", slug="lip-filler")
        page = text_of(client.get(reverse("doctors:review", args=[doctor.slug])))
        assert '<option value="lip-filler">Lip filler</option>' in page

    def test_a_doctor_is_told_why_not(self, client: Client, doctor: Doctor) -> None:
        client.force_login(doctor.user)
        response = client.get(self.address(DoctorFactory(published=True)))
        assert response.status_code == 403
        assert "Reviews are for patients" in text_of(response)


class TestReading:
    def test_readers_see_what_is_public_and_the_year_alone(self, client: Client, doctor: Doctor) -> None:
        day = timezone.localdate() - timedelta(days=400)
        review = ReviewFactory(doctor=doctor, alias="Gems", treated_on=day)
        ReviewEntryFactory(review=review, published=True, day=3, text="Swollen still.")
        paid = {"currency": "USD", "paid_in": day.year}
        later = ReviewEntryFactory(review=review, published=True, day=395, text="Lovely by now.", **paid)
        later.costs.create(part="surgeon", amount="1234.50")
        ReviewEntryFactory(review=review, pending=True, text="Not yet read by anybody.")
        ReviewReplyFactory(review=review, published=True, text="Thank you for writing.")
        page = text_of(client.get(reverse("doctors:reviews", args=[doctor.slug])))
        for said in (
            "Gems",
            "Swollen still.",
            "Lovely by now.",
            "13 months after it",
            f"treated in {day.year}",
            "Thank you",
        ):
            assert said in page
        for hidden in (
            "Not yet read",
            "1,234",
            "1234",
            review.author.handle,
            day.isoformat(),
            day.strftime("%B"),
        ):
            assert hidden not in page

    def test_it_is_narrowed_by_verdict_time_and_use(self, client: Client) -> None:
        treatment = TreatmentFactory()
        use = UseFactory(treatment=treatment)
        soon = ReviewFactory(treatment=treatment, use=use, alias="Soon")
        later = ReviewFactory(treatment=treatment, alias="Later")
        ReviewEntryFactory(review=soon, published=True, day=5, verdict=Verdict.NOT_WORTH_IT)
        ReviewEntryFactory(review=later, published=True, day=400)
        address = reverse("doctors:reviews-of-treatment", args=[treatment.slug])
        for query in ("verdict=not_worth_it", "since=weeks", f"use={use.slug}"):
            page = text_of(client.get(f"{address}?{query}"))
            assert "Soon" in page
            assert "Later" not in page
        assert "1 not worth it" in text_of(
            client.get(f"{address}?verdict=nonsense&since=nonsense&after=x&review=y")
        )

    def test_a_link_to_one_review_begins_with_it(self, client: Client, doctor: Doctor) -> None:
        first = ReviewEntryFactory(review__doctor=doctor, review__alias="First", published=True).review
        ReviewEntryFactory(review__doctor=doctor, review__alias="Second", published=True)
        page = text_of(client.get(first.get_absolute_url()))
        assert "First" in page
        assert "Second" not in page

    def test_previews_stand_on_the_profile_and_the_guide(self, client: Client, doctor: Doctor) -> None:
        review = ReviewEntryFactory(review__doctor=doctor, published=True, text="Kind and quick.").review
        for page in (doctor.get_absolute_url(), review.treatment.get_absolute_url()):
            assert "Kind and quick." in text_of(client.get(page))


class TestOnesOwn:
    def test_mine_has_every_state_and_what_to_do_next(self, client: Client) -> None:
        author = UserFactory()
        review = ReviewFactory(author=author)
        ReviewEntryFactory(review=review, published=True)
        sent_back = ReviewEntryFactory(review=review, state=State.DRAFT, text="Sent back to me.")
        client.force_login(author)
        page = text_of(client.get(reverse("doctors:my-reviews")))
        assert page.count("Sent back") == 1
        assert client.get(reverse("doctors:add-entry", args=[review.pk])).url == sent_back.own_url
        assert "Sent back to me." in text_of(client.get(sent_back.own_url))

    def test_what_is_published_is_gone_on_with_and_withdrawn_at_once(self, client: Client) -> None:
        entry = ReviewEntryFactory(published=True)
        review = entry.review
        client.force_login(review.author)
        assert "Add how it is by now" in text_of(client.get(entry.own_url))
        data = {key: value for key, value in filled(send="yes").items() if key not in ("treated_on", "own")}
        client.post(reverse("doctors:add-entry", args=[review.pk]), data)
        assert review.entries.count() == 2
        for _ in range(2):  # also the same form again
            client.post(reverse("doctors:withdraw-review", args=[review.pk]))
        assert set(review.entries.values_list("state", flat=True)) == {State.WITHDRAWN}
        assert review.author.handle not in text_of(
            Client().get(reverse("doctors:reviews", args=[review.doctor.slug]))
        )

    def test_others_find_nothing(self, client: Client) -> None:
        entry = ReviewEntryFactory(published=True)
        client.force_login(UserFactory())
        for name, pk in (
            ("review-entry", entry.pk),
            ("withdraw-entry", entry.pk),
            ("add-entry", entry.review_id),
            ("withdraw-review", entry.review_id),
            ("show-visit", entry.review_id),
            ("reply", entry.review_id),
        ):
            assert client.get(reverse(f"doctors:{name}", args=[pk])).status_code == 404

    def test_a_proof_is_sent_and_can_be_replaced_until_it_is_decided(self, client: Client) -> None:
        review = ReviewEntryFactory(published=True).review
        client.force_login(review.author)
        address = reverse("doctors:show-visit", args=[review.pk])
        for number in range(2):
            upload = SimpleUploadedFile("bill.pdf", b"%PDF-1.4 " + bytes([65 + number]) + b" %%EOF")
            assert "A moderator looks at it" in text_of(
                client.post(address, {"evidence": upload}, follow=True)
            )
        assert (VisitProof.objects.get().state, VisitProof.objects.get().version) == (State.PENDING, 2)


class TestReplying:
    def test_what_tells_who_was_a_patient_is_shown_first_and_may_go_as_it_is(
        self, client: Client, doctor: Doctor
    ) -> None:
        review = ReviewEntryFactory(review__doctor=doctor, published=True).review
        client.force_login(doctor.user)
        address = reverse("doctors:reply", args=[review.pk])
        bad = "Thank you for your visit in March, Maria."
        response = client.post(address, {"text": bad})
        page = text_of(response)
        assert response.status_code == 422
        assert "These words may tell who was a patient" in page
        assert "<mark>your visit</mark>" in page
        assert bad in page
        assert not ReviewReply.objects.exists()
        anyway = re.search(r'name="anyway" value="(\w+)"', page)
        assert anyway
        client.post(address, {"text": f"{bad} And your nose.", "anyway": anyway[1]})
        assert not ReviewReply.objects.exists()  # other words than those that were shown
        client.post(address, {"text": bad, "anyway": anyway[1]})
        assert ReviewReply.objects.get().state == State.PENDING

    def test_a_prepared_reply_goes_at_once_and_is_known_as_one(self, client: Client, doctor: Doctor) -> None:
        review = ReviewEntryFactory(review__doctor=doctor, published=True).review
        client.force_login(doctor.user)
        address = reverse("doctors:reply", args=[review.pk])
        assert PREPARED["thanks"] in text_of(client.get(f"{address}?with=thanks"))
        client.post(f"{address}?with=thanks", {"text": PREPARED["thanks"]})
        assert ReviewReply.objects.get().template == "thanks"
        assert "Your reply: awaiting review" in text_of(client.get(reverse("doctors:desk-reviews")))
        client.post(address, {"withdraw": "yes"})
        assert ReviewReply.objects.get().state == State.WITHDRAWN
