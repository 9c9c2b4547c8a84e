"""Keeping how many threads each use has, and which of them had its last activity when."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from answers.positions import ONE_WRITER

# The public threads of uses among these.
HERE = """
SELECT t.question_id, q.use_id, t.last_activity_at
FROM answers_thread t JOIN questions_question q ON q.id = t.question_id
WHERE t.question_id = ANY(%(ids)s) AND q.use_id IS NOT NULL
"""
# What the counts gain and lose, from what stood here before.
COUNT = f"""
INSERT INTO answers_usecount AS c (use_id, threads)
SELECT use_id, sum(change) FROM (
    SELECT use_id, 1 AS change FROM ({HERE}) here
    UNION ALL
    SELECT use_id, -1 FROM answers_usethread WHERE question_id = ANY(%(ids)s)
) changes
GROUP BY use_id HAVING sum(change) <> 0
ON CONFLICT (use_id) DO UPDATE SET threads = c.threads + excluded.threads
"""  # noqa: S608  # made of constants
FORGET = f"""
DELETE FROM answers_usethread u
WHERE u.question_id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM ({HERE}) here WHERE here.question_id = u.question_id)
"""  # noqa: S608
KEEP = f"""
INSERT INTO answers_usethread AS u (question_id, use_id, last_activity_at) {HERE}
ON CONFLICT (question_id) DO UPDATE
SET use_id = excluded.use_id, last_activity_at = excluded.last_activity_at
WHERE (u.use_id, u.last_activity_at) IS DISTINCT FROM (excluded.use_id, excluded.last_activity_at)
"""
LOST = """
DELETE FROM answers_usethread u
WHERE NOT EXISTS (SELECT FROM questions_question q WHERE q.id = u.question_id)
"""
RECOUNT = """
INSERT INTO answers_usecount (use_id, threads) SELECT use_id, count(*) FROM answers_usethread GROUP BY use_id
"""


def refresh(question_ids: Iterable[int]) -> None:
    """Count these threads where they are public now and no more where they were; after their own rows."""
    ids = {"ids": sorted(set(question_ids))}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        for statement in (COUNT, FORGET, KEEP):
            cursor.execute(statement, ids)


def recount() -> None:
    """Count every use afresh, for a rebuilding."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        cursor.execute(LOST)
        cursor.execute("DELETE FROM answers_usecount")
        cursor.execute(RECOUNT)
