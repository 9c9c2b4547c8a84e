"""What a decoder that was taken over could do: nothing."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

from core.images.accepting import ENVIRONMENT, ROOT

TRIES = """
import ctypes, json, os, resource, signal, socket, sys, threading
from core.images import decoder
from core.images.confined import confine

def thread():
    started = threading.Thread(target=lambda: None)
    started.start()
    started.join()

confine()
said = {}
for name, attempt in {
    "read a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "write a file": lambda: os.open("was-here", os.O_CREAT | os.O_WRONLY),
    "list a folder": lambda: os.listdir("/"),
    "open a socket": socket.socket,
    "open a socket in place of its input": lambda: (os.close(0), socket.socket()),
    "start a process": os.fork,
    "become a program": lambda: os.execv(sys.executable, [sys.executable]),
    "signal its parent": lambda: os.kill(os.getppid(), 0),
    "raise its limits": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    "take much memory": lambda: bytearray(300 * 1024 * 1024),
    "start a thread": thread,
}.items():
    try:
        attempt()
        said[name] = "done"
    except (OSError, MemoryError, ValueError) as error:
        said[name] = type(error).__name__
said["knows Django"] = any(name.split(".")[0] in ("django", "config") for name in sys.modules)
sys.stdout.write(json.dumps(said))
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def said() -> dict[str, object]:
    command = [sys.executable, "-E", "-s", "-B", "-c", TRIES]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=True,
    )
    return json.loads(ended.stdout)


def test_it_opens_no_file_and_takes_no_more_memory(said: dict[str, object]) -> None:
    assert said["read a file"] in ("PermissionError", "OSError")
    assert said["write a file"] in ("PermissionError", "OSError")
    assert said["open a socket"] in ("PermissionError", "OSError")
    assert said["take much memory"] == "MemoryError"
    assert said["raise its limits"] in ("PermissionError", "ValueError")


def test_the_kernel_answers_nothing_but_what_computing_needs(said: dict[str, object]) -> None:
    """T-UP-09"""
    refused = {what for what, became in said.items() if became == "PermissionError"}
    if (sys.platform, platform.machine()) == ("linux", "x86_64"):
        assert refused >= {
            "read a file",
            "write a file",
            "list a folder",
            "open a socket",
            "open a socket in place of its input",
            "start a process",
            "become a program",
            "signal its parent",
        }
    assert said["start a thread"] == "done"


def test_it_knows_no_setting_and_no_secret(said: dict[str, object]) -> None:
    assert said["knows Django"] is False
