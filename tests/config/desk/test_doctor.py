"""Doctors: entered in the admin, decided by somebody else, verified in records that stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.audit import trail
from core.enums import State
from doctors.enums import Standing
from doctors.models import Credential, Doctor, PracticePlace, Verification
from doctors.services import record_verification
from tests.factories import CredentialFactory, DoctorFactory, SpecialtyFactory, UserFactory, moderator, senior

pytestmark = pytest.mark.django_db
ADD = "/admin/doctors/doctor/add/"
MANAGEMENT = {
    f"{prefix}-{name}": "0"
    for prefix in ("credentials", "places", "verifications")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
}


def entered(**fields: str) -> dict[str, str]:
    return {"name": "Élise  Martin", "title": "MD", "city": "Lyon", "country": "fr", **MANAGEMENT, **fields}


def screen(doctor: Doctor) -> str:
    return reverse("admin:moderation_item", args=["doctor", doctor.pk])


def checked(doctor: Doctor, **fields: str) -> dict[str, str]:
    data = {"result": "verified", "source": "State register", **fields}
    return {f"verification-{name}": value for name, value in data.items()}


def record_url(doctor: Doctor) -> str:
    return reverse("admin:moderation_verification", args=[doctor.pk])


def test_a_profile_is_entered_with_its_credentials_and_waits(sign_in) -> None:
    account, person = UserFactory(), moderator()
    data = entered(account_email=account.email.upper(), specialty=str(SpecialtyFactory().pk))
    data |= {
        "credentials-TOTAL_FORMS": "1",
        "credentials-0-kind": "licence",
        "credentials-0-authority": "Conseil national",
        "credentials-0-number": "FR-1234",
        "places-TOTAL_FORMS": "1",
        "places-0-name": "Clinique du Parc",
        "places-0-city": "Lyon",
        "places-0-country": "FR",
    }
    client = sign_in(person)
    response = client.post(ADD, data)
    doctor = Doctor.objects.get()
    assert response["Location"] == screen(doctor)
    assert (doctor.name, doctor.slug, doctor.country) == ("Élise Martin", "elise-martin", "FR")
    assert (doctor.user, doctor.state, doctor.standing) == (account, State.PENDING, Standing.UNVERIFIED)
    assert doctor.credentials.get().number == "FR-1234"
    assert doctor.places.get().name == "Clinique du Parc"
    assert [(entry.action, entry.actor) for entry in trail(doctor)] == [("submit", person), ("add", person)]


def test_whoever_entered_a_profile_does_not_publish_it(sign_in) -> None:
    """T-AZ-09"""
    person = moderator()
    client = sign_in(person)
    client.post(ADD, entered())
    doctor = Doctor.objects.get()
    assert "another moderator decides" in client.get(screen(doctor)).text
    assert client.post(screen(doctor), {"to": "published", "version": 1}).status_code == 403
    sign_in(moderator()).post(screen(doctor), {"to": "published", "version": 1})
    doctor.refresh_from_db()
    assert doctor.state == State.PUBLISHED
    assert doctor.moderated_by != person


def test_a_profile_sent_back_is_submitted_again_by_whoever_mends_it(sign_in) -> None:
    client, other = sign_in(moderator()), sign_in(moderator())
    client.post(ADD, entered())
    doctor = Doctor.objects.get()
    other.post(screen(doctor), {"to": "draft", "version": 1, "reason_code": "not-proven"})
    edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
    assert client.post(edit, entered(city="Paris"))["Location"] == screen(doctor)
    doctor.refresh_from_db()
    assert (doctor.state, doctor.city, doctor.version) == (State.DRAFT, "Paris", 2)
    client.post(screen(doctor), {"to": "pending", "version": 2})
    doctor.refresh_from_db()
    assert doctor.state == State.PENDING


def test_two_doctors_of_one_name_have_two_addresses(sign_in) -> None:
    client = sign_in(moderator())
    client.post(ADD, entered())
    client.post(ADD, entered())
    assert sorted(Doctor.objects.values_list("slug", flat=True)) == ["elise-martin", "elise-martin-2"]


def test_nobody_gives_themselves_a_profile(sign_in) -> None:
    person = moderator()
    response = sign_in(person).post(ADD, entered(account_email=person.email))
    assert "Nobody gives themselves a profile" in response.text
    assert not Doctor.objects.exists()


@pytest.mark.parametrize("whose", ["nobody@example.org", "taken"])
def test_an_account_must_exist_and_be_free(whose: str, sign_in) -> None:
    email = DoctorFactory().user.email if whose == "taken" else whose
    response = sign_in(moderator()).post(ADD, entered(account_email=email))
    assert response.status_code == 200
    assert Doctor.objects.filter(name="Élise Martin").count() == 0


@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("to", ["another", "nobody"])
def test_one_moderator_does_not_give_a_verified_name_to_another_account(
    has_account: bool, to: str, sign_in
) -> None:
    """T-AZ-10: whoever has the account answers under that name, and another's own words could be rewritten."""
    doctor = DoctorFactory(verified=True)
    if not has_account:
        Doctor.objects.update(user=None)
    before = Doctor.objects.get().user_id
    edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
    data = entered(name=doctor.name, account_email=UserFactory().email if to == "another" else "")
    response = sign_in(senior()).post(edit, data)
    assert Doctor.objects.get().user_id == before
    assert ("only an administrator" in response.text) is (has_account or to == "another")
    sign_in(UserFactory(is_staff=True, is_superuser=True)).post(edit, data)
    assert (Doctor.objects.get().user_id is None) is (to == "nobody")


