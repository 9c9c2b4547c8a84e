"""The checklist of a doctor: a row per credential, a check of each, and the evidence that few may see."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.audit import record, trail
from core.enums import Private
from core.models import AccessEntry
from doctors.enums import EvidenceKind, Standing
from doctors.evidence import Paper
from doctors.models import Credential, Doctor, EvidenceFile, Verification
from doctors.services import record_verification
from tests.factories import CredentialFactory, DoctorFactory, UserFactory, moderator, senior

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def doctor() -> Doctor:
    return DoctorFactory(published=True)


@pytest.fixture
def licence(doctor: Doctor) -> Credential:
    soon = timezone.localdate() + timedelta(days=200)
    return CredentialFactory(doctor=doctor, kind="licence", authority="State board", expires_on=soon)


def screen(doctor: Doctor) -> str:
    return reverse("admin:moderation_item", args=["doctor", doctor.pk])


def url(doctor: Doctor) -> str:
    return reverse("admin:moderation_checks", args=[doctor.pk])


def said_of(credential: Credential, **fields: object) -> dict[str, object]:
    last = credential.verifications.first()
    data = {"result": "verified", "source": "State register", "seen": last.pk if last else 0, **fields}
    return {f"check-{credential.pk}-{name}": value for name, value in data.items()}


def row_of(page: str, credential: Credential) -> str:
    return page.split(f'id="credential-{credential.pk}"', 1)[1].split("</article>", 1)[0]


def kept(doctor: Doctor, credential: Credential, **more: object) -> EvidenceFile:
    check = record_verification(
        doctor=doctor,
        by=senior(),
        result="verified",
        source="Letter",
        credential=credential,
        evidence=Paper(PDF, EvidenceKind.PDF),
        **more,
    )
    return check.evidence


def test_a_row_says_what_it_is_what_its_number_looks_like_and_what_was_found_last(sign_in, doctor) -> None:
    gmc = CredentialFactory(
        doctor=doctor, kind="licence", authority="General Medical Council", country="GB", number="12-34567"
    )
    odd = CredentialFactory(
        doctor=doctor, kind="npi", authority="NPPES", country="US", number="1234567890", expires_on=None
    )
    client = sign_in(senior(handle="the-checker"))
    page = client.get(screen(doctor)).text
    assert "12-34567" in row_of(page, gmc)
    assert "Right for the General Medical Council" in row_of(page, gmc)
    assert "Not checked yet" in row_of(page, gmc)
    assert "https://www.gmc-uk.org/registrants" in row_of(page, gmc)
    assert "check digit is wrong" in row_of(page, odd)
    client.post(url(doctor), said_of(gmc, source="The GMC’s register", note="Rang as well."))
    row = row_of(client.get(screen(doctor)).text, gmc)
    due = gmc.verifications.get().due_on
    for words in ("As stated", "by the-checker", "The GMC’s register", f"{due:%-d %B %Y}"):
        assert words in row


def test_whoever_may_not_verify_sees_the_rows_without_number_form_or_evidence(
    sign_in, doctor, licence
) -> None:
    kept(doctor, licence)
    page = sign_in(moderator()).get(screen(doctor)).text
    assert "Letter" in row_of(page, licence)
    assert licence.number not in page
    assert "Record a check" not in page
    assert "/evidence/" not in page


def test_one_licence_found_as_stated_verifies_the_profile_until_it_ends(sign_in, doctor, licence) -> None:
    response = sign_in(senior()).post(url(doctor), said_of(licence))
    assert response["Location"] == screen(doctor)
    doctor.refresh_from_db()
    assert (doctor.standing, doctor.verified_until) == (Standing.VERIFIED, licence.expires_on)
    assert doctor.verified_on == timezone.localdate()


def test_certificates_and_numbers_alone_verify_nobody(sign_in, doctor) -> None:
    board, npi = CredentialFactory(doctor=doctor), CredentialFactory(doctor=doctor, kind="npi", number="")
    sign_in(senior()).post(url(doctor), {**said_of(board), **said_of(npi)})
    doctor.refresh_from_db()
    assert Verification.objects.count() == 2
    assert doctor.standing == Standing.UNVERIFIED


def test_a_licence_found_otherwise_ends_it_whatever_else_was_found(sign_in, doctor, licence) -> None:
    other = CredentialFactory(doctor=doctor, kind="licence", authority="Another state")
    client = sign_in(senior())
    client.post(url(doctor), {**said_of(licence), **said_of(other)})
    assert Doctor.objects.get().is_verified_now
    client.post(url(doctor), said_of(other, result="refused", source="Not in the register"))
    assert Doctor.objects.get().standing == Standing.UNVERIFIED
    assert "Not as stated" in row_of(client.get(screen(doctor)).text, other)


def test_a_check_while_suspended_is_recorded_and_lifts_nothing(sign_in, licence, doctor) -> None:
    Doctor.objects.update(standing="suspended", verified_on=timezone.localdate())
    sign_in(senior()).post(url(doctor), said_of(licence))
    assert Doctor.objects.get().standing == Standing.SUSPENDED
    assert licence.verifications.get().is_positive


def test_a_wrong_row_keeps_nothing_from_the_others_and_keeps_its_own_words(sign_in, doctor, licence) -> None:
    board = CredentialFactory(doctor=doctor)
    client = sign_in(senior())
    data = {
        **said_of(licence, evidence=SimpleUploadedFile("a.pdf", PDF)),
        **said_of(board, result="", source="A letter", note="What I wrote down."),
        f"check-{board.pk}-evidence": SimpleUploadedFile("b.pdf", PDF),
    }
    response = client.post(url(doctor), data)
    assert response.status_code == 400
    assert list(Verification.objects.values_list("credential", flat=True)) == [licence.pk]
    assert EvidenceFile.objects.get().verification.credential == licence
    row = row_of(response.text, board)
    for words in ("Choose what the source says", "A letter", "What I wrote down.", "choose the file again"):
        assert words in row
    assert "As stated" in row_of(response.text, licence)
    again = client.post(url(doctor), said_of(board, note="What I wrote down."))
    assert again.status_code == 302
    assert Verification.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "\u202e \u200b"),
        ("result", "suspended"),
        ("checked_on", "never"),
        ("checked_on", "2999-01-01"),
        ("valid_until", "2001-01-01"),
        ("seen", "x"),
        ("seen", "999"),
        ("evidence", SimpleUploadedFile("x.pdf", b"no pdf")),
    ],
)
def test_forged_checks_record_nothing(field: str, value: object, sign_in, doctor, licence, folder) -> None:
    """T-AZ-12"""
    response = sign_in(senior()).post(url(doctor), said_of(licence, **{field: value}))
    assert response.status_code == 400
    assert not Verification.objects.exists()
    assert not folder.exists()


def test_a_credential_of_somebody_else_is_not_checked_here(sign_in, doctor, licence) -> None:
    """T-AZ-12"""
    other = CredentialFactory(kind="licence")
    sign_in(senior()).post(url(doctor), said_of(other))
    assert not Verification.objects.exists()


def test_of_two_who_check_at_once_the_second_sees_what_the_first_found(sign_in, doctor, licence) -> None:
    """T-RC-02; and a form that is sent twice records one check."""
    first, second = sign_in(senior()), sign_in(senior())
    data = said_of(licence, note="Mine.")
    first.post(url(doctor), said_of(licence, source="Letter of the board"))
    response = second.post(url(doctor), data)
    assert response.status_code == 400
    row = row_of(response.text, licence)
    for words in ("has been checked meanwhile", "Letter of the board", "Mine."):
        assert words in row
    assert f'name="check-{licence.pk}-seen" value="{Verification.objects.get().pk}"' in row
    assert second.post(url(doctor), said_of(licence)).status_code == 302
    assert Verification.objects.count() == 2


def test_nothing_filled_in_is_said(sign_in, doctor, licence) -> None:
    response = sign_in(senior()).post(url(doctor), said_of(licence, result="", source=""))
    assert response.status_code == 400
    assert "Nothing was filled in" in response.text


@pytest.mark.parametrize("who", ["moderator", "own", "entered"])
def test_only_those_who_may_verify_this_doctor_check_and_look(who: str, sign_in, doctor, licence) -> None:
    """T-AZ-09: four eyes, for the evidence as well."""
    file, person = kept(doctor, licence), moderator() if who == "moderator" else senior()
    if who == "own":
        Doctor.objects.update(user=person)
    elif who == "entered":
        record(actor=person, action="add", obj=doctor)
    client = sign_in(person)
    assert client.post(url(doctor), said_of(licence)).status_code == 403
    assert client.get(reverse("admin:moderation_evidence", args=[file.pk])).status_code == 403
    assert Verification.objects.count() == 1
    assert not AccessEntry.objects.exists()


def test_evidence_is_a_download_that_no_browser_runs_or_keeps_and_who_looks_is_on_record(
    sign_in, doctor, licence
) -> None:
    person = senior()
    client = sign_in(person)
    client.post(url(doctor), said_of(licence, evidence=SimpleUploadedFile("my name.pdf", PDF)))
    file = EvidenceFile.objects.get()
    address = reverse("admin:moderation_evidence", args=[file.pk])
    assert address in row_of(client.get(screen(doctor)).text, licence)
    looks = AccessEntry.objects.filter(actor=person, kind=Private.EVIDENCE, object_id=file.pk)
    assert not looks.exists()
    for _ in range(2):  # within the hour it is one look
        response = client.get(address)
        assert response.content == PDF
        assert looks.count() == 1
    assert looks[0].why == f"{doctor}, Licence: State board"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="evidence-{file.pk}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_row_of_a_file_says_what_lies_on_the_disk_and_the_trail_which_file_it_was(
    doctor, licence, folder
) -> None:
    file = kept(doctor, licence)
    said = trail(doctor).get().reason
    assert said.startswith("Letter\nLicence: State board\nEvidence: PDF")
    assert file.sha256[:12] in said
    assert [path.name for path in folder.iterdir()] == [file.name]
    assert (file.size, len(file.sha256)) == (len(PDF), 64)


@pytest.mark.parametrize("what", ["gone", "altered"])
def test_a_file_that_cannot_be_shown_says_so_and_the_record_stands(
    what: str, sign_in, doctor, licence, folder
) -> None:
    file = kept(doctor, licence)
    path = folder / file.name
    path.unlink() if what == "gone" else path.write_bytes(b"%PDF- another %%EOF")
    client = sign_in(senior())
    response = client.get(reverse("admin:moderation_evidence", args=[file.pk]), follow=True)
    assert "This file of evidence cannot be shown" in response.text
    assert "Letter" in row_of(response.text, licence)
    assert not AccessEntry.objects.filter(kind=Private.EVIDENCE).exists()


def test_a_full_disk_records_nothing_and_keeps_what_was_typed(sign_in, doctor, licence, monkeypatch) -> None:
    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("doctors.evidence.os.fsync", full)
    data = said_of(licence, note="An hour of work.", evidence=SimpleUploadedFile("a.pdf", PDF))
    response = sign_in(senior()).post(url(doctor), data)
    assert response.status_code == 400
    row = row_of(response.text, licence)
    assert "The file could not be stored, so nothing was recorded" in row
    assert "An hour of work." in row
    assert not Verification.objects.exists()


def test_a_large_file_for_which_there_is_no_room_records_nothing_and_keeps_what_was_typed(
    sign_in, doctor, licence, monkeypatch
) -> None:
    """Before it is read it lies among temporary files: here on the disk that is always full."""
    full = Path("/dev/full")
    monkeypatch.setattr(
        "django.core.files.uploadedfile.tempfile.NamedTemporaryFile", lambda **_: full.open("w+b")
    )
    large = SimpleUploadedFile("a.pdf", b"%PDF-" + b" " * 3_000_000 + b"%%EOF")
    response = sign_in(senior()).post(url(doctor), said_of(licence, note="An hour of work.", evidence=large))
    assert response.status_code == 400
    row = row_of(response.text, licence)
    assert "There is no room for a file this large now, so nothing was recorded." in row
    assert "An hour of work." in row
    assert not Verification.objects.exists()


def test_a_check_that_is_refused_leaves_no_file_behind(doctor, licence, folder) -> None:
    kept(doctor, licence)
    with pytest.raises(ValidationError, match="meanwhile"):
        kept(doctor, licence, after=0)
    assert len(list(folder.iterdir())) == EvidenceFile.objects.count() == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE doctors_evidencefile SET size = 1", "DELETE FROM doctors_evidencefile"]
)
def test_the_database_keeps_the_record_of_a_file(sql: str, doctor, licence) -> None:
    """T-AD-02"""
    kept(doctor, licence)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_readers_and_search_engines_hear_nothing_of_evidence(client: Client, doctor, licence) -> None:
    file = kept(doctor, licence)
    page = client.get(doctor.get_absolute_url()).text
    for words in (file.name, file.sha256, "/evidence/", "Evidence", licence.number):
        assert words not in page
    assert file.name not in str(Doctor.objects.get().snapshot())


def test_the_screen_costs_the_same_whatever_the_checklist_holds(sign_in, doctor) -> None:
    client = sign_in(senior())

    def queries(number: int) -> int:
        for _ in range(number):
            credential = CredentialFactory(doctor=doctor, kind="licence")
            kept(doctor, credential)
            record_verification(
                doctor=doctor, by=senior(), result="verified", source="x", credential=credential
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(screen(doctor))
        return len(captured)

    client.get(screen(doctor))
    assert queries(2) == queries(6)


class TestNumbers:
    """What is entered in the admin is held against its authority; what is there already is left alone."""

    ADD = "/admin/doctors/doctor/add/"

    def send(self, client: Client, path: str, **row: object) -> object:
        management = {
            f"{prefix}-{name}": "0"
            for prefix in ("credentials", "places", "verifications")
            for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
        }
        initial = "1" if "id" in row else "0"
        data = {"name": "Élise Martin", "title": "MD", "city": "Lyon", "country": "FR", **management}
        data |= {"credentials-TOTAL_FORMS": "1", "credentials-INITIAL_FORMS": initial}
        return client.post(path, {**data, **{f"credentials-0-{name}": value for name, value in row.items()}})

    @pytest.mark.parametrize(
        ("kind", "authority", "country", "number", "said"),
        [
            ("npi", "NPPES", "us", "1234567890", "check digit is wrong"),
            ("licence", "General Medical Council", "gb", "123456", "seven digits"),
        ],
    )
    def test_a_number_that_cannot_be_is_refused_beside_its_field(
        self, sign_in, kind: str, authority: str, country: str, number: str, said: str
    ) -> None:
        response = self.send(
            sign_in(moderator()), self.ADD, kind=kind, authority=authority, country=country, number=number
        )
        assert response.status_code == 200
        errors = response.context["inline_admin_formsets"][0].formset.errors
        assert said in str(errors[0]["number"])
        assert not Doctor.objects.exists()

    def test_a_right_number_and_one_nobody_can_judge_are_taken(self, sign_in) -> None:
        client = sign_in(moderator())
        right = {"kind": "npi", "authority": "NPPES", "country": "us", "number": "1234567893"}
        self.send(client, self.ADD, **right)
        self.send(client, self.ADD, kind="licence", authority="Ärztekammer Berlin", number="B/7")
        assert set(Credential.objects.values_list("number", "country")) == {("1234567893", "US"), ("B/7", "")}

    def test_an_odd_number_from_before_stops_nobody_from_mending_the_rest(self, sign_in) -> None:
        doctor = DoctorFactory(published=True, user=None)
        odd = CredentialFactory(
            doctor=doctor, kind="licence", authority="General Medical Council", number="OLD-7", country="GB"
        )
        row = {"id": odd.pk, "doctor": doctor.pk, "kind": odd.kind, "authority": odd.authority}
        row |= {"number": odd.number, "country": "GB", "expires_on": "2099-01-01"}
        edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
        assert self.send(sign_in(moderator()), edit, **row).status_code == 302
        odd.refresh_from_db()
        assert odd.expires_on.year == 2099
        page = sign_in(senior()).get(screen(doctor)).text
        assert "is seven digits" in row_of(page, odd)


def test_a_rewritten_licence_is_another_one_and_the_verification_waits_for_its_check(
    sign_in, doctor, licence
) -> None:
    record_verification(doctor=doctor, by=senior(), result="verified", source="x", credential=licence)
    Doctor.objects.update(user=None)
    row = {"id": licence.pk, "doctor": doctor.pk, "kind": "licence", "authority": "A grander board"}
    edit = reverse("admin:doctors_doctor_change", args=[doctor.pk])
    client = sign_in(moderator())
    response = TestNumbers().send(client, edit, **row)
    assert response.status_code == 302
    assert Doctor.objects.get().standing == Standing.UNVERIFIED
    assert "somebody checks the licence" in client.get(screen(doctor)).text


def test_a_stranger_gets_no_evidence(client: Client, sign_in, doctor, licence) -> None:
    address = reverse("admin:moderation_evidence", args=[kept(doctor, licence).pk])
    assert client.get(address).status_code == 302
    assert sign_in(UserFactory()).get(address).status_code == 403
    assert sign_in(doctor.user).get(address).status_code == 403
