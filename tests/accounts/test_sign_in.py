"""Signing in and out: the same answer to all guesses, an end to guessing, nothing left behind."""

import pytest
from allauth.core.internal.ratelimit import parse_rates
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.adapter import GUESSING_PAUSE_SECONDS
from accounts.middleware import PAUSE_SECONDS
from accounts.models import Session
from config import settings as site_settings
from tests.accounts.conftest import is_signed_in, link, log_in, sign_up, without_tokens
from tests.accounts.hashing import CountingHasher
from tests.accounts.mail import SlowServer, delivered
from tests.factories import PASSWORD, DoctorFactory
from tests.timing import take_the_same_time

STRANGERS = "violet engine harbour 3"
WRONG = "plum ladder quartz 82"
ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example",
    "/\t/evil.example", "/\n/evil.example", " //evil.example", "\n//evil.example", "//evil.example/%2e%2e",
    "http:///evil.example", "https:evil.example", "evil", "javascript:alert(1)", "data:text/html,x",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "http://localhost/",
]  # fmt: skip


def test_no_guess_tells_whether_the_address_is_known(member) -> None:
    """T-AU-01"""
    known = member().email
    answers = {}
    for email in (known, "unknown@example.org"):
        browser = Client()
        responses = [log_in(browser, email, WRONG) for _ in range(4)]
        texts = {without_tokens(r).replace(email, "") for r in responses}
        answers[email] = ({r.status_code for r in responses}, texts)
    assert answers[known] == answers["unknown@example.org"]
    assert "do not belong together" in answers[known][1].pop()


@pytest.fixture
def _slow_hashes(settings) -> None:
    """The hashes of the site itself, counted, and as many guesses as one likes."""
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountingHasher"]
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.mark.usefixtures("_slow_hashes")
def test_no_guess_costs_more_hashes_for_a_known_address(member) -> None:
    """T-AU-01: hashing is what takes long."""
    for email in (member().email, "unknown@example.org"):
        CountingHasher.hashed.clear()
        log_in(Client(), email, WRONG)
        assert CountingHasher.hashed == [WRONG], email


@pytest.mark.usefixtures("_slow_hashes")
def test_no_guess_takes_longer_for_a_known_address(member) -> None:
    """T-AU-01: within 35 %; one more hash is half of the time or more."""

    def guess(email: str) -> None:
        assert log_in(Client(), email, WRONG).status_code == 200

    known = member().email
    assert take_the_same_time(lambda: guess(known), lambda: guess("unknown@example.org"), share=0.35)


@pytest.fixture
def signed_up_by_a_stranger(member) -> list[str]:
    """Addresses with which a stranger has signed up, by a password of the stranger's own.

    One belonged to a member, one to a newcomer who has not confirmed it yet, one to nobody.
    """
    emails = [member().email, "newcomer@example.org", "unknown@example.org"]
    sign_up(Client(), emails[1], handle="newcomer", password1=PASSWORD)
    for number, email in enumerate(emails):
        sign_up(Client(), email, handle=f"stranger-{number}", password1=STRANGERS)
    return emails


