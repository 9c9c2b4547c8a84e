"""``make run``: from whatever is there to a running site, and in good order back."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import postgres, postgres_system
from config.assets import collect_if_stale
from config.demo import DEMO_ACCOUNTS
from doctors.models import PostalPlace

HOST = "127.0.0.1"
# Bytes under var/ for mail, pictures and static files; seconds for workers to boot and to finish.
ROOM, BOOT, FAREWELL = 50_000_000, 60, 15


class Command(BaseCommand):
    help = "Prepare the database and the static files, then serve the site on PORT until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        with closing(listen(settings.PORT)) as listener:
            self.prepare()
            with told_to_stop() as stop, gunicorn(listener) as server, Beside() as worker:
                if answers(settings.PORT, server, stop):
                    self.announce()
                while not stop.wait(1):
                    if server.poll() is not None:
                        raise CommandError(f"The web server ended by itself (exit code {server.returncode}).")
                    if postgres.revive():
                        self.stderr.write("PostgreSQL had died and was started again.")
                    if worker.revive():
                        self.stderr.write("The worker had died and was started again.")

    def prepare(self) -> None:
        """Bring tables, catalogue, demonstration and static files up to date; all of it may run again."""
        postgres_system.require_room(settings.VAR_DIR, ROOM)
        self.say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_catalogue", verbosity=0)
        if settings.DEMO:
            call_command("seed_demo", verbosity=0)
            if not PostalPlace.objects.exists():
                self.say("Loading where the postal codes of the United States lie, some seconds, once ...")
                call_command("load_postal_places", verbosity=0)
        if collect_if_stale():
            self.say("Collected the static files.")

    def announce(self) -> None:
        """Where the site is and, in a demonstration, who may sign in."""
        self.say(f"\nCandor is running at http://{HOST}:{settings.PORT}/ (Ctrl-C stops it)")
        self.say("")
        if settings.DEMO:
            self.say("Demonstration accounts (role, e-mail, password):")
            for role, email, password in DEMO_ACCOUNTS:
                self.say(f"  {role:<18} {email:<38} {password}")
            self.say("")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def listen(port: int) -> socket.socket:
    """Hold the port from the start: a busy one is found before any work, and nobody takes it meanwhile."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or "there is no such port"
        raise CommandError(
            f"Port {port} cannot be used ({reason}): choose another, make run PORT=8001."
        ) from None
    return listener


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """Set once one of the signals to end arrives; from then on they are ours to act on."""
    stop = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def gunicorn(listener: socket.socket) -> Iterator["subprocess.Popen[bytes]"]:
    """The web server on that socket, in a session of its own so that Ctrl-C reaches it through us only."""
    options = ["--config", "python:config.gunicorn", "--log-level", "warning"]
    server, pipe = begin(
        "-m", "gunicorn", *options, "--bind", f"fd://{listener.fileno()}", "config.wsgi", keep=listener
    )
    try:
        yield server
    finally:
        end(server)
        os.close(pipe)


class Beside:
    """The worker beside the web server: started again when it ends by itself, ended with us."""

    # Seconds between two starts, so that one that cannot run does not keep the machine busy.
    PAUSE = 10

    def __enter__(self) -> "Beside":
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process)
        os.close(self.pipe)

    def _begin(self) -> None:
        self.process, self.pipe = begin("manage.py", "worker", "--verbosity", "0")
        self.began = time.monotonic()

    def revive(self) -> bool:
        """Start it again if it has ended, after a while; true when it was."""
        if self.process.poll() is None or time.monotonic() - self.began < self.PAUSE:
            return False
        os.close(self.pipe)
        self._begin()
        return True


def begin(*arguments: str, keep: socket.socket | None = None) -> "tuple[subprocess.Popen[bytes], int]":
    """A process of ours, and the end of the pipe by which it knows that we live (``config.owner``)."""
    theirs, ours = os.pipe()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"CANDOR_OWNER_PIPE": str(theirs)},
        pass_fds=[theirs, *([keep.fileno()] if keep else [])],
        start_new_session=True,
    )
    os.close(theirs)
    return process, ours


def end(process: "subprocess.Popen[bytes]") -> None:
    """Politely; by force after a while."""
    process.terminate()
    try:
        process.wait(FAREWELL)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port: int, server: "subprocess.Popen[bytes]", stop: threading.Event) -> bool:
    """Wait until the site answers anything at all; false when it ended or was told to stop before."""
    deadline = time.monotonic() + BOOT
    while time.monotonic() < deadline and server.poll() is None and not stop.is_set():
        visit = http.client.HTTPConnection(HOST, port, timeout=5)
        with suppress(OSError, http.client.HTTPException), closing(visit):
            visit.request("GET", "/healthz")
            visit.getresponse()
            return True
        stop.wait(0.1)
    return False
