"""The doctor's pages: a draft is filled in step by step, loses nothing, and is sent once it is complete."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.enums import State
from core.images.models import Photo
from doctors import casework, consenting
from doctors.casework import Closed
from doctors.models import Case, Doctor, PracticePlace
from tests.doctors.cases.conftest import agreed, complete, kept, picture, sent
from tests.factories import CaseFactory, ConsentFactory, DoctorFactory, TreatmentFactory, UseFactory


def upload(name: str = "a.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(), "image/jpeg")


@pytest.fixture
def client(doctor: Doctor, sign_in) -> Client:
    return sign_in(doctor.user)


def test_a_refused_picture_costs_nothing_of_the_other(doctor: Doctor, client: Client) -> None:
    case = CaseFactory(doctor=doctor, views=())
    path = f"/desk/cases/{case.pk}/pictures/"
    said = {"view": "front", "before": upload(), "after": upload(content=b"no picture")}
    response = client.post(path, said)
    page = response.content.decode()
    assert response.status_code == 400
    assert "The file is no JPEG" in page
    name = Photo.objects.get().name
    assert f'value="{name}"' in page
    again = {"view": "front", "before_kept": name, "after": upload()}
    assert client.post(path, again).status_code == 302
    assert sorted(case.photos.values_list("role", flat=True)) == ["after", "before"]
    assert client.post(path, {"remove": "front"}).status_code == 302
    assert not Photo.objects.exists()


def test_nobody_takes_the_pictures_or_the_consent_of_another(doctor: Doctor, client: Client) -> None:
    """T-AZ-13."""
    other = DoctorFactory(verified=True)
    case, theirs = CaseFactory(doctor=doctor, views=()), kept(other)
    said = {"view": "front", "before_kept": theirs.name, "after": upload()}
    assert client.post(f"/desk/cases/{case.pk}/pictures/", said).status_code == 400
    foreign = ConsentFactory(doctor=other)
    assert client.post("/desk/cases/new/", {"consent": foreign.pk}).status_code == 400
    with pytest.raises(Closed):
        casework.begin(doctor=doctor, by=doctor.user, consent=foreign)
    with pytest.raises(Closed):
        casework.describe(case=CaseFactory(doctor=other), by=doctor.user, fields={"words": "x"})


def test_days_between_are_counted_and_the_days_forgotten(doctor: Doctor) -> None:
    case = CaseFactory(doctor=doctor, views=(), days_after=None)
    sides = [kept(doctor), kept(doctor)]
    for photo, day in zip(sides, (date(2026, 1, 1), date(2026, 1, 31)), strict=True):
        Photo.objects.filter(pk=photo.pk).update(taken_on=day)
    with pytest.raises(ValidationError, match="swapped"):
        casework.add_pair(case=case, by=doctor.user, view="front", before=sides[1], after=sides[0])
    casework.add_pair(case=case, by=doctor.user, view="front", before=sides[0], after=sides[1])
    case.refresh_from_db()
    assert case.days_after == 30
    assert set(Photo.objects.values_list("taken_on", flat=True)) == {None}


def test_what_is_missing_is_said_and_nothing_is_sent(doctor: Doctor, client: Client) -> None:
    case = casework.begin(doctor=doctor, by=doctor.user, consent=ConsentFactory(doctor=doctor))
    page = client.get(f"/desk/cases/{case.pk}/").content.decode()
    for said in ("Name the treatment", "Add at least one view", "Confirm that nothing"):
        assert said in page
    client.post(f"/desk/cases/{case.pk}/")
    case.refresh_from_db()
    assert case.state == State.DRAFT


def test_the_use_is_one_of_the_treatment(doctor: Doctor, client: Client) -> None:
    case, treatment, foreign = CaseFactory(doctor=doctor), TreatmentFactory(), UseFactory()
    said = {"treatment": treatment.pk, "use": foreign.pk, "technique": "Six points"}
    response = client.post(f"/desk/cases/{case.pk}/facts/", said)
    assert response.status_code == 400
    assert "Six points" in response.content.decode()


def test_sent_withdrawn_changed_and_sent_again(doctor: Doctor, client: Client) -> None:
    case, _ = sent(doctor)
    with pytest.raises(Closed):
        casework.describe(case=case, by=doctor.user, fields={"words": "x"})
    assert client.post(f"/desk/cases/{case.pk}/withdraw/").status_code == 302
    client.post(f"/desk/cases/{case.pk}/")
    case.refresh_from_db()
    assert (case.state, case.version) == (State.PENDING, 2)


def test_a_draft_nobody_has_seen_is_thrown_away_with_its_pictures(doctor: Doctor, client: Client) -> None:
    case, _ = complete(doctor)
    assert client.post(f"/desk/cases/{case.pk}/withdraw/").status_code == 302
    assert not Case.objects.exists()
    assert not Photo.objects.exists()


def test_a_practice_in_germany_shows_none_and_is_told_the_law(doctor: Doctor, client: Client) -> None:
    """T-MS-05."""
    case, _ = complete(doctor)
    PracticePlace.objects.create(doctor=doctor, name="Praxis", city="Hamburg", country="DE")
    assert "Heilmittelwerbegesetz" in client.get("/desk/cases/").content.decode()
    with pytest.raises(ValidationError, match="Heilmittelwerbegesetz"):
        casework.send(case=case, by=doctor.user)
    with pytest.raises(PermissionDenied):
        consenting.ask(doctor=doctor, by=doctor.user, fields=agreed())


def test_paper_needs_the_paper_and_nothing_typed_is_lost(doctor: Doctor, client: Client) -> None:
    said = {"label": "Record 9", "uses": ["doctor"], "how": "paper", "years": 2, "is_adult": "on"}
    response = client.post("/desk/consents/new/", said)
    page = response.content.decode()
    assert response.status_code == 400
    assert "Add the document they signed" in page
    assert "Record 9" in page
    assert not doctor.consents.exists()