def test_signing_up_and_then_in_tells_a_stranger_nothing(signed_up_by_a_stranger) -> None:
    """T-AU-01, T-AU-02: the last of these accounts is the stranger's own, and answers like the others'."""
    answers = []
    cache.clear()  # the pause between two messages to one address is over
    for email in signed_up_by_a_stranger:
        browser = Client()
        responses = [log_in(browser, email, STRANGERS, next="/me/") for _ in range(5)]
        texts = {without_tokens(r).replace(email, "") for r in responses}
        answers.append(([r.status_code for r in responses], texts, set(browser.cookies)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == [200] * 4 + [429]


@pytest.mark.usefixtures("_slow_hashes")
def test_signing_up_and_then_in_costs_one_hash_whoever_had_the_address(signed_up_by_a_stranger) -> None:
    for email in signed_up_by_a_stranger:
        CountingHasher.hashed.clear()
        log_in(Client(), email, STRANGERS)
        assert CountingHasher.hashed == [STRANGERS], email


def test_the_answer_does_not_wait_for_the_mail_server(client: Client, db: None, settings) -> None:
    """Only whoever has the right password is written to; how long that takes would say so."""
    sign_up(Client(), "gems@example.org")
    cache.clear()
    settings.EMAIL_BACKEND = "tests.accounts.mail.SlowServer"
    SlowServer.may_go_on.clear()
    assert log_in(client, "gems@example.org").status_code == 200
    assert len(mail.outbox) == 1
    SlowServer.may_go_on.set()
    assert len(delivered()) == 2


def test_the_handle_of_a_sign_up_tells_a_stranger_nothing(signed_up_by_a_stranger) -> None:
    """Each of them is taken now, whether an account was made or not."""
    for number in range(3):
        response = sign_up(Client(), f"another-{number}@example.org", handle=f"Stranger-{number}")
        assert "Somebody else goes by this handle" in response.text


def test_guessing_ends_with_the_fifth_try_and_for_this_account_alone(client: Client, member) -> None:
    """T-AU-03: a forwarded address changes nothing."""
    victim, other = member(), member()
    statuses = []
    for number in range(11):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        statuses.append(log_in(client, victim.email, WRONG).status_code)
    assert statuses == [200] * 4 + [429] * 7
    response = log_in(client, victim.email)
    assert response.status_code == 429
    assert response["Retry-After"] == "1800"
    assert "Too many tries" in response.content.decode()
    assert log_in(client, other.email).status_code == 302


def test_behind_a_proxy_only_what_the_proxy_says_counts(client: Client, db: None, settings) -> None:
    """T-AU-03, T-AU-04: whatever a guesser writes in front of it, and another address is not kept waiting."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "4/30m/key,6/30m/ip"}
    statuses = []
    for number in range(8):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}, 203.0.113.9"
        statuses.append(log_in(client, f"person{number}@example.org", WRONG).status_code)
    assert statuses == [200] * 6 + [429] * 2
    client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9, 203.0.113.10"
    assert log_in(client, "one-more@example.org", WRONG).status_code == 200


def test_another_name_of_the_site_gives_no_further_guesses(client: Client, member, settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    form = {"login": member(email="known@example.org").email, "password": WRONG}
    for _ in range(4):
        client.post("/accounts/login/", form, headers={"host": "one.example"})
    assert client.post("/accounts/login/", form, headers={"host": "two.example"}).status_code == 429


def test_a_new_password_ends_the_wait(client: Client, member) -> None:
    user = member()
    for _ in range(5):
        log_in(client, user.email, WRONG)
    client.post("/accounts/password/reset/", {"email": user.email})
    form = client.get(link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": WRONG, "password2": WRONG})
    assert log_in(client, user.email, WRONG)["Location"] == "/"


def test_many_accounts_cannot_be_tried_from_one_address(client: Client, db: None, caplog) -> None:
    """T-AU-04"""
    statuses = [log_in(client, f"person{number}@example.org", WRONG).status_code for number in range(100)]
    assert statuses[:50] == [200] * 50
    assert statuses[50:] == [429] * 50
    assert "Too many wrong passwords" in caplog.text
    assert "person" not in caplog.text


def test_a_new_password_of_ones_own_does_not_help_to_guess_those_of_others(client: Client, member) -> None:
    user = member()
    for number in range(51):
        log_in(client, f"person{number}@example.com", WRONG)
    client.post("/accounts/password/reset/", {"email": user.email})
    form = client.get(link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": WRONG, "password2": WRONG})
    assert log_in(client, "one-more@example.com", WRONG).status_code == 429


def test_every_pause_is_said_truthfully() -> None:
    limits = {**site_settings.ACCOUNT_RATE_LIMITS, **site_settings.MFA_RATE_LIMITS}
    for action, rates in limits.items():
        longest = max(rate.duration for rate in parse_rates(rates))
        assert longest == (GUESSING_PAUSE_SECONDS if action == "login_failed" else PAUSE_SECONDS), action


def test_too_many_mails_to_one_address_are_refused(client: Client, db: None) -> None:
    responses = [client.post("/accounts/password/reset/", {"email": "a@example.org"}) for _ in range(6)]
    assert [r.status_code for r in responses] == [302] * 5 + [429]
    assert responses[-1]["Retry-After"] == "600"


def test_the_session_gets_a_new_key_with_every_proof_of_who_one_is(client: Client, member) -> None:
    """T-AU-07"""
    user = member()
    keys = []
    sign_up(client, "gems@example.org")  # an anonymous session of one's own
    keys.append(client.cookies["sessionid"].value)
    log_in(client, user.email)
    keys.append(client.cookies["sessionid"].value)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    assert not Session.objects.filter(pk__in=keys[:2]).exists()
    client.cookies["sessionid"] = "chosen-by-somebody-else-0000"
    log_in(client, user.email)
    assert client.cookies["sessionid"].value != "chosen-by-somebody-else-0000"


def test_signing_out_ends_the_session_and_clears_the_device(client: Client, member) -> None:
    """T-AU-08"""
    log_in(client, member().email)
    old = client.cookies["sessionid"].value
    refused = client.get("/accounts/logout/")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert "Sign out?" in refused.content.decode()
    assert is_signed_in(client)
    response = client.post("/accounts/logout/")
    assert response["Location"] == "/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["sessionid"]["max-age"] == 0
    client.cookies["sessionid"] = old
    assert not is_signed_in(client)


def test_the_first_page_after_signing_out_is_everybodys(client: Client, member) -> None:
    log_in(client, member().email)
    client.post("/accounts/logout/")
    kept = {name for name, cookie in client.cookies.items() if cookie["max-age"] != 0}
    assert kept == {"csrftoken"}
    del client.cookies["sessionid"]
    mine = client.get("/")
    assert not mine.cookies
    assert mine.content == Client().get("/").content


@pytest.mark.parametrize(("remember", "max_age"), [("on", 14 * 24 * 3600), ("", "")])
def test_a_shared_computer_forgets_unless_asked(
    client: Client, member, remember: str, max_age: int | str
) -> None:
    response = log_in(client, member().email, **({"remember": remember} if remember else {}))
    assert response.cookies["sessionid"]["max-age"] == max_age


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_and_out_never_leads_off_the_site(client: Client, member, elsewhere: str) -> None:
    """T-CF-07"""
    assert log_in(client, member().email, next=elsewhere)["Location"] == "/"
    assert client.get("/accounts/login/", {"next": elsewhere})["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": elsewhere})["Location"] == "/"


def test_signing_in_leads_to_the_page_one_wanted(client: Client, member) -> None:
    wanted = "/questions/ask/?treatment=botox&use=calves"
    assert log_in(client, member().email, next=wanted)["Location"] == wanted
    assert client.get("/accounts/login/", {"next": wanted})["Location"] == wanted


def test_an_unconfirmed_address_gets_its_link_again_and_goes_on_after_it(client: Client, db: None) -> None:
    """Somebody who forgot to confirm is told where to look, and ends where they were going."""
    sign_up(Client(), "gems@example.org")
    cache.clear()  # the pause between two such messages is over
    response = log_in(client, "gems@example.org", next="/me/")
    assert "the address is not confirmed yet: then look in your mail" in response.text
    assert [message.subject for message in delivered()] == ["Confirm your e-mail address"] * 2
    onward = client.post(link())["Location"]
    assert onward == "/accounts/login/?next=%2Fme%2F"
    assert log_in(client, "gems@example.org", next="/me/")["Location"] == "/me/"


def test_a_wrong_password_for_an_unconfirmed_address_sends_nothing(client: Client, db: None) -> None:
    sign_up(Client(), "gems@example.org")
    cache.clear()
    log_in(client, "gems@example.org", WRONG)
    assert len(delivered()) == 1


HOSTS = [
    "evil.example",
    "testserver.evil.example",
    "testserver:80@evil.example",
    "evil.example:80",
    "a b",
    "[::1",
    "",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused_and_never_repeated(client: Client, db: None, settings, host: str) -> None:
    """T-CF-05"""
    settings.ALLOWED_HOSTS = ["testserver"]
    response = client.get("/accounts/login/", headers={"host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_everybody_is_taken_to_their_work_unless_they_were_going_somewhere(member) -> None:
    patient, doctor, moderator = member(), DoctorFactory(verified=True).user, member(is_staff=True)
    for person, place in ((patient, "/"), (doctor, "/desk/"), (moderator, "/admin/")):
        assert log_in(Client(), person.email)["Location"] == place
        assert log_in(Client(), person.email, next="/trust/")["Location"] == "/trust/"


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, member) -> None:
    """T-AU-18; production adds Secure and __Host-."""
    form = client.get("/accounts/login/")
    response = log_in(client, member().email)
    for cookie in (*form.cookies.values(), *response.cookies.values()):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
    assert set(form.cookies) | set(response.cookies) == {"csrftoken", "sessionid"}


def test_passwords_are_hashed_with_argon2_alone() -> None:
    """T-AU-06"""
    assert site_settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
