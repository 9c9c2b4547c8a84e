"""How the queue stands up to 200,000 waiting things. Slow, and no part of the suite: its name is not a test's.

    python -m pytest -n 0 -s tests/bench_queue.py

Prints milliseconds, queries and EXPLAIN (ANALYZE, BUFFERS); docs/moderation-at-scale.md quotes them.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answers.models import Answer
from questions.models import Question
from tests.factories import DoctorFactory, QuestionFactory, TreatmentFactory, UserFactory, senior

QUESTIONS, ANSWERS, EDITS, PEOPLE, TREATMENTS = 110_000, 70_000, 20_000, 2_000, 60
# Credentials that somebody checked; one in ten of them is due.
CHECKS = 10_000
BUDGET_MS, TIMES = 150, 15

WORDS = "repeat('It has been like this since spring and I wonder what to do. ', 6)"


def rows(sql: str, **numbers: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**numbers))


def fill() -> None:
    """Pending things of three kinds, spread over risks, days, people and treatments."""
    first = {
        "treatment": TreatmentFactory(name="Treatment first").pk,
        "user": UserFactory().pk,
        "doctor": DoctorFactory(verified=True).pk,
    }
    for _ in range(TREATMENTS - 1):
        TreatmentFactory()
    for _ in range(200):
        DoctorFactory(verified=True)
    rows(
        "INSERT INTO accounts_user (password, is_superuser, email, handle, is_staff, is_active, date_joined)"
        " SELECT '', false, 'bench' || n || '@example.org', 'bench-' || n, false, true, now()"
        " FROM generate_series(1, {people}) n",
        people=PEOPLE,
    )
    # published questions under the answers, then the ones that wait
    question = QuestionFactory(published=True)
    columns = [f.column for f in Question._meta.concrete_fields if f.column != "id"]
    varied = {
        "author_id": f"(SELECT min(id) FROM accounts_user WHERE handle LIKE 'bench-%') + n %% {PEOPLE}",
        "treatment_id": f"{first['treatment']} + n %% {TREATMENTS}",
        "title": "'Is it a good idea, case ' || n || '?'",
        "body": WORDS,
        "submission_key": "gen_random_uuid()",
        "submitted_at": "now() - n * interval '7 seconds'",
        "risk": "CASE WHEN n %% 500 = 0 THEN 3 WHEN n %% 40 = 0 THEN 1 ELSE 0 END",
    }
    _copies("questions_question", columns, question.pk, ANSWERS // 100, varied)
    _copies("questions_question", columns, question.pk, QUESTIONS, varied | _waits())
    answer = Answer.objects.create(
        question=question, doctor_id=first["doctor"], stance="supports", summary="x"
    )
    columns = [f.column for f in Answer._meta.concrete_fields if f.column != "id"]
    lowest = "(SELECT min(id) FROM questions_question WHERE state = 'published')"
    varied = {
        "question_id": f"{lowest} + n %% {ANSWERS // 100}",
        "doctor_id": f"{first['doctor'] + 1} + n / {ANSWERS // 100}",
        "summary": "'It is a reasonable thing to do, case ' || n",
        "body": WORDS,
        "submitted_at": varied["submitted_at"],
    }
    _copies("answers_answer", columns, answer.pk, ANSWERS, varied | _waits())
    rows(
        "INSERT INTO questions_questionrevision (question_id, number, state, version, risk, title, body, body_format,"
        " body_html, submitted_at, moderation_reason) SELECT id, 2, 'pending', 1, 0, title, body, 'markdown', '',"
        " now() - id * interval '9 seconds', '' FROM questions_question ORDER BY id DESC LIMIT {edits}",
        edits=EDITS,
    )
    rows(
        "INSERT INTO doctors_credential (doctor_id, kind, authority, number, region, country, entered_at, due_on)"
        " SELECT {first} + n % 200, 'licence', 'Board ' || n, '', '', 'US', now(), current_date - 10 + n % 400"
        " FROM generate_series(1, {checks}) n",
        first=first["doctor"] + 1,
        checks=CHECKS,
    )
    rows("VACUUM ANALYZE")


def _waits() -> dict[str, str]:
    return {"state": "'pending'", "published_at": "NULL", "moderated_at": "NULL", "moderated_by_id": "NULL"}


def _copies(table: str, columns: list[str], pk: int, number: int, varied: dict[str, str]) -> None:
    """``number`` copies of one row, with what is ``varied`` computed from the number n."""
    values = ", ".join(varied.get(column, f"t.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # of constants and column names
            f" FROM {table} t, generate_series(1, {number}) n WHERE t.id = {pk}".replace("%%", "%")
        )


@pytest.fixture
def desk(sign_in: Callable) -> Iterator[Client]:
    fill()
    client = sign_in(senior())
    client.get("/admin/")
    rows("SET max_parallel_workers_per_gather = 0")  # all of its work in one process, where it can be read
    yield client
    connections.close_all()


def measured(client: Client, name: str, url: str) -> None:
    """Print what a request takes; fail above the budget.

    The budget is held by the work done, the processor time of Python and of the database's process together: that
    is what a request takes on a machine that does nothing else. What the clock said is printed beside it.
    """
    taken, before = [], _work()
    for _ in range(TIMES):
        started = time.perf_counter()
        assert client.get(url).status_code == 200
        taken.append((time.perf_counter() - started) * 1000)
    python, database = ((after - then) / TIMES * 1000 for after, then in zip(_work(), before, strict=True))
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    print(  # noqa: T201
        f"| {name} | {python + database:.0f} ms | {python:.0f} | {database:.0f} | {len(queries)} |"
        f" {min(taken):.0f} / {statistics.median(taken):.0f} ms |"
    )
    assert python + database < BUDGET_MS, name


def _work() -> tuple[float, float]:
    """Seconds of processor time so far: of this process, and of the one that serves it in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_two_hundred_thousand_wait(desk: Client) -> None:
    waiting = Question.objects.pending()
    middle = waiting.filter(risk=0).order_by("submitted_at")[QUESTIONS // 2]
    answer = Answer.objects.pending().order_by("submitted_at")[ANSWERS // 2]
    measured(desk, "first page", "/admin/")
    measured(desk, "first page, one kind", "/admin/?kind=answer")
    measured(desk, "first page, held by rules", "/admin/?cause=held")
    measured(desk, "first page, due or overdue", "/admin/?cause=due")
    measured(desk, "first page, checks due", "/admin/?kind=credential")
    measured(desk, "first page, one treatment", f"/admin/?treatment={middle.treatment_id}")
    measured(desk, "first page, one author", "/admin/?author=bench-77")
    measured(desk, "first page, open with nobody", "/admin/?assignee=nobody")
    measured(desk, "a page in the middle", f"/admin/?after=question-{middle.pk}")
    measured(desk, "a question in the middle", reverse("admin:moderation_item", args=["question", middle.pk]))
    measured(desk, "an answer in the middle", reverse("admin:moderation_item", args=["answer", answer.pk]))
    with CaptureQueriesContext(connection) as queries:
        desk.get("/admin/")
    for part in (" LIMIT 26", 'AS "held"'):
        sql = next(q["sql"] for q in queries if part in q["sql"] and "questions_question" in q["sql"])
        print(f"\n{explained(sql)}")  # noqa: T201
