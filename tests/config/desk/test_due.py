"""Checks that are due again stand in the queue of those who verify doctors, and leave it when they are done."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Claim
from doctors.models import Credential, Doctor
from doctors.services import record_verification
from tests.factories import CredentialFactory, DoctorFactory, QuestionFactory, moderator, senior

pytestmark = pytest.mark.django_db


def checked(
    *, due_in: int, authority: str = "State board", kind: str = "licence", **doctor: object
) -> Credential:
    """A credential somebody checked, due again in so many days."""
    credential = CredentialFactory(
        doctor=DoctorFactory(published=True, **doctor), kind=kind, authority=authority, expires_on=None
    )
    today = timezone.localdate()
    record_verification(
        doctor=credential.doctor,
        by=senior(),
        result="verified",
        source="Register",
        credential=credential,
        checked_on=min(today, today + timedelta(days=due_in - 100)),
        valid_until=today + timedelta(days=due_in),
    )
    credential.refresh_from_db()
    return credential


def queue(client: Client, query: str = "?cause=due") -> str:
    return client.get(f"/admin/{query}").text


def item(credential: Credential) -> str:
    return reverse("admin:moderation_due", args=[credential.pk])


def test_what_is_due_within_thirty_days_or_past_is_in_the_tab_and_nothing_else(sign_in) -> None:
    late, soon = checked(due_in=-400, authority="Late board"), checked(due_in=30, authority="Soon board")
    checked(due_in=31, authority="Other board")
    page = queue(sign_in(senior()))
    for credential in (late, soon):
        assert (
            f"By {credential.due_on:%-d %b %Y}: {credential.doctor.name} MD, {credential.authority}" in page
        )
        assert item(credential) in page
    assert "Other board" not in page
    assert page.index("Late board") < page.index("Soon board")
    assert re.search(r"Due or overdue <strong>2</strong>", page)
    assert re.search(r"Checks due <strong>2</strong>", page)


def test_certificates_are_checked_again_too(sign_in) -> None:
    checked(due_in=3, kind="board", authority="Board of skin")
    assert not queue(sign_in(senior())).count("Board of skin")  # nobody with a certificate alone is verified
    doctor = checked(due_in=200).doctor
    board = CredentialFactory(doctor=doctor, authority="Board of hair", expires_on=timezone.localdate())
    record_verification(doctor=doctor, by=senior(), result="verified", source="x", credential=board)
    assert "Board of hair" in queue(sign_in(senior()))


def test_those_who_may_not_verify_have_nothing_due(sign_in) -> None:
    credential = checked(due_in=3)
    client = sign_in(moderator())
    assert "State board" not in queue(client)
    assert client.get(item(credential)).status_code == 403


@pytest.mark.parametrize("change", [{"standing": "suspended"}, {"state": "removed"}])
def test_nobody_checks_again_what_readers_do_not_see(change: dict, sign_in) -> None:
    credential = checked(due_in=3)
    Doctor.objects.filter(pk=credential.doctor_id).update(**change)
    assert "State board" not in queue(sign_in(senior()))


def test_it_opens_on_the_doctors_screen_with_its_row_ready_and_is_claimed(sign_in) -> None:
    credential, person = checked(due_in=3), senior()
    page = sign_in(person).get(f"{item(credential)}?cause=due").text
    assert "To be checked again by" in page
    row = page.split(f'id="credential-{credential.pk}"', 1)[1].split("</article>", 1)[0]
    assert '<details class="desk-check__form" open>' in row
    assert Claim.objects.on(credential).get().by == person
    assert "open with" in queue(sign_in(senior()))


def test_a_check_takes_it_out_and_leads_to_what_else_is_due(sign_in) -> None:
    first, second = checked(due_in=-9), checked(due_in=5, authority="Second board")
    client = sign_in(senior())
    sent = {
        "due": first.pk,
        f"check-{first.pk}-seen": first.verifications.first().pk,
        f"check-{first.pk}-result": "verified",
        f"check-{first.pk}-source": "Register",
    }
    url = reverse("admin:moderation_checks", args=[first.doctor_id]) + "?cause=due"
    response = client.post(url, sent, follow=True)
    assert response.redirect_chain[-1][0] == f"{item(second)}?cause=due"
    first.refresh_from_db()
    assert first.due_on > timezone.localdate() + timedelta(days=300)
    assert "State board" not in queue(client)


def test_what_was_found_otherwise_is_due_no_more(sign_in) -> None:
    credential = checked(due_in=-9)
    record_verification(
        doctor=credential.doctor, by=senior(), result="refused", source="Gone from it", credential=credential
    )
    assert "State board" not in queue(sign_in(senior()))


def test_next_and_previous_walk_through_what_is_due(sign_in) -> None:
    rows = [checked(due_in=days, authority=f"Board {days}") for days in (-40, 2, 20)]
    client = sign_in(senior())
    for here, there in ((0, 1), (1, 2), (2, 0)):
        url = reverse("admin:moderation_next", args=["credential", rows[here].pk]) + "?cause=due"
        assert client.get(url)["Location"] == f"{item(rows[there])}?cause=due"
    back = reverse("admin:moderation_previous", args=["credential", rows[1].pk]) + "?cause=due"
    assert client.get(back)["Location"] == f"{item(rows[0])}?cause=due"
    gone = client.get(reverse("admin:moderation_next", args=["credential", 10**9]))
    assert gone.status_code == 404


def test_nobody_is_led_to_their_own_credentials(sign_in) -> None:
    person = senior()
    mine, other = checked(due_in=-9, user=person), checked(due_in=5)
    client = sign_in(person)
    url = reverse("admin:moderation_next", args=["credential", other.pk]) + "?cause=due"
    assert client.get(url)["Location"] == "/admin/?cause=due"
    assert "yours: somebody else decides" in queue(client)
    assert "somebody else verifies it" in client.get(item(mine)).text


def test_pages_follow_each_other_without_loss(sign_in, monkeypatch) -> None:
    monkeypatch.setattr("config.desk.queue.PAGE", 2)
    rows = [checked(due_in=1) for _ in range(3)]
    QuestionFactory(pending=True)
    client, seen = sign_in(senior()), []
    url = "/admin/"
    while url:
        page = client.get(url).text
        seen += re.findall(r"/admin/moderation/(?:credential|question)/\d+/", page.split("desk-queue", 1)[1])
        found = re.search(r'href="([^"]+)" rel="next"', page)
        url = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 4
    assert {item(row) for row in rows} <= set(seen)


def test_the_queue_costs_the_same_however_much_is_due(sign_in) -> None:
    client = sign_in(senior())

    def queries(number: int) -> int:
        for _ in range(number):
            checked(due_in=3)
        with CaptureQueriesContext(connection) as captured:
            queue(client, "")
        return len(captured)

    queries(1)
    assert queries(1) == queries(12)


def test_what_is_due_is_read_off_its_index_among_many_that_are_not() -> None:
    checked(due_in=3)
    later, doctors = (
        timezone.localdate() + timedelta(days=200),
        [DoctorFactory(verified=True) for _ in range(20)],
    )
    Credential.objects.bulk_create(
        Credential(doctor=doctors[n % 20], kind="licence", authority=f"Board {n}", due_on=later)
        for n in range(4000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE doctors_credential, doctors_doctor")
    assert "doctors_credential_due" in Credential.objects.due_soon().explain()


@pytest.mark.parametrize("page", ["edit", "claim"])
def test_pages_of_texts_are_none_of_a_credential(page: str, sign_in) -> None:
    url = reverse(f"admin:moderation_{page}", args=["credential", checked(due_in=3).pk])
    assert sign_in(senior()).post(url, {"do": "publish"}).status_code == (404 if page == "edit" else 204)


def test_a_day_is_as_long_as_the_calendar_says(sign_in) -> None:
    """A year from the last day of February is the last of the next."""
    with time_machine.travel("2028-02-29 12:00Z"):
        credential = CredentialFactory(doctor=DoctorFactory(published=True), kind="licence", expires_on=None)
        record_verification(
            doctor=credential.doctor, by=senior(), result="verified", source="x", credential=credential
        )
    credential.refresh_from_db()
    assert credential.due_on == date(2029, 2, 28)
