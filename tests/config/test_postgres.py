"""The embedded server, in a project folder of its own, with real processes that are really killed.

As root every case also runs as an ordinary user; an ordinary user's run covers that user alone.
"""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import pytest

from tests.missing import missing

SOURCES = Path(__file__).resolve().parents[2] / "config"
AS_ROOT = os.geteuid() == 0
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}
PACKAGES = str(Path(psycopg2.__file__).parents[1])
JOIN = "from config import postgres; postgres.ensure(); import os, sys, psycopg2\n"
CONNECT = JOIN + "c = psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit = True; q = c.cursor()\n"
HOLD = "print(os.environ['DATABASE_URL'], flush=True); sys.stdin.read()"


def interpreter_for_everyone() -> str | None:
    """One that an ordinary user may run too: root's own Python often lies where nobody else may look."""
    system = f"/usr/bin/python3.{sys.version_info.minor}"
    for candidate in (sys.executable, system):
        with suppress(OSError):
            tried = subprocess.run(
                [candidate, "-c", "import psycopg2"], env={"PYTHONPATH": PACKAGES}, **NOBODY
            )
            if tried.returncode == 0:
                return candidate
    return None


EVERYONES = interpreter_for_everyone() if AS_ROOT else None


class Project:
    """A folder holding nothing but the modules under test, and the user who runs commands in it."""

    def __init__(self, folder: Path, *, ordinary: bool) -> None:
        self.folder = folder
        self.var = folder / "var"
        self.python_path = EVERYONES or sys.executable
        self.as_user = NOBODY if ordinary else {}
        (folder / "config").mkdir(parents=True)
        (folder / "config/__init__.py").touch()
        for source in SOURCES.glob("postgres*.py"):
            shutil.copy(source, folder / "config")
        if ordinary:
            shutil.chown(folder, NOBODY["user"], NOBODY["group"])

    def begin(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.Popen(
            [self.python_path, *arguments],
            cwd=self.folder,
            env=kept | {"PYTHONPATH": PACKAGES} | environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **self.as_user,
        )

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        with self.begin(*arguments, **environment) as process:
            output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, output.strip(), errors.strip())

    def python(self, code: str, **environment: str) -> str:
        """What the code prints; it must succeed."""
        done = self.run("-c", code, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def control(self, word: str) -> "subprocess.CompletedProcess[str]":
        return self.run("-m", "config.postgres", word)

    def is_running(self) -> bool:
        return self.control("status").returncode == 0

    def refusal(self, code: str = JOIN) -> str:
        """What a command that cannot start says: one sentence, exit code 1."""
        done = self.run("-c", code)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr.splitlines()[-1]


@pytest.fixture
def place() -> Iterator[Path]:
    """Short, and passable for every user, which pytest's own temporary folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def opened(folder: Path, *, ordinary: bool) -> Iterator[Project]:
    project = Project(folder, ordinary=ordinary)
    yield project
    stopped = project.control("stop")
    assert stopped.returncode == 0, stopped.stderr


@pytest.fixture(
    params=[False, True] if EVERYONES else [False], ids=lambda ordinary: "ordinary" if ordinary else "me"
)
def project(place: Path, request: pytest.FixtureRequest) -> Iterator[Project]:
    yield from opened(place / "p", ordinary=request.param)


@pytest.fixture
def two_users() -> None:
    """Root, who may be another user too, and a Python for that user."""
    if not AS_ROOT:
        pytest.skip("An ordinary user's run covers that user alone.")
    if not EVERYONES:
        missing(
            "THE SERVER OF AN ORDINARY USER NOT TESTED: no Python here that others than root may run.",
            remedy=f"Install one as /usr/bin/python3.{sys.version_info.minor}, and clone where all may read.",
        )


@pytest.fixture
def mine(place: Path) -> Iterator[Project]:
    yield from opened(place / "p", ordinary=False)


def postmaster(project: Project) -> int:
    return int((project.var / "postgres/postmaster.pid").read_text().splitlines()[0])


# Starting, sharing, stopping


def test_the_first_command_starts_it_and_the_last_stops_it(project: Project) -> None:
    assert project.python(CONNECT + "q.execute('SELECT current_user'); print(q.fetchone()[0])") == "candor"
    assert not project.is_running()


def test_a_given_database_url_starts_nothing(mine: Project) -> None:
    given = "postgres://somebody@elsewhere/else"
    assert mine.python(JOIN + "print(os.environ['DATABASE_URL'])", DATABASE_URL=given) == given
    assert not mine.var.exists()


def test_an_empty_database_url_counts_as_none(mine: Project) -> None:
    assert "candor" in mine.python(JOIN + "print(os.environ['DATABASE_URL'])", DATABASE_URL="")


def test_commands_that_start_at_the_same_moment_share_one_server(project: Project) -> None:
    code = (
        CONNECT
        + "q.execute('SELECT pg_postmaster_start_time()::text'); print(q.fetchone()[0], flush=True)\n"
        + HOLD
    )
    commands = [project.begin("-c", code) for _ in range(4)]
    started = {command.stdout.readline() for command in commands}
    ends = [command.communicate(timeout=60)[1] for command in commands]
    assert [command.returncode for command in commands] == [0, 0, 0, 0], ends
    assert len(started) == 1
    assert not project.is_running()


def test_a_command_that_ends_leaves_the_server_to_the_others(mine: Project) -> None:
    with mine.begin("-c", JOIN + HOLD) as other:
        url = other.stdout.readline().strip()
        mine.python(JOIN)
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        other.communicate()
    assert not mine.is_running()


def test_a_child_process_inherits_the_address_and_does_not_stop_the_server(mine: Project) -> None:
    join = "from config import postgres; postgres.ensure()"
    child = f"import subprocess\nsubprocess.run([sys.executable, '-c', '{join}'], check=True)\n"
    fork = "pid = os.fork()\nif not pid: sys.exit()\nos.waitpid(pid, 0)\n"
    assert mine.python(CONNECT + child + fork + "q.execute('SELECT 7'); print(q.fetchone()[0])") == "7"


def test_being_told_to_end_stops_the_server_too(mine: Project) -> None:
    with mine.begin("-c", JOIN + HOLD) as command:
        command.stdout.readline()
        command.send_signal(signal.SIGTERM)
        command.communicate()
    assert command.returncode == 128 + signal.SIGTERM
    assert not mine.is_running()


def test_started_by_hand_it_stays_until_stopped_by_hand(mine: Project) -> None:
    assert mine.control("start").returncode == 0
    mine.python(JOIN)
    assert mine.is_running()
    assert mine.control("stop").stderr == "PostgreSQL has stopped."
    assert mine.control("stop").stderr == "PostgreSQL was not running."


def test_it_is_not_stopped_under_a_running_command(mine: Project) -> None:
    with mine.begin("-c", JOIN + HOLD) as command:
        command.stdout.readline()
        stopped = mine.control("stop")
        command.communicate()
    assert (stopped.returncode, stopped.stderr.split(":")[0]) == (1, "A running command uses PostgreSQL")


# After a crash


def test_a_killed_command_leaves_a_server_that_the_next_one_takes_over(project: Project) -> None:
    with project.begin("-c", JOIN + HOLD) as command:
        command.stdout.readline()
        command.kill()
    assert project.is_running()
    project.python(JOIN)
    assert not project.is_running()


def test_what_was_confirmed_survives_killing_the_server_and_its_user(project: Project) -> None:
    writer = CONNECT + "q.execute('CREATE TABLE t (n int)')\n"
    writer += "for n in range(10**9):\n q.execute('INSERT INTO t VALUES (%s)', [n]); print(n, flush=True)"
    with project.begin("-c", writer) as command:
        confirmed = [int(command.stdout.readline()) for _ in range(200)]
        os.kill(postmaster(project), signal.SIGKILL)
        command.kill()
        confirmed += [int(line) for line in command.stdout.read().splitlines()]
    found = project.python(CONNECT + "q.execute('SELECT n FROM t'); print(*[n for n, in q])").split()
    assert set(map(int, found)) >= set(confirmed)


def test_it_is_revived_under_the_command_that_started_it(project: Project) -> None:
    """Its dead process is then a zombie of that command, which PostgreSQL itself takes for a living one."""
    revive = "sys.stdin.readline(); print(postgres.revive(), postgres.revive(), flush=True)\n"
    again = "c = psycopg2.connect(os.environ['DATABASE_URL'])"
    with project.begin("-c", JOIN + "print(flush=True)\n" + revive + again) as command:
        command.stdout.readline()
        os.kill(postmaster(project), signal.SIGKILL)
        deadline = time.monotonic() + 20
        while project.is_running() and time.monotonic() < deadline:
            time.sleep(0.05)
        output, errors = command.communicate("\n", timeout=60)
    assert (output.strip(), command.returncode) == ("True False", 0), errors


@pytest.mark.parametrize("name", ["postmaster.pid", ".s.PGSQL.5432.lock"])
def test_a_lock_file_that_names_a_living_stranger_is_seen_through(mine: Project, name: str) -> None:
    mine.python(JOIN)
    (mine.var / "postgres" / name).write_text(f"{os.getppid()}\n{mine.var / 'postgres'}\n1\n5432\n\n\n")
    mine.python(JOIN)


def test_an_interrupted_set_up_is_begun_anew(mine: Project) -> None:
    (mine.var / "postgres.unfinished/base").mkdir(parents=True)
    mine.python(JOIN)
    assert not (mine.var / "postgres.unfinished").exists()


# Why it cannot start, in one sentence


def test_damaged_data_are_named(mine: Project) -> None:
    mine.python(JOIN)
    (mine.var / "postgres/global/pg_control").unlink()
    assert mine.refusal().startswith(f"PostgreSQL cannot start in {mine.var}/postgres: ")


@pytest.mark.parametrize("prepared", [False, True], ids=["new", "existing"])
def test_a_full_disk_is_named(mine: Project, prepared: bool) -> None:
    if prepared:
        mine.python(JOIN)
    more = "from config import postgres_cluster as c; c.ROOM_FOR_NEW = c.ROOM_TO_START = 10**18\n"
    assert mine.refusal(more + JOIN).startswith("The disk is full: 1000000000000 MB are needed under ")


def test_a_folder_that_cannot_be_made_is_named(mine: Project) -> None:
    mine.var.write_text("a file, where the folder should be")
    assert mine.refusal() == f"PostgreSQL cannot use {mine.var}: File exists."
    mine.var.unlink()


def test_a_command_nobody_knows_is_explained(mine: Project) -> None:
    assert mine.control("restart").stderr == "Usage: python -m config.postgres start|stop|status"


# Where it lies, who may reach it, how it compares text


@pytest.mark.parametrize("name", ["d" * 120, 'a folder, 100% o\'dd "é" $HOME'], ids=["deep", "odd"])
def test_any_folder_will_do(place: Path, name: str) -> None:
    """The socket of such a folder lies in the temporary one, and goes with the server."""
    code = CONNECT + "print(c.info.host)"
    for project in opened(place / name, ordinary=False):
        assert project.python(code, TMPDIR=str(place)).startswith(f"{place}/candor-")
        assert not list(place.glob("candor-*"))


def test_nobody_else_can_reach_data_or_socket(project: Project) -> None:
    project.control("start")
    data = (project.var / "postgres").stat()
    assert stat.S_IMODE(data.st_mode) == 0o700
    assert data.st_uid != 0
    assert project.python(CONNECT + "q.execute('SHOW listen_addresses'); print(q.fetchone()[0])") == ""


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as somebody else")
def test_as_root_a_shut_folder_is_opened_for_passing_only(place: Path) -> None:
    shut = place / "shut"
    shut.mkdir(mode=0o700)
    for project in opened(shut / "p", ordinary=False):
        done = project.run("-c", JOIN)
        assert done.returncode == 0, done.stderr
        assert f"As root: opened for PostgreSQL's user to pass through: {shut}." in done.stderr
        assert stat.S_IMODE(shut.stat().st_mode) == 0o701


@pytest.mark.usefixtures("two_users")
def test_data_of_another_user_are_refused_in_words(mine: Project) -> None:
    mine.python(JOIN)
    mine.as_user = NOBODY
    assert "it belongs to another user; run as that user" in mine.refusal()
    mine.as_user = {}


@pytest.mark.usefixtures("two_users")
def test_root_and_the_project_s_owner_take_turns(place: Path) -> None:
    for project in opened(place / "p", ordinary=True):
        project.as_user = {}
        project.python(JOIN)
        project.as_user = NOBODY
        project.python(JOIN)


def test_text_compares_the_same_on_every_machine_and_the_role_is_no_superuser(mine: Project) -> None:
    facts = "SELECT 'É' ILIKE 'é', lower('ÉŞ'), rolsuper, rolcreatedb, current_setting('fsync') FROM pg_roles"
    code = f"q.execute(\"{facts} WHERE rolname = 'candor'\"); print(*q.fetchone())\n"
    code += "q.execute('CREATE DATABASE t')\n"
    code += "q.execute('SELECT DISTINCT datlocprovider, datlocale FROM pg_database'); print(*q.fetchall())\n"
    printed = mine.python(CONNECT + code, LC_ALL="C", PYTHONIOENCODING="utf-8")
    assert printed.splitlines() == ["True éş False True on", "('b', 'C.UTF-8')"]
