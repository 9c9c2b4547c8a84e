"""How 1,000 new questions find their way to 10,000 doctors. Slow, and no part of the suite: its name is not a test's.

    python -m pytest -n 0 -s tests/bench_routing.py

Prints seconds, queries and the peak of memory; docs/performance.md quotes them.
"""

from __future__ import annotations

import resource
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.chores import write_daily
from accounts.models import User
from answers.models import Round, Route
from answers.routing import route_questions, told_in
from doctors.models import Doctor
from questions.models import Question
from tests.factories import DoctorFactory, QuestionFactory

DOCTORS, QUESTIONS, BUDGET_S = 10_000, 1_000, 60


def copies(row: Doctor | Question | User, number: int, **varied: str) -> None:
    """So many copies of a row, with what is varied computed from the number n."""
    columns = [field.column for field in row._meta.concrete_fields if field.column != "id"]
    values = ", ".join(varied.get(column, f"t.{column}") for column in columns)
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # of constants and column names
            f" FROM {table} t, generate_series(1, {number}) n WHERE t.id = {row.pk}"
        )


def fill() -> None:
    """The whole catalogue, verified doctors of all specialties, and new questions about all treatments."""
    call_command("load_catalogue", verbosity=0)
    nth = "(SELECT array_agg(id ORDER BY id) FROM {table})[1 + n % (SELECT count(*)::int FROM {table})]"
    doctor = DoctorFactory(verified=True)
    copies(doctor.user, DOCTORS, email="'bench' || n || '@example.org'", handle="'bench-' || n")
    copies(
        doctor,
        DOCTORS,
        slug="'bench-' || n",
        user_id="(SELECT id FROM accounts_user WHERE handle = 'bench-' || n)",
        specialty_id=nth.format(table="doctors_specialty"),
    )
    question = QuestionFactory(published=True)
    copies(
        question,
        QUESTIONS,
        submission_key="gen_random_uuid()",
        treatment_id=nth.format(table="treatments_treatment"),
    )
    Route.objects.bulk_create(
        Route(question=one) for one in Question.objects.exclude(pk=question.pk).only("pk")
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measured(name: str, do: Callable[[], list[Round]]) -> None:
    """Print what it takes, and hold the budget."""
    tracemalloc.start()
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        rounds = do()
    seconds, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = max((told_in(one).count() for one in rounds), default=0)
    print(  # noqa: T201
        f"| {name} | {seconds:.1f} s | {len(queries)} | {told:,} | {peak / 2**20:.1f} MB | {resident / 1024:.0f} MB |"
    )
    assert seconds < BUDGET_S, name


@pytest.mark.django_db(transaction=True)
def test_a_thousand_questions_find_ten_thousand_doctors() -> None:
    fill()
    now = timezone.now()
    measured("to the doctors of their treatments", lambda: route_questions(at=now))
    measured("to neighbours, a day later", lambda: route_questions(at=now + timedelta(hours=25)))
    measured("to the moderators, two days later", lambda: route_questions(at=now + timedelta(hours=74)))
    measured("nothing is due", lambda: route_questions(at=now + timedelta(hours=75)))
    measured("daily summaries for all of them", lambda: write_daily() and [])
    assert Round.objects.count() >= 3
