"""The application's pages: one step each, saved, and nothing lost that was typed."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.enums import State
from core.models import AccessEntry
from core.moderation import transition
from doctors.chores import tidy_proofs
from doctors.models import Credential, Doctor, PostalPlace, PracticePlace, SentFile
from tests.factories import (
    CredentialFactory,
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    moderator,
    senior,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"
APPLY = "/desk/apply/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def dermatology():
    return SpecialtyFactory(name="Dermatology", nucc_code="207N00000X")


def draft() -> Doctor:
    return DoctorFactory(state=State.DRAFT, name="Ada Moss", city="", region="", country="")


def licence(**more: object) -> dict:
    return {"kind": "licence", "authority": "GMC", "number": "1234567", "country": "UK", **more}


@pytest.mark.parametrize("words", ["Dermatology (207N00000X)", "dermatology", "207n00000x"])
def test_the_specialty_is_chosen_by_name_or_code(sign_in, dermatology, words: str) -> None:
    person = UserFactory()
    sent = {"name": "  Ada   Moss ", "title": "MD", "chosen": words, "is_known": "on"}
    response = sign_in(person).post(f"{APPLY}you/", sent)
    assert response.url == f"{APPLY}credentials/"
    doctor = Doctor.objects.get(user=person)
    assert (doctor.name, doctor.specialty, doctor.state) == ("Ada Moss", dermatology, State.DRAFT)


def test_a_misspelt_specialty_is_answered_with_the_nearest_and_nothing_is_lost(sign_in, dermatology) -> None:
    sent = {"name": "Ada Moss", "title": "MD", "chosen": "Dermatolgy", "is_known": "on"}
    page = sign_in(UserFactory()).post(f"{APPLY}you/", sent).content.decode()
    assert "Did you mean: Dermatology?" in page
    assert 'value="Ada Moss"' in page
    assert 'value="Dermatolgy"' in page
    assert not Doctor.objects.exists()


def test_who_has_asked_as_a_patient_is_told_to_use_another_account(sign_in) -> None:
    client = sign_in(QuestionFactory(published=True).author)
    page = client.get(APPLY).content.decode()
    assert "must never be linked to what a patient asked" in page
    assert client.post(f"{APPLY}you/", {"name": "Ada"}).url == APPLY


def waiting_in(page: str) -> str:
    return re.search(r'name="waiting" value="([^"]+)"', page)[1]


def refused(client, url: str = f"{APPLY}credentials/") -> str:
    """The page of a licence whose number is wrong and whose proof is right."""
    sent = licence(number="12", evidence=SimpleUploadedFile("scan.pdf", PDF))
    response = client.post(url, sent)
    assert response.status_code == 400
    return response.content.decode()


class TestAGoodFileBesideABadNumber:
    def test_it_is_kept_and_goes_with_the_number_that_is_mended(self, sign_in, folder) -> None:
        doctor = draft()
        client = sign_in(doctor.user)
        page = refused(client)
        assert "A number of the General Medical Council is seven digits." in page
        assert "Your file is kept (PDF, " in page
        assert 'value="12"' in page
        assert not Credential.objects.exists()
        again = client.post(f"{APPLY}credentials/", licence(number="13", waiting=waiting_in(page)))
        assert waiting_in(again.content.decode()) == waiting_in(page)
        client.post(f"{APPLY}credentials/", licence(waiting=waiting_in(page)))
        proof = doctor.credentials.get().papers.get()
        assert (folder / proof.name).read_bytes() == PDF
        assert list((folder / "aside").iterdir()) == []

    def test_it_is_nobody_elses_whoever_knows_its_name(self, sign_in) -> None:
        name = waiting_in(refused(sign_in(draft().user)))
        other = DoctorFactory(state=State.DRAFT)
        page = sign_in(other.user).post(f"{APPLY}credentials/", licence(waiting=name)).content.decode()
        assert "Please choose the file again" in page
        assert not other.credentials.exists()

    def test_what_nobody_comes_back_for_goes_by_night_and_is_asked_for_again(self, sign_in, folder) -> None:
        doctor = draft()
        client = sign_in(doctor.user)
        name = waiting_in(refused(client))
        tidy_proofs()
        assert (folder / name).exists()
        long_ago = time.time() - 25 * 3600
        os.utime(folder / name, (long_ago, long_ago))
        tidy_proofs()
        assert not (folder / name).exists()
        page = client.post(f"{APPLY}credentials/", licence(waiting=name)).content.decode()
        assert "Please choose the file again" in page
        assert not doctor.credentials.exists()

    def test_a_few_wait_at_most_and_a_withdrawal_leaves_none(self, sign_in, folder) -> None:
        client = sign_in(draft().user)
        for _ in range(5):
            refused(client)
        assert len(list((folder / "aside").iterdir())) == 3
        client.post(f"{APPLY}withdraw/")
        assert list((folder / "aside").iterdir()) == []


def test_a_licence_is_entered_with_its_proof_and_taken_out_again(sign_in) -> None:
    doctor = draft()
    client = sign_in(doctor.user)
    client.post(f"{APPLY}credentials/", licence(evidence=SimpleUploadedFile("scan.pdf", PDF)))
    held = doctor.credentials.get()
    assert (held.country, held.papers.count()) == ("GB", 1)
    assert "Proof: PDF" in client.get(f"{APPLY}credentials/").content.decode()
    client.post(f"{APPLY}files/{held.papers.get().pk}/remove/")
    assert held.papers.count() == 0
    client.post(f"{APPLY}credentials/{held.pk}/", {"remove": "1"})
    assert not doctor.credentials.exists()


def test_a_place_of_the_us_is_completed_by_its_zip_code(sign_in) -> None:
    PostalPlace.objects.create(code="38104", city="Memphis", region="TN", latitude=35.1, longitude=-90.0)
    doctor = draft()
    sent = {"name": "Clinic", "country": "usa", "postal_code": "38104"}
    sign_in(doctor.user).post(f"{APPLY}places/", sent)
    place = doctor.places.get()
    assert (place.city, place.region, place.country, place.latitude) == ("Memphis", "TN", "US", 35.1)


def test_elsewhere_the_city_is_typed(sign_in) -> None:
    doctor = draft()
    client = sign_in(doctor.user)
    sent = {"name": "Clinique", "country": "fr", "postal_code": "69001"}
    assert "Name the city." in client.post(f"{APPLY}places/", sent).content.decode()
    client.post(f"{APPLY}places/", {**sent, "city": "Lyon"})
    assert doctor.places.get().latitude is None


def test_nobody_reaches_what_is_somebody_elses(sign_in) -> None:
    """T-AZ-12, T-AZ-13: a number in an address or a form that is not one's own leads nowhere."""
    mine, other = draft(), DoctorFactory(state=State.DRAFT)
    held = CredentialFactory(doctor=other)
    file = SentFile.objects.create(credential=held, name="x.pdf", kind="pdf", size=1, sha256="0" * 64)
    place = PracticePlace.objects.create(doctor=other, name="x", city="x", country="US")
    client = sign_in(mine.user)
    for path in (f"credentials/{held.pk}/", f"files/{file.pk}/remove/", f"places/{place.pk}/"):
        assert client.post(f"{APPLY}{path}", {"remove": "1"}).status_code == 404
    forged = {**licence(), "doctor": other.pk, "id": held.pk, "state": "published", "standing": "verified"}
    client.post(f"{APPLY}credentials/", forged)
    assert list(other.credentials.all()) == [held]
    assert mine.credentials.count() == 1
    client.post(f"{APPLY}more/", {"bio": "x", "state": "published", "standing": "verified", "user": "1"})
    mine.refresh_from_db()
    assert (mine.state, mine.standing) == (State.DRAFT, "unverified")


