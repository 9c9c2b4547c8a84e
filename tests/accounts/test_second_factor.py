"""The second factor of those who moderate or answer, and how long their sessions last."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from accounts.models import Session, User
from accounts.second_factor import MFAAdapter
from core.audit import trail
from core.models import AuditEntry
from tests.accounts.conftest import is_signed_in, link, log_in
from tests.factories import PASSWORD, AnswerFactory, DoctorFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db
NOON = 1_790_000_010  # ten seconds into a code
NEW_PASSWORD = "violet anchor pepper 93"


@pytest.fixture(autouse=True)
def production(settings: Any) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def staff(production: None) -> User:
    return moderator(email="desk@example.org", handle="desk-hand")


def code_of(secret: str, at: float | None = None) -> str:
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))


def set_up(client: Client) -> str:
    """Through the pages, as a person does; the secret of the app."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").text
    secret = re.search(r"Key: <code>(\w+)</code>", page)
    assert secret
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    assert response["Location"] == "/accounts/2fa/recovery-codes/", response.text
    return secret[1]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code>", client.get("/accounts/2fa/recovery-codes/").text)


def give(client: Client, code: str) -> HttpResponse:
    return client.post("/accounts/2fa/authenticate/", {"code": code})


@pytest.fixture
def guarded(staff: User, clock: Any) -> str:
    """The moderator has an app; its secret. The code of its set-up lies behind."""
    client = Client()
    log_in(client, staff.email)
    secret = set_up(client)
    clock.shift(600)
    return secret


DESK = ("/admin/", "/admin/questions/question/", "/admin/accounts/user/", "/admin/core/auditentry/")


@pytest.mark.parametrize(
    "path", [*DESK, "/admin/moderation/question/{}/", "/admin/moderation/doctor/1/verification/"]
)
@pytest.mark.parametrize("as_administrator", [False, True])
def test_with_a_password_alone_the_desk_shows_nothing(
    staff, sign_in, path: str, as_administrator: bool
) -> None:
    """T-AU-11"""
    if as_administrator:
        User.objects.filter(pk=staff.pk).update(is_superuser=True)
    path = path.format(QuestionFactory(pending=True).pk)
    for response in (
        sign_in(staff).get(path),
        sign_in(staff).post(path, {"to": "published", "version": "1"}),
    ):
        assert (response.status_code, response["Location"], response.content) == (302, "/accounts/2fa/", b"")


def test_nor_do_pages_that_moderators_see_more_of(staff, sign_in, guarded) -> None:
    """T-AU-11: what waits for a decision is shown on its own address to moderators, but not before this."""
    question = QuestionFactory(pending=True)
    path = f"/questions/{question.pk}/{question.slug}/"
    client = sign_in(staff)
    assert client.get(path).status_code == 404
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(guarded)})
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/desk/",
        "/questions/{question}/answer/",
        "/answers/{answer}/edit/",
        "/answers/{answer}/withdraw/",
        "/answers/{answer}/confirm/",
        "/answers/{answer}/second-opinion/",
    ],
)
def test_a_doctor_needs_one_to_speak_as_a_doctor(sign_in, path: str) -> None:
    """T-AU-11"""
    doctor = DoctorFactory(verified=True)
    answer, question = AnswerFactory(doctor=doctor, published=True), QuestionFactory(published=True)
    path = path.format(question=question.pk, answer=answer.pk)
    for response in (sign_in(doctor.user).get(path), sign_in(doctor.user).post(path, {})):
        assert (response.status_code, response["Location"], response.content) == (302, "/accounts/2fa/", b"")
    assert sign_in(doctor.user).get("/questions/").status_code == 200


