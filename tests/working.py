"""Background work in tests: done in the test's own process, as a worker does it."""

from __future__ import annotations

import threading

from django_tasks_db.models import DBTaskResult

from core.background import Round


def do_tasks() -> int:
    """Every task that is due, inside the transaction of the test; how many there were."""
    turn, done = Round("a test", threading.Event()), 0
    while (task := DBTaskResult.objects.ready().first()) is not None:
        task.claim("a test")
        turn.run_task(task)
        done += 1
    return done
