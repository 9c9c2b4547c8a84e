"""``manage.py serve`` and its refusals, in a copy of the project with a cluster and a port of its own."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = "DATABASE_URL SECRET_KEY DEMO DEBUG PORT DJANGO_SETTINGS_MODULE CANDOR_TEST_RUN".split()
# Seconds: a first start on a busy machine creates the cluster, the tables and the demonstration.
FIRST_START = 300


class Checkout:
    """A copy of the project without anything that running it has made."""

    def __init__(self, folder: Path) -> None:
        left_out = shutil.ignore_patterns(".*", "var", "__pycache__", "tests", "node_modules")
        shutil.copytree(ROOT, folder, ignore=left_out)
        self.folder = folder
        self.port = free_port()

    def begin(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """As a script begins it in the background: the shell has such commands ignore some signals."""
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        return subprocess.Popen(
            ["sh", "-c", 'trap "" INT QUIT; exec "$@"', "sh", sys.executable, *arguments],
            cwd=self.folder,
            env=kept | {"PORT": str(self.port), "PYTHONUNBUFFERED": "1"} | environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit code and everything it said."""
        with self.begin(*arguments, **environment) as process:
            said, _ = process.communicate(timeout=FIRST_START)
        return process.returncode, said.strip()

    @contextmanager
    def served(self) -> Iterator[tuple["subprocess.Popen[str]", str]]:
        """The running command, and what it has said up to the point where the site answers."""
        with self.begin("manage.py", "serve") as serve:
            said = ""
            while "Ctrl-C stops it" not in said:
                line = serve.stdout.readline()
                assert line, said
                said += line
            try:
                yield serve, said
            finally:
                serve.terminate()
                serve.communicate(timeout=60)

    def status(self, path: str = "/healthz") -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as visit:
            visit.request("GET", path)
            return visit.getresponse().status

    def postmaster(self) -> int:
        return int((self.folder / "var/postgres/postmaster.pid").read_text().splitlines()[0])

    def database_is_running(self) -> bool:
        return self.run("-m", "config.postgres", "status")[0] == 0


class Doctor:
    """One of the demonstration, signed in, without a browser."""

    def __init__(self, checkout: Checkout, accounts: str) -> None:
        self.origin = f"http://127.0.0.1:{checkout.port}"
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))
        found = re.search(r"\n  doctor +(\S+) +(.+)\n", accounts)
        assert found, accounts
        self.reads("/accounts/login/")
        self.sends("/accounts/login/", login=found[1], password=found[2])

    def reads(self, path: str) -> str:
        with self.opener.open(self.origin + path, timeout=30) as answer:
            return str(answer.read().decode())

    def sends(self, path: str, **fields: str) -> None:
        token = next(str(cookie.value) for cookie in self.cookies if cookie.name == "csrftoken")
        data = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        self.opener.open(self.origin + path, data, timeout=30).close()


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    folder = Path(tempfile.mkdtemp(prefix="serve"))
    folder.chmod(0o711)
    checkout = Checkout(folder / "site")
    yield checkout
    assert checkout.run("-m", "config.postgres", "stop")[0] == 0
    shutil.rmtree(folder)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def becomes_true(question: object, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not question():  # type: ignore[operator]
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_a_checkout_becomes_a_running_site_and_survives_what_is_killed(checkout: Checkout) -> None:
    with checkout.served() as (serve, said):
        assert f"http://127.0.0.1:{checkout.port}/" in said
        assert "where the postal codes of the United States lie" in said
        assert (checkout.status(), checkout.status("/")) == (200, 200)
        accounts = accounts_of(serve)
        assert all(f"\n  {role} " in accounts for role in ("patient", "doctor", "moderator"))

        code, said = checkout.run("manage.py", "serve")
        assert (code, said.splitlines()[-1].split(" (")[0]) == (
            1,
            f"CommandError: Port {checkout.port} cannot be used",
        )

        doctor = Doctor(checkout, accounts)
        question = re.findall(r"/questions/\d+/(?=answer/)", doctor.reads("/desk/"))[0]
        doctor.sends(f"{question}draft/", draft_version="0", body="Half a thought.")
        (first,) = workers_of(serve)
        os.kill(first, signal.SIGKILL)
        assert any("The worker had died" in line for line in serve.stdout)

        os.kill(checkout.postmaster(), signal.SIGKILL)
        assert any("was started again" in line for line in serve.stdout)
        assert becomes_true(lambda: checkout.status("/readyz") == 200)

        assert becomes_true(lambda: workers_of(serve)), "the worker was not started again"
        left = workers_of(serve)
        assert first not in left
        serve.kill()
    assert becomes_true(lambda: not any(map(is_running, left))), "a killed serve left its worker"
    assert becomes_true(lambda: is_free(checkout.port)), "a killed serve left its workers on the port"
    assert checkout.database_is_running()

    with checkout.served() as (serve, _):
        assert "Half a thought.</textarea>" in doctor.reads(f"{question}answer/")
        serve.terminate()
        assert serve.wait(60) == 0
    assert is_free(checkout.port)
    assert not checkout.database_is_running()


def workers_of(serve: "subprocess.Popen[str]") -> list[int]:
    """The processes of ``manage.py worker`` that this one has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(serve.pid)], capture_output=True, text=True, check=True
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "manage.py worker" in line]


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def accounts_of(serve: "subprocess.Popen[str]") -> str:
    """The lines after the address, up to the empty one that ends them."""
    serve.stdout.readline()
    return "".join(iter(serve.stdout.readline, "\n"))


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is not safe"),
        ({"PORT": "eighty"}, "A setting in the environment has a wrong value"),
        ({"PORT": "70000"}, "CommandError: Port 70000 cannot be used (there is no such port)"),
        (
            {"DATABASE_URL": "postgres://a:b@127.0.0.1:9/c"},
            "The database cannot be used: connection to server at",
        ),
    ],
    ids=["secret key", "no number", "no port", "unreachable database"],
)
def test_a_wrong_setting_is_one_sentence(
    checkout: Checkout, environment: dict[str, str], sentence: str
) -> None:
    started = time.monotonic()
    code, said = checkout.run("manage.py", "serve", **environment)
    assert code == 1
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith(sentence)
    assert time.monotonic() - started < 60


def test_a_full_disk_is_one_sentence(checkout: Checkout) -> None:
    hostile = "import shutil; shutil.disk_usage = lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**6)\n"
    code, said = checkout.run(
        "-c", hostile + "import sys, manage; sys.argv = ['manage.py', 'serve']; manage.main()"
    )
    assert (code, said.split(": ")[0]) == (1, "The disk is full")


@pytest.mark.parametrize("arguments", [["check"], ["help"], ["migrate", "--help"], ["--version"], []])
def test_commands_that_read_no_table_start_no_server(checkout: Checkout, arguments: list[str]) -> None:
    code, _ = checkout.run("manage.py", *arguments)
    assert code == 0
    assert not (checkout.folder / "var/postgres").exists()


def test_production_never_falls_back_to_the_embedded_server(checkout: Checkout) -> None:
    code, said = checkout.run("manage.py", "migrate", SECRET_KEY="".join(map(chr, range(60, 120))))
    assert (code, said) == (1, "DATABASE_URL is not set: production runs on a PostgreSQL of its own.")
    assert not (checkout.folder / "var").exists()
