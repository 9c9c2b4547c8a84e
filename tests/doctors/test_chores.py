"""Doctors are told 60, 30 and 7 days before something ends, and when it has, each once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Notification
from doctors.chores import tell_due
from doctors.models import Credential, Doctor
from doctors.services import record_verification
from tests.factories import CredentialFactory, DoctorFactory, senior

pytestmark = pytest.mark.django_db
BEGAN, ENDS = date(2027, 1, 4), date(2027, 6, 30)


@pytest.fixture
def doctor() -> Doctor:
    """Her certificate ends in June, her licence not before the year is over."""
    with time_machine.travel(f"{BEGAN} 12:00Z", tick=False):
        doctor = DoctorFactory(published=True)
        for kind, ends in (("licence", None), ("board", ENDS)):
            held = CredentialFactory(doctor=doctor, kind=kind, expires_on=ends)
            record_verification(
                doctor=doctor, by=senior(), result="verified", source="Register", credential=held
            )
        Notification.objects.all().delete()
        return doctor


def board(doctor: Doctor) -> Credential:
    return doctor.credentials.get(kind="board")


def night(days_left: int) -> list[str]:
    """The kinds that are told in the night so many days before the end, twice run."""
    known = set(Notification.objects.values_list("pk", flat=True))
    with time_machine.travel(f"{ENDS - timedelta(days=days_left)} 03:00Z", tick=False):
        tell_due()
        tell_due()
    return list(Notification.objects.exclude(pk__in=known).values_list("kind", flat=True))


def test_each_day_is_told_once(doctor: Doctor) -> None:
    told = {left: kinds for left in range(70, -40, -1) if (kinds := night(left))}
    soon = ["credential-due-soon"]
    assert told == {60: soon, 30: soon, 7: soon, -1: ["credential-run-out"]}
    assert set(Notification.objects.values_list("to", flat=True)) == {doctor.user_id}


def test_nights_that_were_missed_are_told_by_the_nearest_day(doctor: Doctor) -> None:
    assert night(5) == ["credential-due-soon"]
    assert night(4) == []


def test_what_was_renewed_is_told_no_more(doctor: Doctor) -> None:
    assert night(60) == ["credential-due-soon"]
    with time_machine.travel(f"{ENDS - timedelta(days=40)} 12:00Z", tick=False):
        Credential.objects.filter(pk=board(doctor).pk).update(expires_on=date(2030, 1, 1))
        record_verification(
            doctor=doctor, by=senior(), result="verified", source="Register", credential=board(doctor)
        )
    assert [kind for kind in night(30) if kind.startswith("credential-")] == []


def test_the_desk_shows_what_ends_and_takes_a_new_proof(
    doctor: Doctor, sign_in, settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_ROOT = tmp_path
    with time_machine.travel(f"{ENDS - timedelta(days=20)} 12:00Z", tick=False):
        client = sign_in(doctor.user)
        url = f"/desk/credentials/{board(doctor).pk}/"
        page = client.get("/desk/").content.decode()
        assert "To be renewed" in page
        assert url in page
        assert client.post(url).status_code == 400
        client.post(url, {"evidence": SimpleUploadedFile("new.pdf", b"%PDF-1.7\n%%EOF\n")})
        assert board(doctor).papers.count() == 1
        assert sign_in(DoctorFactory(verified=True).user).get(url).status_code == 404