def test_a_patient_needs_none(sign_in) -> None:
    patient = UserFactory()
    assert sign_in(patient).get("/me/reports/").status_code == 200
    assert sign_in(patient).get("/admin/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_opens_the_desk(staff) -> None:
    client = Client()
    assert log_in(client, staff.email)["Location"] == "/admin/"
    page = client.get("/admin/", follow=True)
    assert "The desk opens once you have set one up" in page.text
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    set_up(client)
    assert len(recovery_codes(client)) == 10
    assert "On to the queue" in client.get("/accounts/2fa/").text
    assert client.get("/admin/").status_code == 200
    assert mail.outbox[-1].subject == "An authenticator app was set up"
    assert [entry.action for entry in trail(staff)] == ["set up second factor"] * 2


def test_the_square_is_markup_of_the_page(staff) -> None:
    """The policy allows no picture in an address, and no style or script in the page."""
    client = Client()
    log_in(client, staff.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").text
    assert re.search(r'<svg role="img" aria-label="[^"]+" viewBox="0 0 \d+ \d+"', page)
    assert not re.search(r'data:|style=|<script(?![^>]*(src=|type="application/json"))', page)


def test_signing_in_asks_for_a_code(staff, guarded) -> None:
    client = Client()
    assert log_in(client, staff.email)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")
    assert not is_signed_in(client)
    assert give(client, code_of(guarded))["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_code_is_taken_once(staff, guarded, clock) -> None:
    """T-AU-12: neither at once nor while the clock would still allow it."""
    code = code_of(guarded)
    first, second = Client(), Client()
    log_in(first, staff.email)
    log_in(second, staff.email)
    assert give(first, code).status_code == 302
    for _ in range(3):
        page = give(second, code)
        assert "not right, or it was used already" in page.text
        clock.shift(15)
    assert not is_signed_in(second)


def test_the_code_of_the_set_up_is_taken_too(staff) -> None:
    """T-AU-12"""
    client, other = Client(), Client()
    log_in(client, staff.email)
    secret = set_up(client)
    log_in(other, staff.email)
    assert "used already" in give(other, code_of(secret)).text


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)]
)
def test_a_clock_may_be_off_by_half_a_minute(staff, guarded, seconds: int, taken: bool) -> None:
    """T-AU-12"""
    client = Client()
    log_in(client, staff.email)
    assert (give(client, code_of(guarded, time.time() + seconds)).status_code == 302) is taken


def test_guessing_ends(staff, guarded, clock) -> None:
    """T-AU-12: the fifth wrong code is answered with 429, and the right one is no use then either."""
    client = Client()
    log_in(client, staff.email)
    answers = [give(client, "000000").status_code for _ in range(6)]
    assert answers == [200] * 4 + [429] * 2
    refused = give(client, code_of(guarded))
    assert (refused.status_code, refused["Retry-After"]) == (429, "1800")
    clock.shift(1801)
    log_in(client, staff.email)
    assert give(client, code_of(guarded)).status_code == 302


def test_a_recovery_code_lets_in_once(staff) -> None:
    """T-AU-12"""
    client, other = Client(), Client()
    log_in(client, staff.email)
    set_up(client)
    code = recovery_codes(client)[3]
    log_in(other, staff.email)
    assert give(other, code)["Location"] == "/admin/"
    assert other.get("/admin/").status_code == 200
    assert code not in recovery_codes(client)
    log_in(third := Client(), staff.email)
    assert "not right, or it was used already" in give(third, code).text


def test_a_new_password_does_not_take_it_away(staff, guarded) -> None:
    """T-AU-14"""
    client = Client()
    client.post("/accounts/password/reset/", {"email": staff.email})
    form = client.get(link(), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_signed_in(client)
    assert log_in(client, staff.email, NEW_PASSWORD)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)


