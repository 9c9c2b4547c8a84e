"""What production refuses to start on. Each refusal is one sentence that names the setting."""

from __future__ import annotations

import logging
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 50
KEY_VARIETY = 5
PLACEHOLDERS = ("django-insecure", "changeme", "change-me", "secret", "insecure", "example", "demonstration")


def check_secret_key(key: str) -> None:
    """Long, varied and not a placeholder (the measures of Django's ``security.W009``)."""
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY or key.lower().startswith(PLACEHOLDERS):
        raise ImproperlyConfigured(
            f"SECRET_KEY is not safe: give at least {KEY_LENGTH} random characters "
            "(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')."
        )


def check_database_url(url: str) -> None:
    """Only PostgreSQL, and with the name of a database."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "DATABASE_URL is not the address of a PostgreSQL database: write postgres://user:password@host/name."
        )


def check_breached_passwords(path: str) -> None:
    """A list of stolen passwords that is not there would be noticed at the first sign-up only."""
    if path and not Path(path).is_file():
        raise ImproperlyConfigured("BREACHED_PASSWORDS is not a file; give the path of one, or leave it out.")


def check_private_folder(private: Path, *served: Path) -> None:
    """What is private lies in no folder whose files are handed out."""
    for folder in served:
        if private.resolve().is_relative_to(folder.resolve()):
            raise ImproperlyConfigured(
                "EVIDENCE_ROOT or EXPORT_ROOT lies inside MEDIA_ROOT or STATIC_ROOT: "
                "give private files a folder of their own."
            )


def demo_secret_key(var: Path) -> str:
    """A key of this folder's own, made once, so that demonstration sessions survive a restart."""
    path = var / "demo-secret-key"
    try:
        if not path.exists():
            var.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            draft.rename(path)
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot write under {var.name}/ ({error.strerror}): free some space or make it writable."
        ) from error
    if len(key) < KEY_LENGTH:
        raise ImproperlyConfigured(f"{var.name}/{path.name} is damaged: delete it and start again.")
    return key


def require_safe(
    *,
    secret_key: str,
    debug: bool,
    allowed_hosts: list[str],
    origins: list[str],
    site_origin: str,
    database_url: str,
    email_url: str,
) -> None:
    """Raise ImproperlyConfigured about the first unsafe value."""
    address = urlsplit(site_origin)
    local = {"http"} if address.hostname in {"localhost", "127.0.0.1"} else set()
    problems = {
        "SECRET_KEY is not set: production needs one of its own.": not secret_key,
        "DEBUG is on: production never shows its insides; unset DEBUG.": debug,
        "DATABASE_URL is not set: production runs on a PostgreSQL of its own.": not database_url,
        "ALLOWED_HOSTS is empty: name the host names this site answers to.": not allowed_hosts,
        "ALLOWED_HOSTS allows every host: name the host names this site answers to.": any(
            host in {"*", "."} for host in allowed_hosts
        ),
        "SITE_ORIGIN is not an https address: links in e-mails are built from it.": not address.hostname
        or address.scheme not in {"https"} | local,
        "CSRF_TRUSTED_ORIGINS holds an address without https.": any(
            not origin.startswith("https://") for origin in origins
        ),
        "EMAIL_URL is not set: nobody could confirm an account.": not email_url,
    }
    for sentence, is_so in problems.items():
        if is_so:
            raise ImproperlyConfigured(sentence)


class WithoutKeys(logging.Filter):
    """Takes the key out of an address that is one, the page of a person in pictures, before it comes into a log."""

    KEY = re.compile(r"(/consent/)[^/\s]+")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.KEY.sub(r"\1…", record.getMessage()), ()
        return True
