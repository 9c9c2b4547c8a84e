"""Production refuses what is unsafe and names it; the demonstration needs nothing."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.safety import (
    WithoutKeys,
    check_database_url,
    check_private_folder,
    check_secret_key,
    demo_secret_key,
    require_safe,
)

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "mQ7zJx2vK9wLr4Tt6Yb8Nc1Pd3Sf5Gh0Aj-Ue_RiOoXyZqWkVlBn"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgres://candor@127.0.0.1/candor",
    "ALLOWED_HOSTS": "candor.example",
    "SITE_ORIGIN": "https://candor.example",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}
SAFE = {
    "secret_key": KEY,
    "debug": False,
    "allowed_hosts": ["candor.example"],
    "origins": ["https://www.candor.example"],
    "site_origin": "https://candor.example",
    "database_url": "postgres://candor@127.0.0.1/candor",
    "email_url": "smtp://127.0.0.1:25",
}


def started(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own that reads the settings with exactly this environment and prints an expression."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    code = f"from config import settings as s; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_everything_is_safe() -> None:
    facts = (
        "s.DEMO, s.DEBUG, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_PROXY_SSL_HEADER"
    )
    process = started(facts, **PRODUCTION)
    assert process.returncode == 0, process.stderr
    expected = (False, False, True, 31_536_000, True, True, "__Host-sessionid", "__Host-csrftoken", None)
    assert process.stdout.strip() == " ".join(str(fact) for fact in expected)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"DEBUG": "on"}, "DEBUG is on"),
        ({"SECRET_KEY": "changeme" * 10}, "SECRET_KEY is not safe"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"ALLOWED_HOSTS": "candor.example,*"}, "ALLOWED_HOSTS allows every host"),
        ({"SITE_ORIGIN": "http://candor.example"}, "SITE_ORIGIN is not an https address"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
        ({"BREACHED_PASSWORDS": "/nowhere"}, "BREACHED_PASSWORDS is not a file"),
        ({"SECRET_KEY": "", "DEMO": "off"}, "SECRET_KEY is not set"),
    ],
)
def test_production_does_not_start_on_an_unsafe_value_and_names_it(change: dict[str, str], said: str) -> None:
    """T-AU-20 and the whole of config.safety, through the settings themselves."""
    process = started("s.DEMO", **{**PRODUCTION, **change})
    assert process.returncode != 0
    last = process.stderr.strip().splitlines()[-1]
    assert f"ImproperlyConfigured: {said}" in last
    assert KEY not in process.stderr


def test_the_demonstration_needs_no_setting_at_all() -> None:
    facts = "s.DEMO, s.DEBUG, s.SITE_ORIGIN, s.ALLOWED_HOSTS, len(s.SECRET_KEY) >= 50, s.EMAIL_BACKEND.split('.')[-2]"
    process = started(facts, PORT="8123")
    assert process.returncode == 0, process.stderr
    origin, hosts = "http://127.0.0.1:8123", ["127.0.0.1", "localhost", "[::1]"]
    assert process.stdout.strip() == f"True False {origin} {hosts} True filebased"


def test_a_key_alone_means_production_and_a_word_means_demonstration() -> None:
    assert (
        "ALLOWED_HOSTS"
        in started("s.DEMO", SECRET_KEY=KEY, DATABASE_URL="postgres://candor@127.0.0.1/candor").stderr
    )
    assert started("s.DEMO, s.SECRET_KEY", SECRET_KEY=KEY, DEMO="on").stdout.strip() == f"True {KEY}"


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        (PRODUCTION, True),
        ({**PRODUCTION, "SECOND_FACTOR": "off"}, True),
        ({"PORT": "8123"}, False),
        ({"PORT": "8123", "SECOND_FACTOR": "on"}, True),
    ],
)
def test_production_never_goes_without_a_second_factor(environment: dict[str, str], asked: bool) -> None:
    """T-AU-11"""
    assert started("s.SECOND_FACTOR", **environment).stdout.strip() == str(asked)


def test_a_forwarded_scheme_is_believed_from_a_named_number_of_proxies_only() -> None:
    process = started("s.SECURE_PROXY_SSL_HEADER", **PRODUCTION, TRUSTED_PROXY_COUNT="1")
    assert process.stdout.strip() == "('HTTP_X_FORWARDED_PROTO', 'https')"


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://a@b/c", "postgres://candor@127.0.0.1/", "sqlite:///x.db"]
)
def test_an_address_that_is_no_postgresql_database_is_said_in_a_sentence(url: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match="DATABASE_URL is not the address of a PostgreSQL database"
    ):
        check_database_url(url)


class TestRequireSafe:
    def test_safe_values_pass(self) -> None:
        require_safe(**SAFE)

    @pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1"])
    def test_a_trial_on_ones_own_machine_needs_no_certificate(self, origin: str) -> None:
        require_safe(**{**SAFE, "site_origin": origin})

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("secret_key", "", "SECRET_KEY is not set"),
            ("debug", True, "DEBUG is on"),
            ("database_url", "", "DATABASE_URL is not set"),
            ("allowed_hosts", [], "ALLOWED_HOSTS is empty"),
            ("allowed_hosts", ["candor.example", "*"], "ALLOWED_HOSTS allows every host"),
            ("allowed_hosts", ["."], "ALLOWED_HOSTS allows every host"),
            ("site_origin", "", "SITE_ORIGIN is not an https address"),
            ("site_origin", "http://localhost.evil.example", "SITE_ORIGIN is not an https address"),
            ("site_origin", "ftp://localhost", "SITE_ORIGIN is not an https address"),
            ("site_origin", "https://", "SITE_ORIGIN is not an https address"),
            (
                "origins",
                ["https://a.example", "http://b.example"],
                "CSRF_TRUSTED_ORIGINS holds an address without https",
            ),
            ("email_url", "", "EMAIL_URL is not set"),
        ],
    )
    def test_each_unsafe_value_is_named(self, name: str, value: object, said: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=said):
            require_safe(**{**SAFE, name: value})


class TestSecretKey:
    @pytest.mark.parametrize(
        "key", ["", "short", "x" * 80, "abab" * 20, "django-insecure-" + KEY, "ChangeMe" + KEY]
    )
    def test_guessable_keys_are_refused_without_being_repeated(self, key: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not safe") as refused:
            check_secret_key(key)
        assert not key or key not in str(refused.value)

    def test_the_demonstrations_key_is_made_once_and_for_its_owner_alone(self, tmp_path: Path) -> None:
        key = demo_secret_key(tmp_path / "var")
        check_secret_key(key)
        assert demo_secret_key(tmp_path / "var") == key
        files = list((tmp_path / "var").iterdir())
        assert [file.name for file in files] == ["demo-secret-key"]
        assert files[0].stat().st_mode & 0o777 == 0o600

    def test_a_damaged_key_is_said_to_be_damaged(self, tmp_path: Path) -> None:
        (tmp_path / "demo-secret-key").write_text("x")
        with pytest.raises(ImproperlyConfigured, match="is damaged: delete it and start again"):
            demo_secret_key(tmp_path)

    def test_a_folder_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "var").write_text("a file, not a folder")
        with pytest.raises(ImproperlyConfigured, match="Cannot write under var/"):
            demo_secret_key(tmp_path / "var")


@pytest.mark.parametrize("inside", ["", "evidence", "static/../evidence"])
def test_private_files_lie_in_no_folder_that_is_handed_out(tmp_path: Path, inside: str) -> None:
    media, static = tmp_path / "media", tmp_path / "static"
    with pytest.raises(ImproperlyConfigured, match="EVIDENCE_ROOT"):
        check_private_folder(media / inside, static, media)
    check_private_folder(tmp_path / "media-private", static, media)


def test_the_key_of_a_person_in_pictures_comes_into_no_log() -> None:
    record = logging.LogRecord(
        "x", logging.ERROR, "", 0, "%s: %s", ("Server Error", "/consent/abc-DEF_1/"), None
    )
    assert WithoutKeys().filter(record)
    assert record.getMessage() == "Server Error: /consent/…/"
