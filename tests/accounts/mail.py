"""Mail that leaves beside the answer."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.adapter import DELIVERY


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