def test_ones_own_profile_is_kept_by_others(sign_in) -> None:
    person = senior()
    doctor = DoctorFactory(user=person, published=True)
    CredentialFactory(doctor=doctor)
    client = sign_in(person)
    edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
    assert client.post(edit, entered(city="Elsewhere")).status_code == 403
    assert client.post(record_url(doctor), checked(doctor)).status_code == 403
    assert "somebody else verifies it" in client.get(screen(doctor)).text
    doctor.refresh_from_db()
    assert (doctor.city, doctor.standing) == ("Memphis", Standing.UNVERIFIED)


def test_what_a_doctor_published_is_not_rewritten(sign_in) -> None:
    doctor = DoctorFactory(verified=True, bio="My own words.", conflicts="None.")
    edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
    data = entered(
        name=doctor.name, account_email=doctor.user.email, bio="Somebody else's", conflicts="Bought"
    )
    sign_in(senior()).post(edit, data)
    doctor.refresh_from_db()
    assert (doctor.bio, doctor.conflicts, doctor.city) == ("My own words.", "None.", "Lyon")


def test_a_form_left_open_does_not_undo_a_decision(sign_in) -> None:
    doctor = DoctorFactory(pending=True)
    edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
    data = entered(
        account_email=doctor.user.email, state="draft", standing="verified", slug="other", version="9"
    )
    sign_in(senior()).post(edit, data)
    fresh = Doctor.objects.get()
    assert (fresh.state, fresh.standing, fresh.slug, fresh.version) == (
        State.PENDING,
        Standing.UNVERIFIED,
        doctor.slug,
        2,
    )


def test_a_check_does_not_lift_a_suspension_that_came_at_the_same_moment() -> None:
    """T-RC-02: what can follow on what was judged before the row was locked."""
    first, second = senior(handle="first-one"), senior(handle="second-one")
    doctor = DoctorFactory(verified=True)
    as_the_first_saw_it = Doctor.objects.get()
    record_verification(doctor=doctor, by=second, result="suspended", source="Letter", note="Licence lost.")
    with pytest.raises(ValidationError, match="nothing was recorded"):
        record_verification(doctor=as_the_first_saw_it, by=first, result="verified", source="Register")
    assert Doctor.objects.get().standing == Standing.SUSPENDED
    assert Verification.objects.count() == 1


