"""An embedded PostgreSQL for machines without one: the first command starts it, the last one stops it.

Three lock files beside the data say who does what. The kernel drops a lock together with its process, so
``kill -9`` leaves nothing to tidy and no list of process ids to go stale:

``postgres.gate``     held alone while somebody starts, joins, leaves or stops the server
``postgres.users``    held shared by every command that uses the server
``postgres.alive``    held by the server's own processes, which inherit the open file: while one of them
                      lives the data is in use, whatever ``postmaster.pid`` says

For development and demonstration; a real site sets ``DATABASE_URL`` and nothing here runs.
"""

import atexit
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from config import postgres_system as system
from config.postgres_cluster import PATIENCE, Cluster

VAR = Path(__file__).resolve().parent.parent / "var"
# What this process has joined, if anything.
_joined: list["Server"] = []


def ensure(var: Path = VAR) -> None:
    """Give this process a ``DATABASE_URL``, from the embedded server unless one is set; leave it at exit.

    Child processes inherit the address and therefore do nothing here.
    Raises SystemExit with one sentence when the server cannot be had.
    """
    if os.environ.get("DATABASE_URL"):
        return
    server = Server(var)
    server.join()
    _joined.append(server)
    atexit.register(_leave_at_exit, server)
    _run_exit_handlers_when_told_to_end()
    os.environ["DATABASE_URL"] = server.url()


def revive() -> bool:
    """Start the server this process has joined again if it died, killed for instance; true when it had."""
    return any(server.revive() for server in _joined)


def _leave_at_exit(server: "Server") -> None:
    try:
        server.leave()
    except SystemExit as failure:  # an exit handler's own exit would be swallowed, words and all
        system.say(str(failure))


def _run_exit_handlers_when_told_to_end() -> None:
    """By default SIGTERM and SIGHUP end Python on the spot, and the server would stay behind."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, _: sys.exit(128 + received))


class Server:
    """The server whose data lies in ``var/postgres``. Every failure is a SystemExit with one sentence."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.kept = var / "postgres.kept"
        self._users: int | None = None
        self._pid = os.getpid()

    @cached_property
    def cluster(self) -> Cluster:
        """Made on first use: as root this may add a system user."""
        return Cluster(self.var / "postgres", self._lock("alive"))

    def join(self) -> None:
        """Hold the server for this process, starting it where it does not run."""
        with self._sentences():
            system.make_like_parent(self.var)
            with self._gate():
                if not self.cluster.is_alive():
                    self.kept.unlink(missing_ok=True)
                self._users = self._lock("users").open()
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self.cluster.start()

    def leave(self) -> None:
        """Let go of it; the last one out stops it, unless somebody asked for it to be kept.

        A forked child runs its parent's exit handlers too: it must not speak for the parent.
        """
        if self._users is None or os.getpid() != self._pid:
            return
        with self._sentences(), self._gate():
            last = system.try_lock(self._users)
            os.close(self._users)
            self._users = None
            if last and not self.kept.exists():
                self.cluster.stop()

    def revive(self) -> bool:
        """Start the server again where it has died under its users; true when it had."""
        with self._sentences(), self._gate():
            if self.cluster.is_alive():
                return False
            self.cluster.start()
            return True

    def start(self) -> None:
        """Start it and keep it running without users, until ``stop``."""
        self.join()
        self.kept.touch()

    def stop(self) -> bool:
        """Stop it; false when it did not run. Refuses while a command uses it."""
        if not self.var.is_dir():
            return False
        with self._sentences(), self._gate(), self._lock("users").opened() as users:
            if not system.try_lock(users):
                raise SystemExit("A running command uses PostgreSQL: stop that first (make run, or a test).")
            self.kept.unlink(missing_ok=True)
            return self.cluster.stop()

    def is_running(self) -> bool:
        """Whether any process of the server lives."""
        if not self.var.is_dir():
            return False
        with self._sentences(), self._gate():
            return self.cluster.is_alive()

    def url(self) -> str:
        """The address for ``DATABASE_URL``."""
        return self.cluster.url()

    def _lock(self, name: str) -> system.LockFile:
        return system.LockFile(self.var / f"postgres.{name}")

    @contextmanager
    def _gate(self) -> Iterator[None]:
        with self._lock("gate").opened() as gate:
            notice = "Waiting for another command that starts or stops PostgreSQL ..."
            for _ in system.patiently(2 * PATIENCE, notice):
                if system.try_lock(gate):
                    break
            else:
                raise SystemExit(f"Another command has held PostgreSQL in {self.var} for too long.")
            yield

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Say what the operating system refused, in words and without a traceback."""
        try:
            yield
        except PermissionError as error:
            what = error.filename or self.var
            raise SystemExit(
                f"PostgreSQL cannot use {what}: it belongs to another user; "
                "run as that user, or remove var/ to begin anew."
            ) from None
        except OSError as error:
            raise SystemExit(
                f"PostgreSQL cannot use {error.filename or self.var}: {error.strerror}."
            ) from None


def main(arguments: list[str]) -> None:
    """``python -m config.postgres start|stop|status``; status exits 1 when the server does not run."""
    if os.environ.get("DATABASE_URL"):
        raise SystemExit("DATABASE_URL is set: the embedded PostgreSQL is not used.")
    server = Server(VAR)
    if arguments == ["start"]:
        server.start()
        system.say(f"PostgreSQL runs until you stop it: DATABASE_URL='{server.url()}'")
    elif arguments == ["stop"]:
        system.say("PostgreSQL has stopped." if server.stop() else "PostgreSQL was not running.")
    elif arguments == ["status"]:
        if not server.is_running():
            raise SystemExit("PostgreSQL is not running.")
        system.say(f"PostgreSQL is running: DATABASE_URL='{server.url()}'")
    else:
        raise SystemExit("Usage: python -m config.postgres start|stop|status")


if __name__ == "__main__":
    main(sys.argv[1:])
