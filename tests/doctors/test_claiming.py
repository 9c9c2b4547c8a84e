"""Imported profiles are claimed with proof: one claimant wins, the other is told, readers see nothing before."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Notification
from answers.models import Answer, AnswerDraft
from answers.permissions import may_edit
from core.enums import State
from core.models import AuditEntry
from core.moderation import TransitionError, transition
from doctors.claiming import is_claimable
from doctors.models import Doctor, ProfileClaim, SentFile
from doctors.services import record_verification
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    ProfileClaimFactory,
    QuestionFactory,
    UserFactory,
    moderator,
    senior,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def imported() -> Doctor:
    doctor = DoctorFactory(published=True, is_imported=True, user=None, name="Ada Moss")
    AnswerFactory(published=True, doctor=doctor, is_imported=True, stance="supports")
    return doctor


def url(doctor: Doctor) -> str:
    return f"/desk/claim/{doctor.slug}/"


def proof(**more: object) -> dict:
    return {
        "kind": "licence",
        "authority": "State board",
        "number": "A-77",
        "country": "US",
        "evidence": SimpleUploadedFile("scan.pdf", PDF),
        **more,
    }


def test_a_claim_changes_nothing_public_until_it_is_granted(imported: Doctor, sign_in) -> None:
    page = Client().get(imported.get_absolute_url()).content
    assert f'href="{url(imported)}"'.encode() in page
    person = UserFactory()
    assert sign_in(person).post(url(imported), proof()).status_code == 302
    claim = ProfileClaim.objects.get()
    assert (claim.state, claim.papers.count()) == (State.PENDING, 1)
    assert Client().get(imported.get_absolute_url()).content == page


def test_what_is_granted_belongs_to_the_doctor_and_counts_once_verified(imported: Doctor, sign_in) -> None:
    person, me = UserFactory(), senior()
    sign_in(person).post(url(imported), proof())
    transition(ProfileClaim.objects.get(), to=State.PUBLISHED, by=me)
    imported.refresh_from_db()
    answer = Answer.objects.get()
    assert imported.user_id == person.pk
    assert SentFile.objects.get().credential.number == "A-77"
    assert not Answer.objects.counted().exists()
    assert Notification.objects.filter(to=person, kind="claim-published").count() == 1
    assert url(imported) not in Client().get(imported.get_absolute_url()).content.decode()

    held = imported.credentials.get()
    record_verification(doctor=imported, by=me, result="verified", source="Register", credential=held)
    assert list(Answer.objects.counted()) == [answer]
    assert may_edit(person, Answer.objects.select_related("doctor").get())
    transition(answer, to=State.WITHDRAWN, by=person)
    assert not Answer.objects.public().exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_claimants_at_once_one_wins_and_the_other_is_told(imported: Doctor) -> None:
    claims = [ProfileClaimFactory(pending=True, doctor=imported) for _ in range(2)]
    people = [senior(), senior(email="other@example.org", handle="other-senior")]
    outcomes = at_once(
        *[
            lambda claim=claim, by=by: transition(claim, to=State.PUBLISHED, by=by)
            for claim, by in zip(claims, people, strict=True)
        ]
    )
    assert sum(isinstance(one, TransitionError) for one in outcomes) == 1, outcomes
    states = sorted(ProfileClaim.objects.values_list("state", flat=True))
    assert states == [State.PUBLISHED, State.REJECTED]
    imported.refresh_from_db()
    won = ProfileClaim.objects.get(state=State.PUBLISHED)
    lost = ProfileClaim.objects.get(state=State.REJECTED)
    assert imported.user_id == won.claimant_id
    assert Notification.objects.filter(to=lost.claimant, kind="claim-rejected").count() == 1
    assert AuditEntry.objects.filter(object_type="doctors.profileclaim", action="publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_windows_make_one_claim(imported: Doctor, sign_in) -> None:
    client = sign_in(UserFactory())
    at_once(*[lambda: client.post(url(imported), proof())] * 2)
    assert ProfileClaim.objects.count() == 1


def test_one_claims_one_profile_at_a_time(imported: Doctor, sign_in) -> None:
    claim = ProfileClaimFactory(pending=True)
    response = sign_in(claim.claimant).post(url(imported), proof())
    assert response.status_code == 400
    assert "One at a time" in response.content.decode()


def test_what_is_sent_back_is_mended_and_sent_again(imported: Doctor, sign_in) -> None:
    person = UserFactory()
    client = sign_in(person)
    client.post(url(imported), proof())
    transition(ProfileClaim.objects.get(), to=State.DRAFT, by=senior(), reason="The scan cannot be read.")
    page = client.get(url(imported)).content.decode()
    assert "The scan cannot be read." in page
    assert 'value="A-77"' in page
    client.post(url(imported), proof(number="A-78"))
    claim = ProfileClaim.objects.get()
    assert (claim.state, claim.number, claim.papers.count()) == (State.PENDING, "A-78", 2)


def test_without_proof_nothing_is_claimed_and_nothing_is_lost(imported: Doctor, sign_in) -> None:
    response = sign_in(UserFactory()).post(url(imported), proof(evidence=""))
    page = response.content.decode()
    assert response.status_code == 400
    assert "Add a file that shows it is you." in page
    assert 'value="A-77"' in page
    assert not ProfileClaim.objects.exists()


def test_what_was_granted_by_mistake_is_taken_back(imported: Doctor) -> None:
    claim, me = ProfileClaimFactory(pending=True, doctor=imported), senior()
    transition(claim, to=State.PUBLISHED, by=me)
    transition(claim, to=State.REMOVED, by=me, reason="The document was forged.")
    imported.refresh_from_db()
    assert imported.user_id is None


def test_nothing_of_whoever_had_it_by_mistake_is_left_for_the_next(imported: Doctor, sign_in) -> None:
    person, me = UserFactory(), senior()
    sign_in(person).post(url(imported), proof())
    claim = ProfileClaim.objects.get()
    transition(claim, to=State.PUBLISHED, by=me)
    held = imported.credentials.get()
    record_verification(doctor=imported, by=me, result="verified", source="Register", credential=held)
    AnswerDraft.objects.create(
        doctor=imported, question=QuestionFactory(published=True), fields={"body": "x"}
    )
    transition(claim, to=State.REMOVED, by=me, reason="The document was forged.")
    imported.refresh_from_db()
    assert (imported.standing, imported.verified_until) == ("unverified", None)
    assert not Answer.objects.counted().exists()
    assert not AnswerDraft.objects.exists()
    assert claim.papers.count() == 1
    assert not held.papers.exists()


def test_where_a_doctor_has_written_since_nobody_else_claims_it(imported: Doctor) -> None:
    assert is_claimable(imported)
    AnswerFactory(published=True, doctor=imported)
    assert not is_claimable(imported)


def test_who_asks_as_a_patient_or_has_a_profile_claims_none(imported: Doctor, sign_in) -> None:
    for person in (QuestionFactory(published=True).author, DoctorFactory(verified=True).user):
        sign_in(person).post(url(imported), proof())
    assert not ProfileClaim.objects.exists()
    claim = ProfileClaimFactory(pending=True, doctor=imported, claimant=DoctorFactory(pending=True).user)
    with pytest.raises(TransitionError, match="of its own"):
        transition(claim, to=State.PUBLISHED, by=senior())


def test_those_who_verify_decide_on_claims_and_nobody_else_sees_one(imported: Doctor, sign_in) -> None:
    sign_in(UserFactory()).post(url(imported), proof(words="Ask my colleague"))
    claim = ProfileClaim.objects.get()
    path = f"/admin/moderation/profileclaim/{claim.pk}/"
    assert sign_in(moderator()).get(path).status_code == 403
    assert sign_in(UserFactory()).get(url(imported)).content.count(b"A-77") == 0
    client = sign_in(senior())
    page = client.get(path).content.decode()
    assert "A-77" in page
    assert "Ask my colleague" in page
    file = f"/admin/moderation/proof/{SentFile.objects.get().pk}/"
    assert client.get(file).content == PDF
    assert sign_in(claim.claimant).get(file).status_code == 403
    client.post(path, {"to": "published", "version": claim.version})
    imported.refresh_from_db()
    assert imported.user_id == claim.claimant_id
