"""What the embedded PostgreSQL needs of the machine: a user, a way to its files, room, locks, a socket."""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root.
SYSTEM_USER = "candor-db"
# Bytes of the folder and this name together: 107 on Linux, 103 on macOS.
SOCKET_NAME, SOCKET_LIMIT = ".s.PGSQL.5432", 103
PLAIN_PATH = re.compile(r"[\w/.+-]+", re.ASCII)


def say(sentence: str) -> None:
    """To stderr: a command's own output may be data."""
    sys.stderr.write(f"{sentence}\n")


def patiently(seconds: int, notice: str) -> Iterator[None]:
    """Yield every few milliseconds for so many seconds; print the notice once it takes longer than three."""
    started, said = time.monotonic(), False
    while (waited := time.monotonic() - started) < seconds:
        yield
        if waited > 3 and not said:
            said = True
            say(notice)
        time.sleep(0.03)


@dataclass(frozen=True)
class LockFile:
    """A file that is only ever locked, never written."""

    path: Path

    def open(self) -> int:
        """A descriptor of its own; as root it belongs to the folder's owner, who may come next."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            folder = self.path.parent.stat()
            os.chown(descriptor, folder.st_uid, folder.st_gid)
        return descriptor

    @contextmanager
    def opened(self) -> Iterator[int]:
        """The same for a while; closing lets go of its lock, unless a child process inherited it."""
        descriptor = self.open()
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock it for ourselves alone, or say at once that somebody else holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass(frozen=True)
class Owner:
    """The user the server runs as; ``switch`` when that is not the one who runs this command (then: root)."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that drop every privilege of root."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def instead_of_root(self) -> str:
        """Words that say so, where it is so."""
        return f", run by the user {pwd.getpwuid(self.uid).pw_name} instead of root" if self.switch else ""

    def give(self, target: Path | int) -> None:
        """Hand over a path or an open file that root has made."""
        if self.switch:
            os.chown(target, self.uid, self.gid)


def owner_for(data: Path) -> Owner:
    """Whoever runs the command; for root the owner of the data or the project, else a user of its own."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switch=False)
    for folder in (data, data.parent):
        if folder.exists() and (uid := folder.stat().st_uid) != 0:
            with suppress(KeyError):  # initdb wants a user with a name; a mounted folder's may have none
                return Owner(uid, pwd.getpwuid(uid).pw_gid, switch=True)
    user = _system_user()
    return Owner(user.pw_uid, user.pw_gid, switch=True)


def _system_user() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise SystemExit("PostgreSQL refuses root, and useradd is missing: run as an ordinary user.")
    options = "--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin"
    command = [useradd, *options.split(), SYSTEM_USER]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        user = pwd.getpwnam(SYSTEM_USER)  # whoever made it: two commands may have tried
    except KeyError:
        raise SystemExit(f"As root PostgreSQL needs a user {SYSTEM_USER}: {made.stderr.strip()}.") from None
    say(f"As root: PostgreSQL runs as the system user {SYSTEM_USER}, made for it now.")
    return user


def open_the_way(owner: Owner, binaries: Path, data: Path) -> None:
    """Let another user's server reach its programs and its data: traversal only, only where it is shut."""
    if not owner.switch:
        return
    opened = []
    for folder in dict.fromkeys((*reversed(binaries.parents), *reversed(data.parents))):
        found = folder.stat()
        if found.st_uid != owner.uid and not found.st_mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
            opened.append(str(folder))
    if not binaries.joinpath("postgres").stat().st_mode & stat.S_IXOTH:
        _make_readable(binaries.parent)
        opened.append(str(binaries.parent))
    if opened:
        say(f"As root: opened for PostgreSQL's user to pass through: {', '.join(opened)}.")


def _make_readable(folder: Path) -> None:
    """For everyone: an installer with a narrow umask has kept the wheel's programs to root."""
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def require_room(folder: Path, needed: int) -> None:
    """``needed`` in bytes. A program that meets a full disk while starting says it far less clearly."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"The disk is full: {needed // 1_000_000} MB are needed under {folder}, "
            f"{free // 1_000_000} MB are left."
        )


def make_like_parent(folder: Path) -> None:
    """Make the folder if need be; where root makes it in somebody's project it belongs to that person."""
    if folder.is_dir():
        return
    folder.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        parent = folder.parent.stat()
        os.chown(folder, parent.st_uid, parent.st_gid)


def remake_private_folder(folder: Path, owner: Owner) -> None:
    """An empty folder that only the server's user enters, in place of what an interrupted set-up left."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    owner.give(folder)


def folder_for_socket(data: Path, owner: Owner) -> Path:
    """Inside the data, where only its owner enters; in the temporary folder if that path is long or odd."""
    if len(os.fsencode(data / SOCKET_NAME)) <= SOCKET_LIMIT and PLAIN_PATH.fullmatch(str(data)):
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"candor-{owner.uid}-{name}"


def private_folder_for_socket(data: Path, owner: Owner) -> Path:
    """The same folder, made if need be. The server trusts whoever reaches the socket, so nobody else may."""
    folder = folder_for_socket(data, owner)
    if folder == data:
        return folder
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        owner.give(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid or found.st_mode & 0o077:
        raise SystemExit(f"PostgreSQL's socket cannot lie in {folder}: somebody else made it; remove it.")
    if len(os.fsencode(folder / SOCKET_NAME)) > SOCKET_LIMIT:
        raise SystemExit(f"The temporary folder's path is too long for PostgreSQL's socket: {folder}.")
    return folder


def drop_folder_for_socket(data: Path, owner: Owner) -> None:
    """Leave nothing of ours in the temporary folder; the data stay where they are."""
    folder = folder_for_socket(data, owner)
    if folder != data:
        with suppress(OSError):
            folder.rmdir()


def clean_environment() -> dict[str, str]:
    """Nothing of libpq's or the server's own variables, and messages in English, which are read back."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
