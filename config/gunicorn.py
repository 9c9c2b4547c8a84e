"""How gunicorn serves the site: ``gunicorn --config python:config.gunicorn config.wsgi``.

``manage.py serve`` adds the address. A site open to the world keeps a buffering server in front
(docs/operations): slow clients would hold these eight threads.
"""

import os
from typing import Any

from config.owner import end_with_owner

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


def when_ready(server: Any) -> None:
    """``kill -9`` of the process that started us would leave us holding the port."""
    end_with_owner()
