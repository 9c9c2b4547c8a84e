"""What co-signing, disputing, changing and withdrawing leave behind, whoever calls."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from answers.models import SecondOpinion
from answers.opinions import change_opinion, give_opinion, withdraw_opinion
from answers.services import edit_answer
from core.audit import trail
from core.enums import State
from core.moderation import Stale, TransitionError, transition
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    UserFactory,
    VerificationFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
DISPUTE = {"about": 1, "kind": "dispute", "stance": "exam", "reason": "goal", "note": "It depends."}
COSIGN = {"about": 1, "kind": "cosign"}


@pytest.fixture
def answer():
    return AnswerFactory(published=True, stance="conditions")


@pytest.fixture
def doctor():
    return DoctorFactory(verified=True)


class TestGiving:
    def test_it_waits_and_the_trail_says_who_sent_it(self, answer, doctor) -> None:
        given = give_opinion(answer=answer, by=doctor.user, **DISPUTE)
        assert (given.state, given.doctor, given.stance) == (State.PENDING, doctor, "exam")
        assert [(entry.actor, entry.action) for entry in trail(given)] == [(doctor.user, "submit")]

    def test_a_co_signature_has_the_stance_of_the_answer_and_no_reason(self, answer, doctor) -> None:
        given = give_opinion(answer=answer, by=doctor.user, **{**DISPUTE, **COSIGN})
        assert (given.stance, given.reason) == ("conditions", "")

    def test_sent_twice_it_is_the_first_that_arrived(self, answer, doctor) -> None:
        first = give_opinion(answer=answer, by=doctor.user, **DISPUTE)
        again = give_opinion(answer=answer, by=doctor.user, **COSIGN)
        assert (again.pk, again.kind) == (first.pk, "dispute")

    @pytest.mark.parametrize("trait", [{}, {"published": True}, {"suspended": True}, {"expired": True}])
    def test_only_doctors_verified_today(self, answer, trait: dict) -> None:
        with pytest.raises(PermissionDenied):
            give_opinion(answer=answer, by=DoctorFactory(**trait).user, **COSIGN)

    def test_nobody_else_and_nobody_of_what_is_theirs(self, answer, doctor) -> None:
        asked = AnswerFactory(published=True, question__author=doctor.user, question__published=True)
        for about, by in (
            (answer, UserFactory()),
            (answer, moderator()),
            (answer, answer.doctor.user),
            (asked, doctor.user),
        ):
            with pytest.raises(PermissionDenied):
                give_opinion(answer=about, by=by, **COSIGN)

    def test_only_of_what_readers_see(self, doctor) -> None:
        hidden = [AnswerFactory(**{trait: True}) for trait in ("pending", "removed", "withdrawn", "rejected")]
        hidden.append(AnswerFactory(published=True, question=QuestionFactory(removed=True)))
        hidden.append(AnswerFactory(published=True, doctor=DoctorFactory(verified=True, state="removed")))
        for answer in hidden:
            with pytest.raises(PermissionDenied):
                give_opinion(answer=answer, by=doctor.user, **COSIGN)
        assert not SecondOpinion.objects.exists()

    def test_only_of_the_version_readers_see(self, answer, doctor) -> None:
        answer.keep_version(timezone.now())
        waiting = edit_answer(answer=answer, by=answer.doctor.user, summary="Otherwise.")
        with pytest.raises(Stale):
            give_opinion(answer=answer, by=doctor.user, **{**COSIGN, "about": waiting.number})
        assert give_opinion(answer=answer, by=doctor.user, **COSIGN).about_number == 1

    def test_at_publication_it_keeps_the_credentials_of_that_day(self, answer) -> None:
        credential = CredentialFactory(doctor__verified=True, authority="A board of now")
        doctor = VerificationFactory(credential=credential).doctor
        given = give_opinion(answer=answer, by=doctor.user, **COSIGN)
        transition(given, to="published", by=moderator())
        doctor.credentials.update(authority="A board of later")
        given.refresh_from_db()
        assert given.author_snapshot["board"] == "A board of now"


class TestChanging:
    def test_while_it_waits_it_is_changed_in_place_and_counted_as_a_new_version(self, answer, doctor) -> None:
        given = give_opinion(answer=answer, by=doctor.user, **DISPUTE)
        change_opinion(opinion=given, by=doctor.user, **COSIGN)
        given.refresh_from_db()
        assert (given.kind, given.stance, given.note, given.version) == ("cosign", "conditions", "", 2)
        assert [entry.action for entry in trail(given)] == ["edit", "submit"]

    def test_the_same_words_again_change_nothing(self, answer, doctor) -> None:
        given = give_opinion(answer=answer, by=doctor.user, **DISPUTE)
        change_opinion(opinion=given, by=doctor.user, **DISPUTE)
        given.refresh_from_db()
        assert given.version == 1

    @pytest.mark.parametrize("trait", ["published", "removed", "rejected"])
    def test_what_was_decided_is_not_rewritten(self, answer, doctor, trait: str) -> None:
        given = SecondOpinionFactory(answer=answer, doctor=doctor, **{trait: True})
        with pytest.raises(PermissionDenied):
            change_opinion(opinion=given, by=doctor.user, **DISPUTE)

    def test_nor_by_anybody_else(self, answer) -> None:
        given = SecondOpinionFactory(answer=answer, pending=True)
        with pytest.raises(PermissionDenied):
            change_opinion(opinion=given, by=DoctorFactory(verified=True).user, **DISPUTE)
        with pytest.raises(TransitionError):
            withdraw_opinion(opinion=given, by=DoctorFactory(verified=True).user)

    def test_restored_after_a_removal_it_keeps_its_date(self, answer) -> None:
        given = SecondOpinionFactory(answer=answer, published=True)
        since, by = given.published_at, moderator()
        transition(given, to="removed", by=by, reason="x")
        transition(given, to="published", by=by, reason="x")
        assert given.published_at == since


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"note": ""}, {"stance": ""}, {"stance": "maybe"}, {"kind": "shrug"}],
)
def test_the_database_holds_what_a_dispute_needs(answer, doctor, wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondOpinionFactory(**{"dispute": True, "answer": answer, "doctor": doctor, **wrong})


def test_the_database_knows_one_per_doctor_and_answer(answer, doctor) -> None:
    SecondOpinionFactory(answer=answer, doctor=doctor)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondOpinionFactory(answer=answer, doctor=doctor, dispute=True)
