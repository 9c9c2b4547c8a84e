"""What lies in people's mailboxes, where others may look over their shoulder."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from tests.accounts.conftest import link, log_in, sign_up
from tests.factories import PASSWORD

FOLDER = Path(settings.BASE_DIR) / "templates" / "account" / "email"
TELLING = re.compile(
    r"health|doctor|treatment|botox|cosmetic|medic|patient|surgery|question|answer", re.IGNORECASE
)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda p: p.name)
def test_no_mail_says_what_the_site_is_about(path: Path) -> None:
    assert not TELLING.search(path.read_text())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*_subject.txt")), ids=lambda p: p.name)
def test_every_mail_has_a_text_and_a_page_and_a_plain_subject(path: Path) -> None:
    stem = path.name.removesuffix("_subject.txt")
    assert (FOLDER / f"{stem}_message.txt").exists()
    assert (FOLDER / f"{stem}_message.html").exists()
    assert "{" not in path.read_text()


def test_both_forms_of_a_mail_carry_the_same_link_on_our_origin(client: Client, db: None) -> None:
    sign_up(client, "gems@example.org")
    message = mail.outbox[-1]
    page = message.alternatives[0][0]
    address = f"{settings.SITE_ORIGIN}{link()}"
    assert f"\n{address}\n" in message.body
    assert f'href="{address}"' in page
    assert "gems" in message.body
    assert PASSWORD not in message.body + page
    assert len(max(message.body.split("\n\n"), key=len)) < 400
    assert "{{" not in message.body + page


def test_a_notice_says_when_from_where_and_what_to_do(client: Client, member) -> None:
    user = member()
    log_in(client, user.email)
    client.defaults["HTTP_USER_AGENT"] = "Please call +1 555 0100 http://evil.example"
    new = "violet engine harbour 3"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    message = mail.outbox[-1]
    for text in (message.body, message.alternatives[0][0]):
        assert "127.0.0.1" in text
        assert f"{settings.SITE_ORIGIN}/accounts/password/reset/" in text
        assert "evil.example" not in text
