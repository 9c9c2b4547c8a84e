"""Mail that leaves beside the answer."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import threading
from pathlib import Path
from typing import Any, ClassVar

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts.adapter import DELIVERY
from core.background import work


class SlowServer(EmailBackend):
    """Takes a message only when it may go on."""

    may_go_on: ClassVar[threading.Event] = threading.Event()

    def send_messages(self, messages: Any) -> int:
        assert self.may_go_on.wait(30)
        return super().send_messages(messages)


def delivered() -> list[Any]:
    """All messages, once none is under way."""
    DELIVERY.submit(len, ()).result(30)
    return mail.outbox


class Perilous(BaseEmailBackend):
    """Accepts mail into a file, so that what other processes sent is seen too, and fails where it is told to.

    ``die_at`` kills the process: ``open`` before anything is claimed, ``hand over`` after the claim, ``accepted``
    once the message is in the mailbox. ``lose`` accepts and breaks the line; ``refuse`` does not accept.
    """

    mailbox: ClassVar[Path]
    die_at: ClassVar[str] = ""
    trouble: ClassVar[str] = ""
    poison: ClassVar[str] = ""

    def open(self) -> bool:
        self._die("open")
        return True

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            self._die("hand over")
            if self.trouble == "refuse" or self.poison in message.to:
                raise smtplib.SMTPDataError(554, b"no")
            with self.mailbox.open("a") as box:
                box.write(json.dumps({"id": message.extra_headers["Message-ID"], "to": message.to[0]}) + "\n")
            self._die("accepted")
            if self.trouble == "lose":
                raise smtplib.SMTPServerDisconnected("gone")
        return len(messages)

    def _die(self, point: str) -> None:
        if self.die_at == point:
            os.kill(os.getpid(), signal.SIGKILL)

    @classmethod
    def accepted(cls) -> list[dict[str, str]]:
        return (
            [json.loads(line) for line in cls.mailbox.read_text().splitlines()]
            if cls.mailbox.exists()
            else []
        )


def worker_that_dies_at(point: str) -> None:
    """A process of its own with a worker in it that takes up what waits, killed at that point; waits for its end."""
    pid = os.fork()
    if pid:
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        return
    try:
        parents = (
            connection.connection
        )  # held, since letting go of it would say goodbye to the server in its name
        connection.connection = None
        Perilous.die_at = point
        work(threading.Event(), until_empty=True)
        del parents
    finally:
        os._exit(1)
