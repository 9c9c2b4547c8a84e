"""Applying: saved step by step, sent when it is complete, by its doctor alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core.enums import State
from core.moderation import transition
from doctors import applying
from doctors.applying import Closed
from doctors.enums import EvidenceKind
from doctors.evidence import Paper
from doctors.models import Credential, Doctor, PostalPlace, PracticePlace, SentFile
from doctors.services import record_verification
from tests.factories import QuestionFactory, SpecialtyFactory, UserFactory, moderator, senior
from tests.racing import at_once

pytestmark = pytest.mark.django_db
PROOF = Paper(b"%PDF-1.7\n%%EOF\n", EvidenceKind.PDF)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    return settings.EVIDENCE_ROOT


def begun(**more: object) -> Doctor:
    fields = {"name": "Ada Moss", "title": "MD", "specialty": SpecialtyFactory(), **more}
    return applying.begin(by=UserFactory(), fields=fields)


def licence(**more: str) -> Credential:
    return Credential(**{"kind": "licence", "authority": "Medical board", "number": "A-1", **more})


def complete() -> Doctor:
    doctor = begun()
    applying.state_credential(doctor=doctor, by=doctor.user, credential=licence(), paper=PROOF)
    place = PracticePlace(name="Clinic", city="Lyon", country="FR")
    applying.add_place(doctor=doctor, by=doctor.user, place=place)
    return doctor


def test_what_is_missing_is_said_and_nothing_is_sent() -> None:
    doctor = begun()
    assert set(applying.missing(doctor)) == {"credentials", "places"}
    with pytest.raises(ValidationError):
        applying.send(doctor=doctor, by=doctor.user)
    doctor.refresh_from_db()
    assert doctor.state == State.DRAFT


def test_a_complete_application_waits_and_is_sent_again_after_questions() -> None:
    doctor, person = complete(), moderator()
    applying.send(doctor=doctor, by=doctor.user)
    doctor.refresh_from_db()
    assert (doctor.state, doctor.city, doctor.country) == (State.PENDING, "Lyon", "FR")
    with pytest.raises(Closed):
        applying.describe(doctor=doctor, by=doctor.user, fields={"bio": "More"})

    transition(doctor, to=State.DRAFT, by=person, reason="Which board?")
    seen = doctor.version
    applying.describe(doctor=doctor, by=doctor.user, fields={"bio": "The one of Lyon"})
    applying.send(doctor=doctor, by=doctor.user)
    doctor.refresh_from_db()
    assert (doctor.state, doctor.bio) == (State.PENDING, "The one of Lyon")
    assert doctor.version > seen


def test_nobody_writes_into_somebody_elses_application() -> None:
    doctor, other = begun(), UserFactory()
    with pytest.raises(Closed):
        applying.describe(doctor=doctor, by=other, fields={"name": "Eve"})
    with pytest.raises(Closed):
        applying.state_credential(doctor=doctor, by=other, credential=licence())
    assert not Credential.objects.exists()


def test_an_account_that_has_asked_stays_a_patients() -> None:
    asker = QuestionFactory(published=True).author
    with pytest.raises(Closed):
        applying.begin(by=asker, fields={"name": "Ada Moss"})
    assert not Doctor.objects.filter(user=asker).exists()


def test_files_go_with_what_they_prove(folder: Path) -> None:
    doctor = begun()
    applying.state_credential(doctor=doctor, by=doctor.user, credential=licence(), paper=PROOF)
    assert len(list(folder.iterdir())) == 1
    with pytest.raises(ValidationError, match="already"):
        applying.state_credential(doctor=doctor, by=doctor.user, credential=licence(), paper=PROOF)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_out_is_gone_from_the_disk(folder: Path) -> None:
    doctor = begun()
    kept = applying.state_credential(doctor=doctor, by=doctor.user, credential=licence(), paper=PROOF)
    applying.state_credential(doctor=doctor, by=doctor.user, credential=kept, paper=PROOF)
    assert len(list(folder.iterdir())) == 2
    applying.drop_file(doctor=doctor, by=doctor.user, file=SentFile.objects.first())
    assert len(list(folder.iterdir())) == 1
    applying.drop_credential(doctor=doctor, by=doctor.user, credential=kept)
    assert list(folder.iterdir()) == []


def test_what_a_moderator_has_checked_is_not_taken_out() -> None:
    doctor, person = complete(), senior()
    applying.send(doctor=doctor, by=doctor.user)
    held = doctor.credentials.get()
    record_verification(doctor=doctor, by=person, result="refused", source="Register", credential=held)
    doctor.refresh_from_db()
    transition(doctor, to=State.DRAFT, by=person, reason="Another number?")
    with pytest.raises(ValidationError, match="stays"):
        applying.drop_credential(doctor=doctor, by=doctor.user, credential=held)
    assert SentFile.objects.filter(credential=held).exists()


@pytest.mark.django_db(transaction=True)
def test_two_windows_begin_one_application() -> None:
    person = UserFactory()
    fields = {"name": "Ada Moss", "title": "MD"}
    at_once(*[lambda: applying.begin(by=person, fields=fields)] * 3)
    assert Doctor.objects.filter(user=person).count() == 1


def test_a_place_is_found_by_its_zip_code_and_elsewhere_has_a_name_alone() -> None:
    call_command("load_postal_places")
    call_command("load_postal_places")
    assert PostalPlace.objects.count() > 40_000
    here = PracticePlace(country="US", postal_code="38104-1234")
    applying.locate(here)
    assert (round(here.latitude), round(here.longitude)) == (35, -90)
    there = PracticePlace(country="FR", postal_code="38104")
    applying.locate(there)
    assert there.latitude is there.longitude is None


def test_a_place_has_both_coordinates_or_none() -> None:
    with pytest.raises(IntegrityError, match="lies_on_earth"), transaction.atomic():
        PracticePlace.objects.create(doctor=begun(), name="x", city="x", country="US", latitude=1.0)


def test_a_credential_is_renewed_year_after_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "FILES", 2)
    doctor = complete()
    person, held = doctor.user, doctor.credentials.get()
    applying.send(doctor=doctor, by=person)
    transition(Doctor.objects.get(), to=State.PUBLISHED, by=senior())
    for _ in range(3):
        record_verification(doctor=doctor, by=senior(), result="verified", source="Register", credential=held)
        for _ in range(2):
            applying.renew(doctor=doctor, by=person, credential=held, paper=PROOF)
        with pytest.raises(ValidationError, match="At most 2 files"):
            applying.renew(doctor=doctor, by=person, credential=held, paper=PROOF)
    assert SentFile.objects.count() == 7
