"""Processes that end with the one that started them, also when that was killed."""

import os
import signal
import threading

# Read here and taken out of the environment, so that no child passes it on.
_pipe = os.environ.pop("CANDOR_OWNER_PIPE", "")


def end_with_owner() -> None:
    """The owner keeps the other end of a pipe open and never writes; the kernel closes it with the owner."""
    if _pipe:
        threading.Thread(target=_wait, args=[int(_pipe)], daemon=True).start()


def _wait(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGQUIT)  # at once: whoever starts the site again wants the port
