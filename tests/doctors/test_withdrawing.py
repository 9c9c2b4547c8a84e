"""An application or a claim is taken back with all that was sent for it, and one may begin again."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.privacy.erasing import erase
from core.enums import State
from core.models import AuditEntry
from core.moderation import TransitionError, transition
from doctors import applying
from doctors.models import Doctor, ProfileClaim, SentFile
from doctors.permissions import may_apply
from doctors.services import record_verification
from doctors.withdrawing import withdraw_application
from tests.doctors.test_applying import PROOF, complete, licence
from tests.doctors.test_claiming import imported as imported
from tests.doctors.test_claiming import proof
from tests.factories import AnswerFactory, DoctorFactory, UserFactory, moderator, senior
from tests.racing import at_once

pytestmark = pytest.mark.django_db
WITHDRAW = "/desk/apply/withdraw/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    return settings.EVIDENCE_ROOT


def sent() -> Doctor:
    doctor = complete()
    return applying.send(doctor=doctor, by=doctor.user)


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_gone_and_one_may_apply_again(sign_in, folder: Path) -> None:
    doctor = sent()
    person = doctor.user
    client = sign_in(person)
    assert f'href="{WITHDRAW}"' in client.get("/desk/apply/").content.decode()
    assert "Ada Moss" in client.get(WITHDRAW).content.decode()
    doctor.refresh_from_db()
    assert doctor.state == State.PENDING

    assert client.post(WITHDRAW, follow=True).content.count(b"Begin") == 1
    assert client.post(WITHDRAW).url == "/desk/apply/"
    doctor.refresh_from_db()
    assert (doctor.state, doctor.user, doctor.city) == (State.WITHDRAWN, None, "")
    assert "Moss" not in f"{doctor.name} {doctor.slug}"
    assert not SentFile.objects.exists()
    assert list(folder.iterdir()) == []
    entry = AuditEntry.objects.filter(object_id=doctor.pk, object_type="doctors.doctor").first()
    assert (entry.actor, entry.action) == (person, "withdraw")
    again = applying.begin(by=type(person).objects.get(pk=person.pk), fields={"name": "Ada Moss"})
    assert (again.slug, Doctor.objects.pending().count()) == ("ada-moss", 0)


@pytest.mark.django_db(transaction=True)
def test_that_a_credential_was_checked_stays_without_its_number_and_papers(folder: Path) -> None:
    doctor, me = sent(), senior()
    person, held = doctor.user, doctor.credentials.get()
    record_verification(
        doctor=doctor, by=me, result="verified", source="Register", credential=held, evidence=PROOF
    )
    doctor.refresh_from_db()
    transition(doctor, to=State.DRAFT, by=me, reason="Ask Ada which board")
    withdraw_application(doctor=doctor, by=person)
    doctor.refresh_from_db()
    held.refresh_from_db()
    assert (doctor.standing, doctor.verifications.count(), list(folder.iterdir())) == ("unverified", 1, [])
    assert held.number != "A-1"
    erase(person.pk)
    assert not AuditEntry.objects.filter(reason__contains="Ada").exists()


def test_what_readers_know_or_a_moderator_decided_is_kept_and_says_what_to_do(sign_in) -> None:
    public = DoctorFactory(verified=True)
    response = sign_in(public.user).post(WITHDRAW)
    assert response.status_code == 409
    assert "erase your account" in response.content.decode()
    rejected = DoctorFactory(rejected=True)
    assert "appeal" in sign_in(rejected.user).get(WITHDRAW).content.decode()
    undone = AnswerFactory(pending=True, doctor__state=State.DRAFT).doctor
    for doctor in (public, rejected, undone):
        with pytest.raises(TransitionError):
            withdraw_application(doctor=doctor, by=doctor.user)
        doctor.refresh_from_db()
        assert doctor.user is not None


def test_nobody_withdraws_somebody_elses() -> None:
    doctor = sent()
    with pytest.raises(TransitionError):
        withdraw_application(doctor=doctor, by=UserFactory())
    doctor.refresh_from_db()
    assert doctor.state == State.PENDING


@pytest.mark.django_db(transaction=True)
def test_withdrawing_while_a_moderator_approves_only_one_happens() -> None:
    doctor, me = sent(), moderator()
    person = doctor.user
    outcomes = at_once(
        lambda: withdraw_application(doctor=doctor, by=person),
        lambda: transition(Doctor.objects.get(pk=doctor.pk), to=State.PUBLISHED, by=me),
    )
    assert sum(isinstance(one, TransitionError) for one in outcomes) == 1, outcomes
    doctor.refresh_from_db()
    gone = doctor.state == State.WITHDRAWN
    assert doctor.is_public is not gone
    assert may_apply(type(person).objects.get(pk=person.pk)) is gone


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_withdrawn_with_its_proof_and_made_again(imported, sign_in, folder: Path) -> None:
    person = UserFactory()
    client, url = sign_in(person), f"/desk/claim/{imported.slug}/"
    client.post(url, proof())
    assert f'href="{url}withdraw/"' in client.get(url).content.decode()
    assert "deleted" in client.get(f"{url}withdraw/").content.decode()
    assert sign_in(UserFactory()).get(f"{url}withdraw/").status_code == 404
    assert client.post(f"{url}withdraw/").url == url
    assert (ProfileClaim.objects.get().state, list(folder.iterdir())) == (State.WITHDRAWN, [])
    assert client.post(f"{url}withdraw/").status_code == 409
    client.post(url, proof())
    claim = ProfileClaim.objects.get(state=State.PENDING)
    transition(claim, to=State.PUBLISHED, by=senior())
    refused = client.post(f"{url}withdraw/")
    assert refused.status_code == 409
    assert "report the" in refused.content.decode()
    imported.refresh_from_db()
    assert imported.user_id == person.pk


def test_a_draft_is_withdrawn_too() -> None:
    doctor = applying.begin(by=UserFactory(), fields={"name": "Ada Moss"})
    applying.state_credential(doctor=doctor, by=doctor.user, credential=licence())
    withdraw_application(doctor=doctor, by=doctor.user)
    doctor.refresh_from_db()
    assert (doctor.state, doctor.credentials.count()) == (State.WITHDRAWN, 0)


def test_a_form_that_a_moderator_had_open_brings_nothing_back(sign_in) -> None:
    doctor, desk = complete(), sign_in(senior())
    applying.send(doctor=doctor, by=doctor.user)
    form = f"/admin/doctors/doctor/{doctor.pk}/change/"
    page = desk.get(form)
    shown = page.context["adminform"].form.initial
    sent = {"name": doctor.name, "title": "MD", "account_email": shown["account_email"], "bio": "Still here."}
    for inline in page.context["inline_admin_formsets"]:
        sent |= {f"{inline.formset.prefix}-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    withdraw_application(doctor=Doctor.objects.get(), by=doctor.user)
    assert desk.post(form, sent).status_code == 403
    row = Doctor.objects.get()
    assert (row.user, row.name == doctor.name, row.bio) == (None, False, "")
