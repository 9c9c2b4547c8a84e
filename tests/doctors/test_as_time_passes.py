"""Standing follows the calendar: nobody has to act for a licence that ran out to stop counting (T-MS-10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answers.consensus import bars_for_questions
from answers.models import Answer
from core.dates import months_later
from doctors.enums import StandingNow
from doctors.models import RECHECK_MONTHS, Credential, Doctor
from doctors.services import record_verification
from tests.factories import AnswerFactory, CredentialFactory, DoctorFactory, senior

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def on(day: date) -> AbstractContextManager:
    return time_machine.travel(f"{day} 12:00Z", tick=False)


def check(credential: Credential, **fields: object) -> None:
    record_verification(
        doctor=credential.doctor,
        by=senior(),
        credential=credential,
        **{"result": "verified", "source": "Register", **fields},
    )


@pytest.fixture
def licence() -> Credential:
    """Checked today; it ends in a hundred days."""
    with on(TODAY):
        ends = TODAY + timedelta(days=100)
        licence = CredentialFactory(
            doctor=DoctorFactory(published=True), kind="licence", authority="State board", expires_on=ends
        )
        check(licence)
    return licence


def standing(day: date) -> StandingNow:
    with on(day):
        doctor = Doctor.objects.get()
        assert doctor.is_verified_now == Doctor.objects.verified_now().exists()
        return doctor.standing_now


def test_a_licence_that_runs_out_is_not_current_the_day_after_without_anybody_acting(
    client: Client, licence: Credential
) -> None:
    with on(TODAY):
        answer = AnswerFactory(published=True, doctor=licence.doctor, stance="against", reason="safety")
    thread, profile = answer.question.get_absolute_url(), licence.doctor.get_absolute_url()

    def counted() -> int:
        bar = bars_for_questions([answer.question_id])[answer.question_id]
        assert bar.total == Answer.objects.counted().count()
        return bar.total

    with on(licence.expires_on):
        assert counted() == 1
        assert "Licence not current" not in client.get(thread).text + client.get(profile).text
    with on(licence.expires_on + timedelta(days=1)):
        assert counted() == 0
        for page in (thread, profile):
            assert "Licence not current" in client.get(page).text
        assert "this answer is not counted" in client.get(thread).text
        assert "A licence this verification rests on ended on" in client.get(profile).text
        assert licence.authority not in Doctor.objects.get().snapshot().values()


def test_an_old_check_lapses_and_says_nothing_of_the_licence(client: Client) -> None:
    with on(TODAY):
        licence = CredentialFactory(doctor=DoctorFactory(published=True), kind="licence", expires_on=None)
        check(licence)
    due = months_later(TODAY, RECHECK_MONTHS)
    assert standing(due) == StandingNow.VERIFIED
    assert standing(due + timedelta(days=1)) == StandingNow.EXPIRED
    with on(due + timedelta(days=1)):
        page = client.get(licence.doctor.get_absolute_url()).text
        assert "Verification lapsed" in page
        assert "Licence not current" not in page
        assert "due again since 15 June 2027" in page


def test_a_lapsed_doctor_reads_it_on_their_desk_and_answers_again_after_a_check(
    sign_in: Callable[..., Client], licence: Credential
) -> None:
    after = licence.expires_on + timedelta(days=1)
    with on(after):
        client = sign_in(licence.doctor.user)
        assert "Licence not current" in client.get("/desk/").text
        Credential.objects.update(expires_on=after + timedelta(days=700))
        licence.refresh_from_db()
        check(licence)
        assert "Licence not current" not in client.get("/desk/").text
    assert standing(after) == StandingNow.VERIFIED
    assert Doctor.objects.get().verified_until == months_later(after, RECHECK_MONTHS)


def test_the_verification_ends_with_the_first_licence_and_goes_on_with_the_other_after_a_check(
    licence: Credential,
) -> None:
    with on(TODAY):
        other = CredentialFactory(doctor=licence.doctor, kind="licence", authority="Another", expires_on=None)
        check(other)
    after = licence.expires_on + timedelta(days=1)
    assert standing(after) == StandingNow.ENDED
    with on(after):
        check(CredentialFactory(doctor=licence.doctor, authority="A board"))
        assert standing(after) == StandingNow.ENDED  # a certificate renews no licence
        check(other)
    assert standing(after) == StandingNow.VERIFIED


def test_a_certificate_that_runs_out_is_named_no_longer_and_ends_nothing(licence: Credential) -> None:
    with on(TODAY):
        board = CredentialFactory(
            doctor=licence.doctor, authority="A board", expires_on=TODAY + timedelta(days=9)
        )
        check(board)
        assert Doctor.objects.get().snapshot()["board"] == "A board"
    with on(TODAY + timedelta(days=10)):
        assert Doctor.objects.get().snapshot()["board"] == ""
        assert Doctor.objects.get().is_verified_now


def test_what_search_engines_are_told_follows_the_calendar(client: Client, licence: Credential) -> None:
    profile = licence.doctor.get_absolute_url()
    with on(TODAY):
        assert "hasCredential" in client.get(profile).text
    with on(licence.expires_on + timedelta(days=1)):
        assert "hasCredential" not in client.get(profile).text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nobody_is_verified_on_a_day_on_which_no_licence_stands(data: st.DataObject) -> None:
    """Whatever was recorded in whatever order: verified on a day means that on it a checked licence stands."""
    days = st.integers(min_value=1, max_value=500)
    with on(TODAY):
        doctor = DoctorFactory(published=True)
        credentials = [
            CredentialFactory(
                doctor=doctor,
                kind=kind,
                expires_on=TODAY + timedelta(days=ends) if (ends := data.draw(st.none() | days)) else None,
            )
            for kind in ("licence", "licence", "board")
        ]
        for credential in data.draw(st.lists(st.sampled_from(credentials), max_size=6)):
            valid = data.draw(st.none() | days)
            check(
                credential,
                result=data.draw(st.sampled_from(["verified", "verified", "refused"])),
                valid_until=TODAY + timedelta(days=valid) if valid else None,
            )
    checks = list(doctor.verifications.all())
    for later in data.draw(st.lists(st.integers(0, 520), min_size=1, max_size=4)):
        with on(TODAY + timedelta(days=later)):
            now = Doctor.objects.get(pk=doctor.pk)
            stands = [row for row in credentials if row.kind == "licence" and row.is_vouched_for(checks)]
            assert not now.is_verified_now or stands
            assert not now.is_verified_now or now.verified_until >= timezone.localdate()
