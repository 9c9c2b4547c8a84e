"""Which passwords are accepted, and how one changes."""

import hashlib
import re
from contextlib import suppress
from datetime import timedelta
from time import process_time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.validators import BreachedPassword, PredictablePasswordValidator
from tests.accounts.conftest import is_signed_in, link, log_in, sign_up
from tests.factories import PASSWORD, UserFactory
from tests.timing import is_done_within

BETTER = "violet engine harbour 3"
NEW = {"password1": BETTER, "password2": BETTER}
PREDICTABLE = """
    password 12345678901234 qwertyuiopasdf aaaaaaaaaaaaaa candorcandor Candor2026Candor password1234
    P@ssw0rd1234! qwerty123456 asdfghjkl;'12 1q2w3e4r5t6y abcabcabcabc abc123abc123 sunshine2024!
    sunshinesunshine 1-2-3-4-5-6-7-8-9 lkjhgfdsapoiuy !@#$%^&*()_+ Welcome2024!! 121212121212 monkeymonkey12
    letmeinletmein qazwsxedcrfv azertyuiop123
""".split()
GOOD = [
    "correct horse battery staple",
    PASSWORD,
    BETTER,
    "zehn grüne Äpfel liegen abends auf dem Küchentisch, naïve façade œuvre!",
    "корова лестница кварц",
    "漢字仮名交文東京大阪京都名古屋",
    "x7#kQ9!mZp2&",
    "tree were property stuff",
    "asdf quartz lampshade",
]
WORDS = """
    anchor basil copper dune ember fable garnet hollow ivory jungle kettle lantern maple nectar orbit pepper
    quarry ribbon saddle timber umbrella velvet willow yonder zephyr were property sweet power
    tower asset feeder
""".split()


@pytest.mark.parametrize("password", PREDICTABLE)
def test_predictable_passwords_are_refused(password: str) -> None:
    """T-AU-05"""
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", [pytest.param(p, id=str(n)) for n, p in enumerate(GOOD)])
def test_good_passwords_are_accepted_in_any_script(password: str) -> None:
    validate_password(password)


def test_a_passphrase_of_69_characters_is_accepted() -> None:
    """T-AU-05: spaces, letters beyond ASCII, no digit, no capital needed."""
    passphrase = "sieben müde bären träumen süß unter dem großen weißen mond von honig "
    assert len(passphrase) == 69
    validate_password(passphrase)


@given(
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=6, unique=True),
    st.sampled_from([" ", "-", "", "."]),
)
def test_three_unrelated_words_are_never_refused(words: list[str], between: str) -> None:
    PredictablePasswordValidator().validate(between.join(words))


@given(
    stolen=st.sets(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=40),
    other=st.text(st.characters(codec="utf-8"), max_size=12),
)
def test_what_was_stolen_elsewhere_is_refused_and_nothing_else(
    stolen: set[str], other: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """T-AU-05: without asking anybody, in a file of any length, with and without counts behind the hashes."""
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in stolen)
    file = tmp_path_factory.mktemp("stolen") / "hashes.txt"
    file.write_bytes("".join(f"{one}:{number}\r\n" for number, one in enumerate(hashes)).encode())
    with override_settings(BREACHED_PASSWORDS=str(file)):
        for password in stolen:
            with pytest.raises(ValidationError, match=r"guessers know it\. Three or four unrelated words"):
                BreachedPassword().validate(password)
        if other not in stolen:
            BreachedPassword().validate(other)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("password1234", "password_too_common"),
        ("394857201938", "password_entirely_numeric"),
        ("qwertyuiopasdf", "password_predictable"),
        ("gems-and-stones", "password_too_similar"),
    ],
)
def test_every_refusal_says_what_to_do(password: str, code: str) -> None:
    """T-AU-05"""
    with pytest.raises(ValidationError) as refused:
        validate_password(password, UserFactory.build(handle="gems-and-stone"))
    said = {error.code: error.messages[0] for error in refused.value.error_list}
    assert re.search("unrelated words make a good one|at least 12 characters", said[code])


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_nothing_anybody_types_breaks_the_judgement(password: str) -> None:
    with suppress(ValidationError):
        PredictablePasswordValidator().validate(password)


