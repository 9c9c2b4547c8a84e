"""Work beside the pages: tried again with growing patience, given up after five tries, taken over from the dead.

A task is a row of ``django_tasks_db``, written in the transaction of whoever wants the work done. It may run twice,
when its worker dies at the wrong moment, and is written so that this does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

# Between one try and the next; after the last there is none, and the reason stands in the admin.
PATIENCE = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
TRIES = len(PATIENCE) + 1
# Tasks between two looks for workers that have died.
ROUND = 50
# The first of the two numbers of our advisory locks in PostgreSQL.
LOCKS = 0x7A5C


# How long it is seen what was done, and what was given up.
DONE_KEPT, PARKED_KEPT = timedelta(days=7), timedelta(days=90)


class WorkerDied(Exception):
    """The process that ran a task ended before the task did."""


def try_again(task_result: Any, **_: Any) -> None:
    """Put a task that failed back, until it was tried often enough. It keeps what went wrong last."""
    if task_result.status != TaskResultStatus.FAILED or len(task_result.worker_ids) >= TRIES:
        return
    patience = PATIENCE[len(task_result.worker_ids) - 1]
    DBTaskResult.objects.failed().filter(pk=task_result.id).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + patience, finished_at=None
    )


def start_over(tasks: Any) -> int:
    """Tasks that were given up get all their tries anew."""
    parked = tasks.filter(status=TaskResultStatus.FAILED)
    return int(
        parked.update(
            status=TaskResultStatus.READY, run_after=timezone.now(), finished_at=None, worker_ids=[]
        )
    )


def reason_of(task: Any) -> str:
    """The last line of what went wrong, in words."""
    lines = task.traceback.strip().splitlines()
    return str(lines[-1][:300]) if lines else ""


def forget_done() -> int:
    """Delete what was done, and long after it what was given up."""
    now, tasks = timezone.now(), DBTaskResult.objects
    done = tasks.successful().filter(finished_at__lt=now - DONE_KEPT)
    parked = tasks.failed().filter(finished_at__lt=now - PARKED_KEPT)
    return int(done.delete()[0] + parked.delete()[0])


def take_over() -> int:
    """Count what workers were at when they died as a try that failed; how many tasks that were."""
    taken = 0
    for pk, workers in DBTaskResult.objects.running().values_list("pk", "worker_ids"):
        with transaction.atomic():
            if not _is_gone(workers[-1]):
                continue
            task = DBTaskResult.objects.running().filter(pk=pk).select_for_update(skip_locked=True).first()
            if task is not None and task.worker_ids == workers:
                task.set_failed(WorkerDied("The worker ended, or was killed, before this was done."))
                try_again(task.task_result)
                taken += 1
    return taken


@contextmanager
def alive(worker: str) -> Iterator[None]:
    """As long as this holds, others see that the worker lives; PostgreSQL lets go of it with the process."""
    with closing(connection.copy()) as line:  # of its own, since tasks may close the usual one
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCKS, worker])
        yield


def _is_gone(worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, worker])
        return bool(cursor.fetchone()[0])


class Round(Worker):
    """Some tasks one after the other, until there are none or somebody says stop."""

    def __init__(self, worker: str, stop: Event) -> None:
        self.stop = stop
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=ROUND,
            worker_id=worker,
            excluded_queue_names=[],
        )

    @property
    def running(self) -> bool:
        return not self.stop.is_set()

    @running.setter
    def running(self, value: bool) -> None:
        """Ours to say."""


def work(stop: Event, *, until_empty: bool = False, interval: float = 1) -> int:
    """Do what is to be done until ``stop`` is set, or until nothing is due; how many tasks that were."""
    worker, done = get_random_string(32), 0
    with alive(worker):
        while not stop.is_set():
            take_over()
            turn = Round(worker, stop)
            turn.run()
            done += turn._run_tasks
            if turn._run_tasks == 0:
                if until_empty:
                    break
                stop.wait(interval)
    return done