def test_a_suspension_needs_a_reason_and_is_lifted_with_a_record(sign_in) -> None:
    doctor = DoctorFactory(verified=True)
    licence = CredentialFactory(doctor=doctor, kind="licence")
    client = sign_in(senior())
    refused = client.post(record_url(doctor), checked(doctor, result="suspended"))
    assert refused.status_code == 400
    assert "A suspension needs a reason" in refused.text
    client.post(record_url(doctor), checked(doctor, result="suspended", note="Licence lapsed."))
    doctor.refresh_from_db()
    assert doctor.standing == Standing.SUSPENDED
    client.post(record_url(doctor), checked(doctor, result="restored", credential=str(licence.pk)))
    doctor.refresh_from_db()
    assert doctor.standing == Standing.VERIFIED
    assert list(Verification.objects.values_list("result", flat=True)) == ["restored", "suspended"]


@pytest.mark.parametrize("named", ["nothing", "board", "run out"])
def test_nobody_is_restored_but_by_a_licence_that_is_current(named: str, sign_in) -> None:
    doctor = DoctorFactory(suspended=True)
    board = CredentialFactory(doctor=doctor)
    over = CredentialFactory(
        doctor=doctor, kind="licence", expires_on=timezone.localdate() - timedelta(days=1)
    )
    credential = {"nothing": "", "board": str(board.pk), "run out": str(over.pk)}[named]
    response = sign_in(senior()).post(
        record_url(doctor), checked(doctor, result="restored", credential=credential)
    )
    assert response.status_code == 400
    assert "licence" in response.context["verification"].errors.as_text()
    assert not Verification.objects.exists()


@pytest.mark.parametrize("field", ["credential", "result", "source", "valid_until", "checked_on"])
def test_forged_verifications_change_nothing(field: str, sign_in) -> None:
    """T-AZ-12"""
    doctor = DoctorFactory(suspended=True)
    licence = CredentialFactory(doctor=doctor, kind="licence")
    yesterday = (timezone.now().date() - timedelta(days=1)).isoformat()
    forged = {
        "credential": str(CredentialFactory(kind="licence").pk),
        "result": "verified",
        "source": "\u202e \u200b",
        "valid_until": yesterday,
        "checked_on": "never",
    }[field]
    data = {"result": "restored", "credential": str(licence.pk), field: forged}
    response = sign_in(senior()).post(record_url(doctor), checked(doctor, **data))
    assert response.status_code == 400
    assert not Verification.objects.exists()


def test_forged_rows_of_the_form_stay_with_the_doctor_they_belong_to(sign_in) -> None:
    """T-AZ-12"""
    doctor, other = DoctorFactory(pending=True), CredentialFactory(number="OF-ANOTHER")
    mine = CredentialFactory(doctor=doctor)
    place = PracticePlace.objects.create(doctor=other.doctor, name="Theirs", city="X", country="US")
    data = entered(account_email=doctor.user.email) | {
        "credentials-TOTAL_FORMS": "2",
        "credentials-INITIAL_FORMS": "2",
        "credentials-0-id": str(other.pk),
        "credentials-0-doctor": str(doctor.pk),
        "credentials-0-kind": "board",
        "credentials-0-authority": "Stolen",
        "credentials-1-id": str(mine.pk),
        "credentials-1-doctor": str(doctor.pk),
        "credentials-1-kind": "board",
        "credentials-1-authority": mine.authority,
        "credentials-1-DELETE": "on",
        "places-TOTAL_FORMS": "1",
        "places-INITIAL_FORMS": "1",
        "places-0-id": str(place.pk),
        "places-0-doctor": str(doctor.pk),
        "places-0-DELETE": "on",
        "verifications-TOTAL_FORMS": "1",
        "verifications-0-result": "verified",
        "verifications-0-source": "nowhere",
    }
    sign_in(senior()).post(reverse("admin:doctors_doctor_change", args=[doctor.pk]), data)
    other.refresh_from_db()
    assert (other.authority, other.doctor_id) == ("American Board of Dermatology", other.doctor.pk)
    assert Credential.objects.filter(pk=mine.pk).exists()
    assert PracticePlace.objects.filter(pk=place.pk).exists()
    assert not Verification.objects.exists()
