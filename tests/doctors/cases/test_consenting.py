"""A consent is given, narrowed and taken back, by the doctor or by the person with their link."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Notification
from core.audit import trail
from core.enums import State
from core.images import photos
from core.images.models import Photo, Rendition
from core.moderation import NotPossible, transition
from doctors import casework, consenting
from doctors.chores import tell_of_consents
from doctors.enums import EvidenceKind, ShownIn
from doctors.evidence import Paper
from doctors.models import Case, CasePhoto, Consent, Doctor
from tests.core.images import samples
from tests.doctors.cases.conftest import agreed, complete, kept, sent
from tests.factories import CaseFactory, DoctorFactory, moderator, some_moderator
from tests.racing import at_once
from tests.stores import Kept
from tests.working import do_tasks


def publish(case: Case) -> Case:
    by = some_moderator()
    casework.look_through(case=case, by=by, version=case.version)
    return transition(case, to=State.PUBLISHED, by=by)  # type: ignore[return-value]


def addresses() -> list[str]:
    names = [*Photo.objects.values_list("name", flat=True), *Rendition.objects.values_list("name", flat=True)]
    return [f"/photos/{name}" for name in names]


def statuses(paths: list[str]) -> set[int]:
    found = set()
    for path in paths:
        response = Client().get(path)
        if response.streaming:
            b"".join(response)
        found.add(response.status_code)
    return found


def test_of_a_token_only_its_digest_is_kept_and_a_new_one_makes_it_dead(doctor: Doctor) -> None:
    consent, token = consenting.ask(doctor=doctor, by=doctor.user, fields=agreed())
    assert len(token) >= 43  # 256 bits
    assert token not in str(Consent.objects.values().get())
    assert consenting.by_token(token) == consent
    newer = consenting.new_link(consent=consent, by=doctor.user)
    assert consenting.by_token(token) is None
    assert consenting.by_token(newer) == consent
    with pytest.raises(PermissionDenied):
        consenting.new_link(consent=consent, by=DoctorFactory(verified=True).user)


def test_what_is_taken_back_is_gone_at_once_and_leaves_a_number(doctor: Doctor, in_a_store: Any) -> None:
    """T-MD-04, T-PR-04."""
    case, token = sent(doctor)
    publish(case)
    moderator()
    before, path = addresses(), f"/consent/{token}/"
    assert 200 in statuses(before)
    assert Client().post(path, {"do": "revoke"}).status_code == 302
    assert statuses(before) == {404}
    assert Client().get(case.get_absolute_url()).status_code == 410
    do_tasks()
    assert not Photo.objects.exists()
    assert in_a_store.lying() == set()
    row = Case.objects.get()
    assert (row.technique, row.words, row.age_band, row.alike) == ("", "", "", [])
    assert "ended" in [entry.action for entry in trail(row)]
    assert set(Notification.objects.values_list("kind", flat=True)) >= {"consent-changed", "consent-revoked"}
    page = Client().get(path)
    assert "You have taken it back" in page.content.decode()


def test_taking_back_twice_is_taking_back_once(doctor: Doctor) -> None:
    _, token = sent(doctor)
    for _ in range(2):
        assert Client().post(f"/consent/{token}/", {"do": "revoke"}).status_code == 302
    consent = Consent.objects.get()
    assert [event.change for event in consent.events.all()] == ["given", "revoked"]
    consenting.revoke(consent=consent, by=doctor.user)
    assert consent.events.count() == 2


def test_what_has_ended_takes_no_step_any_more(doctor: Doctor) -> None:
    case, _ = sent(doctor)
    consenting.revoke(consent=case.consent, by=doctor.user)
    with pytest.raises(NotPossible, match="gone for good"):
        transition(case, to=State.REJECTED, by=some_moderator(), reason="x")
    assert not Case.objects.pending().exists()


def test_narrowing_hides_what_shows_more_until_it_is_redone(doctor: Doctor) -> None:
    case, token = complete(doctor, is_identifiable=True)
    casework.describe(case=case, by=doctor.user, fields={"is_identifiable": True})
    case = casework.send(case=case, by=doctor.user)
    do_tasks()
    publish(case)
    assert Case.objects.public().exists()
    said = {"do": "narrow", "uses": [ShownIn.DOCTOR]}
    assert Client().post(f"/consent/{token}/", said).status_code == 302
    consent = Consent.objects.get()
    assert (consent.uses, consent.is_identifiable) == ([ShownIn.DOCTOR], False)
    assert not Case.objects.public().exists()
    casework.withdraw(case=case, by=doctor.user)
    with pytest.raises(ValidationError, match="not for what the pictures show"):
        casework.send(case=case, by=doctor.user)
    casework.describe(case=case, by=doctor.user, fields={"is_identifiable": False})
    casework.send(case=case, by=doctor.user)
    publish(Case.objects.get())
    assert Case.objects.public().used_in(ShownIn.DOCTOR).exists()
    assert not Case.objects.public().used_in(ShownIn.GALLERY).exists()


def test_nobody_widens_a_consent_by_its_link_nor_leaves_nothing_of_it(doctor: Doctor) -> None:
    consent, token = consenting.ask(doctor=doctor, by=doctor.user, fields=agreed(uses=[ShownIn.DOCTOR]))
    path = f"/consent/{token}/"
    more = {"do": "narrow", "uses": [ShownIn.DOCTOR, ShownIn.GALLERY], "is_identifiable": "on"}
    assert Client().post(path, more).status_code == 400
    assert "take your consent back instead" in Client().post(path, {"do": "narrow"}).content.decode()
    consent.refresh_from_db()
    assert (consent.uses, consent.is_identifiable, consent.revoked_at) == ([ShownIn.DOCTOR], False, None)


def test_by_a_link_it_holds_once_the_person_has_agreed(doctor: Doctor) -> None:
    case, token = complete(doctor, how="link", signed_on=None)
    with pytest.raises(ValidationError, match="not agreed yet"):
        casework.send(case=case, by=doctor.user)
    assert "Do you agree to be shown?" in Client().get(f"/consent/{token}/").content.decode()
    for _ in range(2):
        assert Client().post(f"/consent/{token}/", {"do": "agree"}).status_code == 302
    casework.send(case=case, by=doctor.user)
    assert [event.change for event in Consent.objects.get().events.all()] == ["asked", "given"]


@pytest.mark.parametrize("wrong", ["x", "0" * 43, "..", "a" * 500])
def test_a_wrong_link_says_what_to_do_and_nothing_else(db: None, wrong: str) -> None:
    response = Client().get(f"/consent/{wrong}/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"
    if wrong != "..":
        assert "Ask the practice for a new link" in response.content.decode()
        assert response["Referrer-Policy"] == "strict-origin"
        assert "noindex" in response["X-Robots-Tag"]


def test_the_page_is_tried_so_often_and_no_more(db: None) -> None:
    answers = {Client().get("/consent/guess/").status_code for _ in range(121)}
    assert answers == {404, 429}


def test_the_person_sees_all_their_pictures_and_nobody_elses(doctor: Doctor) -> None:
    sent(doctor)
    other_case, token = sent(doctor, label="Record 8")
    page = Client().get(f"/consent/{token}/").content.decode()
    theirs = Rendition.objects.filter(photo__in=other_case.photos.values("photo"), kind="jpg")
    others = Rendition.objects.exclude(photo__in=other_case.photos.values("photo"))
    assert all(row.name in page for row in theirs)
    assert statuses([f"/consent/{token}/pictures/{row.name}" for row in theirs]) == {200}
    assert statuses([f"/consent/{token}/pictures/{row.name}" for row in others]) == {404}


def test_the_signed_document_goes_with_the_consent(
    doctor: Doctor, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    paper = Paper(b"%PDF-1.7 %%EOF", EvidenceKind.PDF)
    consent, _ = consenting.ask(doctor=doctor, by=doctor.user, fields=agreed(how="paper"), paper=paper)
    folder = Path(settings.EVIDENCE_ROOT)
    assert len(list(folder.iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        consenting.revoke(consent=consent, by=doctor.user)
    assert not consent.papers.exists()
    assert list(folder.iterdir()) == []


def test_a_renewal_takes_the_cases_over_and_covers_them(doctor: Doctor) -> None:
    case, _ = sent(doctor, is_identifiable=True)
    Case.objects.filter(pk=case.pk).update(is_identifiable=True)
    again: dict[str, Any] = {"doctor": doctor, "by": doctor.user, "renews": case.consent}
    with pytest.raises(ValidationError, match="covers less"):
        consenting.ask(**again, fields=agreed())
    newer, _ = consenting.ask(**again, fields=agreed(is_identifiable=True))
    case.refresh_from_db()
    assert case.consent == newer


def test_before_it_ends_the_doctor_is_told_three_times_and_then_it_is_hidden(doctor: Doctor) -> None:
    case, _ = sent(doctor)
    publish(case)
    ends = case.consent.until
    told = []
    for days in (61, 60, 45, 30, 29, 7, 3, 0):
        with time_machine.travel(timezone.now() + timedelta(days=(ends - timezone.localdate()).days - days)):
            Doctor.objects.update(verified_until=None)
            tell_of_consents()
            tell_of_consents()
            told.append(Notification.objects.filter(kind="consent-due-soon").count())
            assert Case.objects.public().exists()
    assert told == [0, 1, 1, 2, 2, 3, 3, 3]
    with time_machine.travel(timezone.now() + timedelta(days=(ends - timezone.localdate()).days + 1)):
        assert not Case.objects.public().exists()
        assert not CasePhoto.objects.public().exists()
        tell_of_consents()
        tell_of_consents()
        assert [e.change for e in case.consent.events.all()] == ["given", "expired"]


@pytest.mark.django_db(transaction=True)
def test_who_publishes_and_who_takes_back_at_once_leave_nothing_public(
    in_a_store: Any, tmp_path: Any, settings: Any
) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    doctor = DoctorFactory(verified=True)
    case, _ = sent(doctor)
    by = some_moderator()
    casework.look_through(case=case, by=by, version=1)
    consent = Consent.objects.get()

    def publishing() -> object:
        return transition(Case.objects.get(), to=State.PUBLISHED, by=by)

    results = at_once(publishing, lambda: consenting.revoke(consent=consent, by=None), publishing)
    assert isinstance(results[1], Consent)
    assert not Case.objects.public().exists()
    assert not Photo.objects.exists()
    assert Case.objects.get().has_ended
    assert kept(doctor).pk  # the doctor can go on


@pytest.mark.django_db
@pytest.mark.parametrize("in_a_store", ["folder", "bucket"], indirect=True)
def test_a_consent_taken_back_ends_every_address_and_leaves_no_file_in_either_store(in_a_store: Kept) -> None:
    """T-MD-04: on a disk and in a store that speaks S3."""
    case = CaseFactory(published=True)
    for held in case.photos.all():
        photo = photos.keep(BytesIO(samples.written(samples.drawn((90, 70)), "JPEG")), by=case.doctor.user)
        photos.take([photo.name], by=case.doctor.user, kind=CasePhoto)
        CasePhoto.objects.filter(pk=held.pk).update(photo=photo)
    do_tasks()
    shown = Photo.objects.filter(pk__in=case.photos.values("photo"))
    renditions = [each.name for photo in shown for each in photo.renditions.all()]
    visitor = Client()
    for name in renditions:
        response = visitor.get(f"/photos/{name}")
        assert (response.status_code, "public" in response["Cache-Control"]) == (200, True)
        assert response.getvalue()
    everything = [*renditions, *(photo.name for photo in shown)]
    consenting.revoke(consent=case.consent, by=None)
    doctor = Client()
    doctor.force_login(case.doctor.user)
    for name in everything:
        for client in (visitor, doctor):
            for headers in ({}, {"HTTP_RANGE": "bytes=0-9"}, {"HTTP_IF_NONE_MATCH": f'"{name}"'}):
                assert client.get(f"/photos/{name}", **headers).status_code == 404
    assert visitor.get(f"/cases/{case.pk}/").status_code == 410
    do_tasks()
    assert in_a_store.lying().isdisjoint(everything)
    assert in_a_store.lying() == set()


@pytest.mark.django_db
class TestARenewal:
    """What the person agrees to by now bounds it, and the link they hold goes on for it."""

    @staticmethod
    def renewed(consent: Consent, **fields: Any) -> tuple[Consent, str]:
        said = {
            "label": "Again",
            "uses": list(consent.uses),
            "is_identifiable": consent.is_identifiable,
            "is_sensitive": consent.is_sensitive,
            "is_adult": True,
            "how": "screen",
            "signed_on": timezone.localdate(),
            "until": timezone.localdate() + timedelta(days=300),
        }
        doctor = consent.doctor
        return consenting.ask(doctor=doctor, by=doctor.user, fields=said | fields, renews=consent)

    def test_brings_back_nothing_that_was_narrowed(self) -> None:
        consent = CaseFactory(published=True, consent__uses=["gallery"]).consent
        with pytest.raises(ValidationError, match="no more"):
            self.renewed(consent, uses=["gallery", "doctor"])
        with pytest.raises(ValidationError, match="no more"):
            self.renewed(consent, is_identifiable=True)
        assert not Consent.objects.filter(renews=consent).exists()

    def test_of_what_was_taken_back_there_is_none(self) -> None:
        consent = CaseFactory(published=True).consent
        consenting.revoke(consent=consent, by=None)
        consent.refresh_from_db()
        with pytest.raises(ValidationError, match="taken back"):
            self.renewed(consent)

    def test_is_taken_back_by_the_link_of_before(self) -> None:
        case = CaseFactory(published=True)
        old = consenting.new_link(consent=case.consent, by=case.doctor.user)
        _, new = self.renewed(case.consent)
        case.refresh_from_db()
        assert case.consent_id != Consent.objects.get(token_hash=consenting.digest(old)).pk
        assert consenting.by_token(old) == consenting.by_token(new) == case.consent
        Client().post(f"/consent/{old}/", {"do": "revoke"})
        assert not Case.objects.public().exists()
        assert not Consent.objects.filter(revoked_at=None).exists()

    def test_agreed_to_too_late_is_refused_in_words(self) -> None:
        case = CaseFactory(published=True)
        _, token = self.renewed(case.consent, how="link", signed_on=None)
        with time_machine.travel(timezone.now() + timedelta(days=301)):
            page = Client().post(f"/consent/{token}/", {"do": "agree"})
        assert (page.status_code, "has passed" in page.text) == (400, True)


@pytest.mark.django_db
def test_whoever_has_a_link_is_never_kept_from_it_by_how_often() -> None:
    case = CaseFactory(published=True)
    token = consenting.new_link(consent=case.consent, by=case.doctor.user)
    assert {Client().get(f"/consent/{'x' * 43}/").status_code for _ in range(125)} == {404, 429}
    assert Client().get(f"/consent/{token}/").status_code == 200