CHANGES = {
    "/accounts/2fa/totp/deactivate/": "Your authenticator app was removed",
    "/accounts/2fa/recovery-codes/generate/": "New recovery codes were made",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", CHANGES)
def test_changing_it_takes_the_password_and_is_written_to_its_owner(staff, guarded, clock, path: str) -> None:
    """T-AU-15"""
    client = Client()
    log_in(client, staff.email)
    give(client, code_of(guarded))
    before = list(Authenticator.objects.values_list("pk", flat=True))
    asked = client.post(path)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert list(Authenticator.objects.values_list("pk", flat=True)) == before
    client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert list(Authenticator.objects.values_list("pk", flat=True)) != before
    notice = mail.outbox[-1]
    assert (notice.to, notice.subject) == ([staff.email], CHANGES[path])
    assert "Was it not you?" in notice.body


def test_the_codes_are_shown_after_the_password_only(staff, guarded) -> None:
    """T-AU-15"""
    client = Client()
    log_in(client, staff.email)
    give(client, code_of(guarded))
    for path in ("/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"):
        assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")


def test_without_it_the_desk_closes_again(staff, guarded) -> None:
    client = Client()
    log_in(client, staff.email)
    give(client, code_of(guarded))
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_a_session_from_before_is_asked_for_a_code(staff, guarded, sign_in) -> None:
    client = sign_in(staff)
    asked = client.get("/admin/core/auditentry/?kind=x")
    assert (
        asked["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fcore%2Fauditentry%2F%3Fkind%3Dx"
    )
    assert client.get(asked["Location"]).status_code == 200
    back = client.post(asked["Location"], {"code": code_of(guarded)})
    assert back["Location"] == "/admin/core/auditentry/?kind=x"
    assert client.get("/admin/").status_code == 200


def test_the_database_does_not_hold_the_secret(staff, guarded, settings) -> None:
    """T-AU-06, in spirit: a copy of the tables is no second factor."""
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert guarded not in kept
    assert MFAAdapter().decrypt(kept) == guarded


def test_the_address_can_still_be_changed(staff, guarded) -> None:
    client = Client()
    log_in(client, staff.email)
    give(client, code_of(guarded))
    asked = client.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert mail.outbox[-1].to == ["new@example.org"]
    client.post(link())
    assert User.objects.get(pk=staff.pk).email == "new@example.org"


def test_an_administrator_helps_who_has_lost_everything(staff, guarded) -> None:
    boss = UserFactory(is_staff=True, is_superuser=True, email="boss@example.org")
    for by, why in ((staff.email, "Lost phone"), ("nobody@example.org", "Lost phone"), (boss.email, " ")):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", staff.email, by=by, why=why)
    assert Authenticator.objects.exists()
    call_command("reset_second_factor", staff.email, by=boss.email, why="Lost phone; spoke by telephone")
    assert not Authenticator.objects.exists()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.object_id) == (boss, "reset second factor", staff.pk)
    assert mail.outbox[-1].subject == "Your second factor was taken off"
    assert mail.outbox[-1].to == [staff.email]


class TestSessions:
    """T-AU-16"""

    @pytest.fixture(autouse=True)
    def demonstration(self, settings: Any) -> None:
        settings.SECOND_FACTOR = False

    def test_a_moderator_away_for_half_an_hour_is_signed_out(self, staff, sign_in, clock) -> None:
        client = sign_in(staff)
        for _ in range(4):
            clock.shift(29 * 60)
            assert client.get("/admin/").status_code == 200
        clock.shift(31 * 60)
        assert client.get("/admin/")["Location"].startswith("/accounts/login/")
        assert not is_signed_in(client)

    def test_half_a_day_is_the_end_however_busy(self, staff, sign_in, clock) -> None:
        client = sign_in(staff)
        statuses = []
        for _ in range(13 * 3):
            clock.shift(20 * 60)
            statuses.append(client.get("/admin/").status_code)
        assert statuses == [200] * 36 + [302] * 3

    def test_a_patient_stays_two_weeks(self, sign_in, clock) -> None:
        client = sign_in(UserFactory())
        clock.shift(13 * 24 * 3600)
        assert is_signed_in(client)
        clock.shift(2 * 24 * 3600)
        assert not is_signed_in(client)

    def test_a_session_that_does_not_say_when_it_began_is_over(self, staff, sign_in) -> None:
        client = sign_in(staff)
        session = client.session
        del session["began"]
        session.save()
        assert client.get("/admin/").status_code == 302

    def test_looking_around_writes_nothing(self, staff, sign_in, django_assert_max_num_queries) -> None:
        client = sign_in(staff)
        client.get("/admin/")
        before = Session.objects.get().session_data
        client.get("/admin/")
        assert Session.objects.get().session_data == before