def test_a_sent_application_shows_its_progress_and_is_closed(sign_in) -> None:
    doctor = DoctorFactory(pending=True)
    CredentialFactory(doctor=doctor, authority="State board")
    client = sign_in(doctor.user)
    page = client.get(APPLY).content.decode()
    assert "Being checked" in page
    assert "State board" in page
    assert "Not checked yet" in page
    for step in ("you", "credentials", "places", "more", "review"):
        assert client.get(f"{APPLY}{step}/").url == APPLY


def test_questions_of_the_moderator_stand_above_the_steps(sign_in) -> None:
    doctor = DoctorFactory(pending=True)
    transition(doctor, to=State.DRAFT, by=moderator(), reason="Which board issued this?")
    page = sign_in(doctor.user).get(APPLY).content.decode()
    assert "Which board issued this?" in page
    assert "send it again" in page


def test_proof_is_shown_to_who_verifies_alone_once_it_was_sent_and_on_record(sign_in) -> None:
    doctor, me = draft(), senior()
    owner = sign_in(doctor.user)
    owner.post(f"{APPLY}credentials/", licence(evidence=SimpleUploadedFile("scan.pdf", PDF)))
    url = f"/admin/moderation/proof/{SentFile.objects.get().pk}/"
    assert sign_in(me).get(url).status_code == 404
    transition(doctor, to=State.PENDING, by=doctor.user)
    assert sign_in(moderator()).get(url).status_code == 403
    assert owner.get(url).status_code == 403
    response = sign_in(me).get(url)
    assert response.content == PDF
    assert "no-store" in response["Cache-Control"]
    assert AccessEntry.objects.filter(actor=me, object_type="doctors.sentfile").count() == 1
    assert url in sign_in(me).get(f"/admin/moderation/doctor/{doctor.pk}/").content.decode()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.dictionaries(
        st.sampled_from("name title chosen kind number country city bio postal_code".split()), st.text()
    )
)
def test_no_words_break_a_step(sign_in, words: dict[str, str]) -> None:
    doctor = Doctor.objects.filter(state=State.DRAFT).first() or draft()
    client = sign_in(doctor.user)
    for step in ("you", "credentials", "places", "more"):
        assert client.post(f"{APPLY}{step}/", words).status_code in {200, 302, 400}