@pytest.mark.parametrize("unit", ["1", "qwertx", "passworx", "ab!"])
def test_a_password_of_megabytes_is_refused_at_once(unit: str) -> None:
    """Anybody may send one to the sign-up; judging it must not keep a worker busy."""

    def judge() -> None:
        with pytest.raises(ValidationError, match="more than 1000 characters"):
            validate_password(unit * 500_000 + "z")

    assert is_done_within(1, judge, process_time)


def ask_for_link(client: Client, email: str) -> str:
    client.post("/accounts/password/reset/", {"email": email})
    return link()


def choose(client: Client, path: str, password: str = BETTER):
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_a_link_gives_a_new_password_once(client: Client, member) -> None:
    """T-AU-13"""
    user = member()
    path = ask_for_link(client, user.email)
    for _ in range(2):  # a scanner may open it first
        assert "Choose a new password" in Client().get(path, follow=True).content.decode()
    assert choose(client, path)["Location"] == "/accounts/password/reset/key/done/"
    assert not is_signed_in(client)
    assert log_in(Client(), user.email, BETTER)["Location"] == "/"
    assert log_in(Client(), user.email).status_code == 200
    assert "This link does not work any more" in Client().get(path, follow=True).content.decode()
    assert mail.outbox[-1].subject == "Your password was changed"


def test_a_link_works_for_one_hour(client: Client, member) -> None:
    path = ask_for_link(client, member().email)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=2)):
        assert "This link does not work any more" in client.get(path, follow=True).content.decode()


def test_a_link_dies_with_the_address_it_was_sent_to(client: Client, member) -> None:
    user = member()
    path = ask_for_link(client, user.email)
    EmailAddress.objects.filter(user=user).update(email="new@example.org")
    user.email = "new@example.org"
    user.save()
    assert "This link does not work any more" in client.get(path, follow=True).content.decode()


def test_a_bad_choice_is_explained_and_the_link_still_works(client: Client, member) -> None:
    path = ask_for_link(client, member().email)
    assert "easy to guess" in choose(client, path, "qwertyuiopasdf").content.decode()
    assert choose(client, path).status_code == 302


def test_nobody_learns_from_recovery_who_has_an_account(member) -> None:
    """T-AU-02"""
    member(email="known@example.org")
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        browser = Client()
        response = browser.post("/accounts/password/reset/", {"email": email})
        page = browser.get(response["Location"])
        answers.append((response.status_code, response["Location"], sorted(response.cookies), page.content))
    assert answers[0] == answers[1]
    subjects = [message.subject for message in mail.outbox]
    assert subjects == ["Choose a new password", "There is no account with this address"]


def test_links_in_mail_lead_to_our_own_origin(member, settings) -> None:
    """T-CF-06"""
    settings.SITE_ORIGIN = "https://candor.example"
    names = (
        "x-forwarded-host",
        "x-forwarded-server",
        "x-host",
        "x-original-url",
        "x-rewrite-url",
        "forwarded",
    )
    forged = Client(headers={**dict.fromkeys(names, "host=evil.example"), "x-forwarded-proto": "ftp"})
    forged.post("/accounts/password/reset/", {"email": member().email})
    forged.post("/accounts/password/reset/", {"email": "unknown@example.org"})
    sign_up(forged, "gems@example.org")
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        text = str(message.message())
        assert "evil" not in text
        assert "testserver" not in text
        assert "https://candor.example/accounts/" in text


def test_changing_the_password_ends_every_other_session(member) -> None:
    """T-AU-09"""
    user = member()
    here, there = Client(), Client()
    log_in(here, user.email)
    log_in(there, user.email)
    wrong = here.post("/accounts/password/change/", {"oldpassword": BETTER, **NEW})
    assert "This is not your password" in wrong.content.decode()
    assert is_signed_in(there)
    changed = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **NEW})
    assert changed["Location"] == "/accounts/email/"
    assert not is_signed_in(there)
    assert "every other device is signed out" in here.get("/accounts/email/").content.decode()
    assert mail.outbox[-1].subject == "Your password was changed"


def test_a_first_password_can_be_set(sign_in, member) -> None:
    user = member()
    user.set_unusable_password()
    user.save()
    browser = sign_in(user)
    assert browser.post("/accounts/password/set/", NEW).status_code == 302
    assert is_signed_in(browser)
    assert log_in(Client(), user.email, BETTER).status_code == 302
