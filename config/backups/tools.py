"""PostgreSQL's own programs, from the PATH or from the wheel, run on the site's database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress

from django.db import connection

from config.postgres_cluster import binaries


class ToolFailed(Exception):
    """The message is PostgreSQL's own last word, or what to install."""


def run(name: str, *arguments: str) -> None:
    """``pg_dump`` or ``pg_restore`` on the site's database. Raises ToolFailed."""
    given = connection.get_connection_params()
    of = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "sslmode": "PGSSLMODE",
    }
    environment = {variable: str(given[key]) for key, variable in of.items() if given.get(key)}
    database = str(given.get("dbname") or given.get("database"))
    done = subprocess.run(  # noqa: S603  # a program of PostgreSQL's, found by its name
        [_path_of(name), "--no-password", f"--dbname={database}", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise ToolFailed(f"{name} failed: {said[-1] if said else f'exit status {done.returncode}'}")


def _path_of(name: str) -> str:
    """Of the server's own version if there is one, else of a newer one: older programs do not read newer servers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (wanted,) = cursor.fetchone()
    found = {_version(path): path for path in reversed(_candidates(name))}
    fitting = sorted(version for version in found if version >= wanted)
    if not fitting:
        raise ToolFailed(
            f"No {name} for PostgreSQL {wanted} is here: install PostgreSQL’s client programs of that version."
        )
    return found[fitting[0]]


def _candidates(name: str) -> list[str]:
    with suppress(SystemExit):  # no wheel here: what is on the PATH has to do
        return [path for path in (shutil.which(name), str(binaries() / name)) if path]
    return [path for path in (shutil.which(name),) if path]


def _version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"(\d+)", said.stdout)
    return int(number[1]) if number else 0
