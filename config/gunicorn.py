"""How gunicorn serves the site: ``gunicorn --config python:config.gunicorn config.wsgi``.

``manage.py serve`` adds the address. A site open to the world keeps a buffering server in front
(docs/operations): slow clients would hold these eight threads.
"""

import os
import signal
import threading
from typing import Any

workers = 2
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
# Nobody: which proxies are believed is TRUSTED_PROXY_COUNT's to say. Left alone, gunicorn would let whoever
# connects from this machine, a front server passing everything on, name the scheme and move the addresses.
forwarded_allow_ips = ""

# Milliseconds. A page that asks the database for longer gives up well before its worker is taken for dead.
os.environ.setdefault("DB_STATEMENT_TIMEOUT_MS", "10000")

# Read here and taken out of the environment, so that no worker passes it on.
_owner_pipe = os.environ.pop("CANDOR_OWNER_PIPE", "")


def when_ready(server: Any) -> None:
    """End with the process that started us: ``kill -9`` of it would leave us holding the port.

    The owner keeps the other end of a pipe open and never writes; the kernel closes it with the owner.
    """
    if _owner_pipe:
        threading.Thread(target=_end_with_owner, args=[int(_owner_pipe)], daemon=True).start()


def _end_with_owner(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGQUIT)  # at once: whoever starts the site again wants the port
