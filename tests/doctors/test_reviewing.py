"""What is done with reviews, and what comes of doing it twice, at once or when one may not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from PIL import Image

from accounts.models import Notification, User
from config.holding.loading import load as load_rules
from core.audit import trail
from core.enums import State
from core.images import photos
from core.images.models import Photo
from core.images.photos import keep
from core.models import Signal
from core.moderation import NotPermitted, transition
from core.reasons import reasons_for
from core.rules.running import signals_of
from doctors import evidence
from doctors.chores import ask_how_it_is
from doctors.enums import EvidenceKind, Verdict
from doctors.evidence import Paper
from doctors.models import RATINGS, Doctor, Review, ReviewEntry, ReviewReply, VisitPaper
from doctors.reviewing import (
    TooManyWaiting,
    Waiting,
    add_entry,
    change_entry,
    reply,
    review_doctor,
    show_visit,
    withdraw_entry,
    withdraw_review,
)
from questions.models import QuestionPhoto
from tests.factories import (
    DoctorFactory,
    QuestionFactory,
    ReviewEntryFactory,
    ReviewFactory,
    ReviewReplyFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)
from tests.racing import at_once
from tests.stores import Kept
from tests.working import do_tasks
from treatments.models import Treatment

pytestmark = pytest.mark.django_db
SAID = {"verdict": Verdict.NOT_WORTH_IT, "weighed": ["price"], "text": "It did nothing that I could see."}
COSTS = {"surgeon": Decimal("450.00"), "product": Decimal("80.50")}


def written(by: User, doctor: Doctor, treatment: Treatment | None = None, **more: Any) -> ReviewEntry:
    about = {"treated_on": timezone.localdate() - timedelta(days=20)}
    costs, photos = more.pop("costs", {}), more.pop("photos", ())
    said = {**SAID, **more}
    if costs:
        said |= {"currency": "USD", "paid_in": 2026}
    return review_doctor(
        by=by,
        doctor=doctor,
        treatment=treatment or TreatmentFactory(),
        about=about,
        said=said,
        costs=costs,
        photos=photos,
    )


def publish(obj: Any) -> Any:
    return transition(obj, to=State.PUBLISHED, by=moderator())


def picture() -> BytesIO:
    file = BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(file, "JPEG")
    file.seek(0)
    return file


class TestWriting:
    def test_a_review_waits_with_its_day_its_costs_and_its_pictures(self) -> None:
        author = UserFactory()
        photo = keep(picture(), by=author)
        entry = review_doctor(
            by=author,
            doctor=DoctorFactory(published=True),
            treatment=TreatmentFactory(),
            about={"treated_on": timezone.localdate() - timedelta(days=20), "alias": "Anna-Lena"},
            said={**SAID, "currency": "USD", "paid_in": 2026},
            costs=COSTS,
            photos=[photo],
        )
        assert (entry.state, entry.day, entry.review.author_name) == (State.PENDING, 20, "Anna-Lena")
        assert dict(entry.costs.values_list("part", "amount")) == COSTS
        assert [held.photo for held in entry.photos.all()] == [photo]
        assert not Review.objects.public().exists()
        do_tasks()
        publish(entry)
        assert Review.objects.public().get().latest == entry

    def test_the_same_form_twice_is_one_review(self) -> None:
        author, doctor, treatment = UserFactory(), DoctorFactory(published=True), TreatmentFactory()
        assert written(author, doctor, treatment) == written(author, doctor, treatment)
        assert Review.objects.count() == ReviewEntry.objects.count() == 1

    def test_a_doctors_account_reviews_nobody(self) -> None:
        colleague = DoctorFactory(published=True, user=UserFactory()).user
        with pytest.raises(PermissionDenied):
            written(colleague, DoctorFactory(published=True))

    def test_nobody_fills_the_queue(self) -> None:
        author = UserFactory()
        for _ in range(10):
            ReviewEntryFactory(review__author=author, pending=True)
        with pytest.raises(TooManyWaiting):
            written(author, DoctorFactory(published=True))

    def test_whoever_has_reviewed_becomes_no_doctor_with_that_account(self) -> None:
        from doctors.permissions import may_apply

        author = ReviewFactory().author
        assert not may_apply(author)
        assert may_apply(UserFactory())


class TestGoingOn:
    def test_a_later_entry_stands_beside_the_first_and_counts(self) -> None:
        first = publish(written(UserFactory(), DoctorFactory(published=True)))
        later = add_entry(
            review=first.review,
            by=first.review.author,
            said={**SAID, "verdict": Verdict.WORTH_IT},
            costs={},
            photos=(),
        )
        assert Review.objects.public().get().latest == first
        publish(later)
        assert Review.objects.public().get().latest == later
        withdraw_entry(entry=later, by=first.review.author)
        assert Review.objects.public().get().latest == first

    def test_one_entry_waits_at_a_time_and_is_changed_instead(self) -> None:
        entry = written(UserFactory(), DoctorFactory(published=True), costs=COSTS)
        author = entry.review.author
        with pytest.raises(Waiting):
            add_entry(review=entry.review, by=author, said=SAID, costs={}, photos=())
        changed = change_entry(
            entry=entry, by=author, said={**SAID, "text": "It did little, later on."}, costs={}
        )
        assert (changed.text, changed.version, changed.costs.count()) == ("It did little, later on.", 3, 0)
        publish(changed)
        with pytest.raises(PermissionDenied):
            change_entry(entry=entry, by=author, said=SAID, costs={})

    def test_withdrawing_all_takes_everything_out_of_sight_and_deletes_pictures(self) -> None:
        author = UserFactory()
        entry = written(author, DoctorFactory(published=True), photos=[keep(picture(), by=author)])
        do_tasks()
        publish(entry)
        ReviewReplyFactory(review=entry.review, published=True)
        withdraw_review(review=entry.review, by=author)
        assert not Review.objects.public().exists()
        assert not ReviewReply.objects.public().exists()
        assert not Photo.objects.exists()

    def test_nobody_else_withdraws(self) -> None:
        entry = publish(written(UserFactory(), DoctorFactory(published=True)))
        with pytest.raises(NotPermitted):
            withdraw_entry(entry=entry, by=UserFactory())


class TestAskingAgain:
    def test_each_milestone_is_asked_once_and_not_of_those_who_said_it_or_took_it_back(self) -> None:
        today = timezone.localdate()
        due = ReviewEntryFactory(published=True, day=3, review__treated_on=today - timedelta(days=15)).review
        said = ReviewEntryFactory(
            published=True, day=15, review__treated_on=today - timedelta(days=16)
        ).review
        gone = ReviewEntryFactory(withdrawn=True, day=3, review__treated_on=today - timedelta(days=15)).review
        ask_how_it_is()
        ask_how_it_is()
        assert Notification.objects.filter(to=due.author, kind="how-is-it").count() == 1
        assert not Notification.objects.filter(to__in=[said.author, gone.author]).exists()


class TestShowingAVisit:
    def paper(self) -> Paper:
        return Paper(b"%PDF-1.4 receipt %%EOF", EvidenceKind.PDF)

    @pytest.mark.parametrize(("to", "is_shown"), [(State.PUBLISHED, True), (State.REJECTED, False)])
    def test_the_file_is_gone_once_it_is_decided(
        self, to: State, is_shown: bool, django_capture_on_commit_callbacks: Any
    ) -> None:
        review = ReviewEntryFactory(published=True).review
        proof = show_visit(review=review, by=review.author, paper=self.paper())
        name = VisitPaper.objects.get().name
        assert evidence.load(name, sha256=self.paper().sha256)
        with django_capture_on_commit_callbacks(execute=True):
            transition(proof, to=to, by=moderator(), reason="Seen.")
        assert not VisitPaper.objects.exists()
        with pytest.raises(evidence.Unreadable):
            evidence.load(name, sha256=self.paper().sha256)
        from doctors.reviews import shown

        assert shown(Review.objects.all()).get().is_visit_shown is is_shown


class TestReplying:
    def test_what_tells_who_was_a_patient_stands_before_the_moderator_with_its_words(self) -> None:
        load_rules()
        doctor = DoctorFactory(published=True, user=UserFactory())
        review = ReviewEntryFactory(published=True, review__doctor=doctor).review
        made = reply(review=review, by=doctor.user, text="Maria, thank you for coming to your appointment.")
        signal = Signal.objects.get(object_type="doctors.reviewreply", code="privacy-guard")
        assert (made.state, made.risk) == (State.PENDING, 2)
        assert "Maria" in signal.words
        assert not ReviewReply.objects.public().exists()

    def test_only_the_doctor_replies_while_readers_see_the_review(self) -> None:
        doctor = DoctorFactory(published=True, user=UserFactory())
        waiting = ReviewEntryFactory(pending=True, review__doctor=doctor).review
        for review, by in ((waiting, doctor.user), (ReviewEntryFactory(published=True).review, doctor.user)):
            with pytest.raises(PermissionDenied):
                reply(review=review, by=by, text="Thank you for writing.")

    def test_a_reply_is_said_otherwise_until_it_is_published(self) -> None:
        doctor = DoctorFactory(published=True, user=UserFactory())
        review = ReviewEntryFactory(published=True, review__doctor=doctor).review
        made = reply(review=review, by=doctor.user, text="Thank you for writing.")
        assert reply(review=review, by=doctor.user, text="Thank you very much.") == made
        publish(made)
        with pytest.raises(PermissionDenied):
            reply(review=review, by=doctor.user, text="I take that back.")


def test_no_reason_means_that_a_review_is_negative() -> None:
    """Every reason there is for a review, word for word: another one has to pass here."""
    fitting = reasons_for(ReviewEntry, ("send back", "reject", "remove"))
    assert {reason.code for reason in fitting} == {
        "private", "contact", "off-topic", "unclear", "duplicate", "abuse", "spam", "minor", "unlawful", "not-own",
    }  # fmt: skip
    told = " ".join(f"{reason.sentence} {reason.mend}" for reason in fitting).lower()
    assert not any(word in told for word in ("negative", "critical", "unfair", "stars", "rating", "harm"))


def test_the_trail_knows_every_step() -> None:
    entry = publish(written(UserFactory(), DoctorFactory(published=True)))
    withdraw_entry(entry=entry, by=entry.review.author)
    assert [line.action for line in trail(entry)][::-1] == ["submit", "publish", "withdraw"]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_review() -> None:
    author, doctor, treatment = UserFactory(), DoctorFactory(published=True), TreatmentFactory()
    made = at_once(*(lambda: written(author, doctor, treatment) for _ in range(3)))
    assert {entry.pk for entry in made} == {ReviewEntry.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_make_one_reply() -> None:
    doctor = DoctorFactory(published=True, user=UserFactory())
    review = ReviewEntryFactory(published=True, review__doctor=doctor).review
    made = at_once(
        *(lambda: reply(review=review, by=doctor.user, text="Thank you for writing.") for _ in range(3))
    )
    assert {one.pk for one in made} == {ReviewReply.objects.get().pk}


@pytest.mark.django_db
def test_a_picture_added_to_a_waiting_review_is_read_by_the_rules_too(in_a_store: Kept) -> None:
    load_rules()
    other = photos.keep(picture_of("navy"), by=UserFactory())
    photos.take([other.name], by=other.owner, kind=QuestionPhoto)
    QuestionPhoto.objects.create(question=QuestionFactory(), photo=other)
    entry = ReviewEntryFactory(pending=True)
    mine = photos.keep(picture_of("navy"), by=entry.review.author)
    said = {
        name: getattr(entry, name) for name in ("verdict", "weighed", "text", *RATINGS, "currency", "paid_in")
    }
    change_entry(entry=entry, by=entry.review.author, said=said, costs={}, photos=[mine])
    entry.refresh_from_db()
    assert entry.risk == 2
    assert "pictures-of-others" in {signal.code for signal in signals_of(entry)}
    do_tasks()


def picture_of(colour: str) -> BytesIO:
    drawn = Image.radial_gradient("L").convert("RGB")
    drawn.paste(colour, (20, 30, 90, 200))
    file = BytesIO()
    drawn.save(file, "JPEG")
    file.seek(0)
    return file
