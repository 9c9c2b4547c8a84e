"""Making a copy beside the request that asked for it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from accounts.models import DataExport
from config.privacy import copies

logger = logging.getLogger(__name__)
# One at a time: each reads everything of somebody's. What a restart loses is made by the nightly work.
MAKING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copies")


def start(copy: DataExport) -> None:
    transaction.on_commit(lambda: MAKING.submit(_make, copy.pk))


def _make(pk: int) -> None:
    try:
        copies.make(pk)
    except Exception:
        logger.exception("A copy could not be made; the nightly work tries again.")
    finally:
        connection.close()
