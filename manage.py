#!/usr/bin/env python
"""Django's command line, on the embedded PostgreSQL unless DATABASE_URL is set. Failures are one sentence."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from environ import Env

# These read no table, and so start no server.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def needs_database(arguments: list[str]) -> bool:
    """Whether the command, the first of these arguments, touches the database."""
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_DATABASE or "--database" in arguments


def is_demonstration() -> bool:
    """As config.settings decides it: production refuses to run without a DATABASE_URL of its own."""
    return Env().bool("DEMO", default=not os.environ.get("SECRET_KEY"))


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn what is wrong with the machine or its settings into one sentence; ``--traceback`` shows it all."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    try:
        yield
    except (ImproperlyConfigured, OperationalError, OSError) as error:
        if "--traceback" in sys.argv:
            raise
        if isinstance(error, ImproperlyConfigured):
            sys.exit(str(error))
        if isinstance(error, OperationalError):
            sys.exit(f"The database cannot be used: {' '.join(str(error).split())}")
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(f"The disk is full: {error.filename or 'a file'} cannot be written.")
        raise


def main() -> None:
    """Prepare the database, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if needs_database(sys.argv[1:]) and is_demonstration():
        from config import postgres

        postgres.ensure()
    with one_sentence():
        from django.conf import settings
        from django.core.management import execute_from_command_line

        try:
            settings.INSTALLED_APPS  # noqa: B018  now: Django puts a wrong setting off and blames the command
        except ValueError as error:
            sys.exit(f"A setting in the environment has a wrong value: {error}.")
        try:
            execute_from_command_line(sys.argv)
        except KeyboardInterrupt:
            sys.exit(130)


if __name__ == "__main__":
    main()
