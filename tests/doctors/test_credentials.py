"""What an answer may say of its author, who may vouch for it, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.audit import record, trail
from doctors.models import Credential, Doctor
from doctors.services import record_verification
from tests.factories import CredentialFactory, DoctorFactory, senior

pytestmark = pytest.mark.django_db
NONE = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}


@pytest.fixture
def doctor() -> Doctor:
    return DoctorFactory(published=True)


def verify(doctor: Doctor, **fields: object) -> None:
    record_verification(doctor=doctor, by=senior(), **{"result": "verified", "source": "Register", **fields})


def named(doctor: Doctor) -> tuple[str, str]:
    snapshot = Doctor.objects.get(pk=doctor.pk).snapshot()
    return snapshot["board"], snapshot["licence"]


def test_an_answer_names_only_what_somebody_has_checked(doctor: Doctor) -> None:
    CredentialFactory(doctor=doctor, authority="A board nobody asked")
    licence = CredentialFactory(doctor=doctor, kind="licence", authority="State board")
    assert named(doctor) == ("", "")
    verify(doctor, credential=licence)
    assert named(doctor) == ("", "State board")


def test_a_check_of_all_covers_what_stood_there_and_not_what_came_later(doctor: Doctor) -> None:
    CredentialFactory(doctor=doctor, kind="licence", authority="State board")
    verify(doctor)
    CredentialFactory(doctor=doctor, authority="A later board")
    assert named(doctor) == ("", "State board")


def test_a_check_that_found_a_credential_wanting_ends_the_earlier_one(doctor: Doctor) -> None:
    board = CredentialFactory(doctor=doctor, authority="A board")
    verify(doctor, credential=board)
    verify(doctor, credential=board, result="refused")
    assert named(doctor) == ("", "")


def test_the_profile_says_of_them_what_the_snapshot_says(client, doctor: Doctor) -> None:
    verify(doctor)
    CredentialFactory(doctor=doctor, authority="A later board")
    assert "As stated by the doctor; not checked yet" in client.get(doctor.get_absolute_url()).text


def change(client, credential: Credential, **fields: str) -> None:
    """Edit one credential on the profile's form in the admin."""
    doctor = credential.doctor
    row = {"id": credential.pk, "doctor": doctor.pk, "kind": credential.kind, **fields}
    row = {"authority": credential.authority, "number": credential.number, "expires_on": "", **row}
    data = {
        f"{prefix}-{name}": value for prefix in ("places", "verifications") for name, value in NONE.items()
    }
    data |= {
        f"credentials-{name}": value
        for name, value in {**NONE, "TOTAL_FORMS": "1", "INITIAL_FORMS": "1"}.items()
    }
    data |= {f"credentials-0-{name}": str(value) for name, value in row.items()}
    data |= {"name": doctor.name, "title": doctor.title, "country": "US", "account_email": doctor.user.email}
    response = client.post(reverse("admin:doctors_doctor_change", args=[doctor.pk]), data)
    assert response.status_code == 302, response.context["errors"]


def test_a_credential_that_is_rewritten_is_unchecked_again(sign_in, doctor: Doctor) -> None:
    board = CredentialFactory(doctor=doctor, authority="A board")
    verify(doctor)
    change(sign_in(senior()), board, authority="A grander board")
    assert named(doctor) == ("", "")


def test_a_verification_moves_with_the_expiry_but_never_beyond_its_word(sign_in, doctor: Doctor) -> None:
    said = timezone.localdate() + timedelta(days=200)
    credential = CredentialFactory(doctor=doctor, kind="licence", expires_on=said)
    verify(doctor, credential=credential)
    client = sign_in(senior())
    sooner = said - timedelta(days=100)
    for given, until in ((sooner, sooner), (said + timedelta(days=100), said), (None, said)):
        change(client, credential, expires_on=given.isoformat() if given else "")
        assert Doctor.objects.get().verified_until == until
    assert [entry.reason for entry in trail(doctor) if entry.action == "verification moved"] == [
        f"{sooner} → {said}: a credential was changed",
        f"{said} → {sooner}: a credential was changed",
    ]


def test_a_credential_that_turns_out_to_have_run_out_ends_the_verification(sign_in, doctor: Doctor) -> None:
    credential = CredentialFactory(doctor=doctor, kind="licence")
    verify(doctor, credential=credential)
    change(sign_in(senior()), credential, expires_on=str(timezone.localdate() - timedelta(days=1)))
    assert not Doctor.objects.verified_now().exists()
    assert "Licence not current" in sign_in(doctor.user).get(doctor.get_absolute_url()).text


def test_what_nobody_checked_does_not_shorten_a_verification(sign_in, doctor: Doctor) -> None:
    licence = CredentialFactory(doctor=doctor, kind="licence")
    verify(doctor, credential=licence, valid_until=timezone.localdate() + timedelta(days=30))
    unchecked = CredentialFactory(doctor=doctor, kind="licence")
    change(sign_in(senior()), unchecked, expires_on=str(timezone.localdate()))
    assert Doctor.objects.get().verified_until == timezone.localdate() + timedelta(days=30)


@pytest.mark.parametrize("action", ["add", "edit"])
def test_whoever_entered_a_profile_does_not_verify_it(sign_in, doctor: Doctor, action: str) -> None:
    """T-AZ-09: four eyes."""
    person = senior()
    record(actor=person, action=action, obj=doctor)
    with pytest.raises(PermissionDenied):
        record_verification(doctor=doctor, by=person, result="verified", source="Register")
    screen = reverse("admin:moderation_item", args=["doctor", doctor.pk])
    assert "somebody else verifies it" in sign_in(person).get(screen).text
    verify(doctor, credential=CredentialFactory(doctor=doctor, kind="licence"))
    assert Doctor.objects.get().is_verified_now


def test_whoever_entered_a_profile_does_not_verify_it_after_another_has_mended_it(doctor: Doctor) -> None:
    first, second, third = (senior() for _ in range(3))
    record(actor=first, action="add", obj=doctor)
    for person in (third, second):
        record(actor=person, action="edit", obj=doctor)
    for person in (first, second):
        with pytest.raises(PermissionDenied):
            record_verification(doctor=doctor, by=person, result="verified", source="Register")
    record_verification(doctor=doctor, by=third, result="verified", source="Register")
