"""What gunicorn makes of a request before Django sees it."""

from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import RequestParser, wsgi

from config import gunicorn


@pytest.mark.parametrize(
    "header",
    ["SCRIPT_NAME: /questions", "PATH_INFO: /admin/", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: on"],
)
def test_no_header_moves_an_address_or_names_the_scheme(header: str) -> None:
    """T-CF-06: not even from this machine, where the front server is as near as anybody else."""
    environ = environ_of(f"GET /questions/1/ HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode())
    assert environ["SCRIPT_NAME"] == ""
    assert environ["PATH_INFO"] == "/questions/1/"
    assert environ["wsgi.url_scheme"] == "http"


def environ_of(sent: bytes) -> dict[str, Any]:
    settings = Config()
    for name in settings.settings:
        if hasattr(gunicorn, name):
            settings.set(name, getattr(gunicorn, name))
    local = ("127.0.0.1", 50_000)
    request = next(RequestParser(settings, iter([sent]), local))
    return wsgi.create(request, None, local, ("127.0.0.1", 8000), settings)[1]
