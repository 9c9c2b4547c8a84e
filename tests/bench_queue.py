"""How the queue stands up to 200,000 waiting things. Slow, and no part of the suite: its name is not a test's.

    python -m pytest -n 0 -s tests/bench_queue.py

Prints milliseconds, queries and EXPLAIN (ANALYZE, BUFFERS); docs/moderation-at-scale.md quotes them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answers.models import Answer
from questions.models import Question
from tests.factories import DoctorFactory, QuestionFactory, TreatmentFactory, UserFactory, moderator

QUESTIONS, ANSWERS, EDITS, PEOPLE, TREATMENTS = 110_000, 70_000, 20_000, 2_000, 60
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
def desk(sign_in: Callable) -> Iterator[object]:
    fill()
    client = sign_in(moderator())
    client.get("/admin/")
    yield client
    connections.close_all()


def measured(client: object, name: str, url: str) -> int:
    """The number of queries; prints the median and the worst of some requests, and fails above the budget."""
    taken, python = [], []
    for _ in range(TIMES):
        started, busy = time.perf_counter(), time.process_time()
        assert client.get(url).status_code == 200  # type: ignore[attr-defined]
        taken.append((time.perf_counter() - started) * 1000)
        python.append((time.process_time() - busy) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)  # type: ignore[attr-defined]
    times = sorted((float(query["time"]) * 1000 for query in queries), reverse=True)
    print(  # noqa: T201
        f"{name:28} best {min(taken):4.0f} ms, median {statistics.median(taken):4.0f} ms (of which Python"
        f" {statistics.median(python):3.0f}), {len(queries)} queries in {sum(times):3.0f} ms, slowest {times[0]:3.0f} ms"
    )
    assert statistics.median(taken) < BUDGET_MS, name
    return len(queries)


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_two_hundred_thousand_wait(desk: object) -> None:
    waiting = Question.objects.pending()
    middle = waiting.filter(risk=0).order_by("submitted_at")[QUESTIONS // 2]
    answer = Answer.objects.pending().order_by("submitted_at")[ANSWERS // 2]
    measured(desk, "first page", "/admin/")
    measured(desk, "first page, one kind", "/admin/?kind=answer")
    measured(desk, "first page, held by rules", "/admin/?cause=held")
    measured(desk, "first page, overdue", "/admin/?cause=due")
    measured(desk, "first page, one treatment", f"/admin/?treatment={middle.treatment_id}")
    measured(desk, "first page, one author", "/admin/?author=bench-77")
    measured(desk, "first page, open with nobody", "/admin/?assignee=nobody")
    measured(desk, "a page in the middle", f"/admin/?after=question-{middle.pk}")
    measured(desk, "a question in the middle", reverse("admin:moderation_item", args=["question", middle.pk]))
    measured(desk, "an answer in the middle", reverse("admin:moderation_item", args=["answer", answer.pk]))
    with CaptureQueriesContext(connection) as queries:
        desk.get("/admin/")  # type: ignore[attr-defined]
    for part in (" LIMIT 26", "COUNT("):
        sql = next(q["sql"] for q in queries if part in q["sql"] and "questions_question" in q["sql"])
        print(f"\n{explained(sql)}")  # noqa: T201
