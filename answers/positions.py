"""Keeping what each doctor said last of each use, in an answer and in a second opinion, as it is decided on.

A row is looked for over all threads only where it stood in a touched thread and nothing there is as late now.
"""

# ruff: noqa: S608  # the statements are made of constants

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

# Whoever writes positions, or counts threads of uses, does so alone until the end of the transaction: what one reads
# of other threads is what the other has written, and no two wait for each other. A decision takes this lock last.
ONE_WRITER = "SELECT pg_advisory_xact_lock(742101)"

# What is public by doctors of any standing, with when it was said (``Answer.taken_at``): answers, and second opinions
# of doctors without a position of their own in the thread.
SAID = """
SELECT q.use_id, a.doctor_id, true AS is_answer, q.id AS question_id, a.id AS answer_id, NULL::bigint AS opinion_id,
       a.stance, '' AS kind, a.reason, a.summary <> '' AS is_worded,
       coalesce(a.confirmed_at, CASE WHEN a.is_dated THEN a.answered_at END, a.published_at) AS at
FROM {answers}
WHERE a.state = 'published' AND q.state = 'published' AND q.duplicate_of_id IS NULL AND q.use_id IS NOT NULL
UNION ALL
SELECT q.use_id, o.doctor_id, false, q.id, a.id, o.id, o.stance, o.kind,
       CASE o.kind WHEN 'dispute' THEN o.reason ELSE '' END, o.note <> '', o.published_at
FROM {opinions} JOIN doctors_doctor author ON author.id = a.doctor_id
WHERE o.state = 'published' AND a.state = 'published' AND author.state = 'published'
      AND q.state = 'published' AND q.duplicate_of_id IS NULL AND q.use_id IS NOT NULL
      AND (SELECT own.id FROM answers_answer own WHERE own.question_id = q.id AND own.doctor_id = o.doctor_id
           AND own.state = 'published' AND own.stance <> '') IS NULL
"""
# Each OFFSET 0 has PostgreSQL begin with the little that is touched, also where it knows nothing of the tables yet.
THREADS = """
unnest(%(ids)s::bigint[]) AS touched (id) JOIN questions_question q ON q.id = touched.id
CROSS JOIN LATERAL (SELECT * FROM answers_answer WHERE question_id = q.id OFFSET 0) a
"""
IN_THREADS = SAID.format(
    answers=THREADS,
    opinions=f"{THREADS} CROSS JOIN LATERAL (SELECT * FROM answers_secondopinion WHERE answer_id = a.id OFFSET 0) o",
)
BY_DOCTOR = SAID.format(
    answers="""(SELECT * FROM answers_answer WHERE doctor_id = sought.doctor_id OFFSET 0) a
               JOIN questions_question q ON q.id = a.question_id AND q.use_id = sought.use_id""",
    opinions="""(SELECT * FROM answers_secondopinion WHERE doctor_id = sought.doctor_id OFFSET 0) o
                JOIN answers_answer a ON a.id = o.answer_id
                JOIN questions_question q ON q.id = a.question_id AND q.use_id = sought.use_id""",
)
KEY = "use_id, doctor_id, is_answer"
COLUMNS = f"{KEY}, question_id, answer_id, opinion_id, stance, kind, reason, is_worded, at"
# The latest that takes a position.
RANK = "({0}.stance <> '', {0}.at, coalesce({0}.opinion_id, {0}.answer_id))"
LATEST_FIRST = "stance <> '' DESC, at DESC, coalesce(opinion_id, answer_id) DESC"
HERE = f"""
SELECT DISTINCT ON ({KEY}) {COLUMNS} FROM ({IN_THREADS}) said
ORDER BY {KEY}, {LATEST_FIRST}
"""
# What stood in these threads and is not said there any more, or not as late.
FORGET = f"""
WITH here AS MATERIALIZED ({HERE})
DELETE FROM answers_useposition p
WHERE p.question_id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM here
    WHERE (here.use_id, here.doctor_id, here.is_answer) = (p.use_id, p.doctor_id, p.is_answer)
          AND {RANK.format("here")} >= {RANK.format("p")}
)
RETURNING p.use_id, p.doctor_id, p.is_answer
"""
FIND_AGAIN = f"""
INSERT INTO answers_useposition ({COLUMNS})
SELECT found.*
FROM unnest(%(uses)s::bigint[], %(doctors)s::bigint[], %(answers)s::boolean[]) AS sought ({KEY})
CROSS JOIN LATERAL (
    SELECT {COLUMNS} FROM ({BY_DOCTOR}) said WHERE said.is_answer = sought.is_answer ORDER BY {LATEST_FIRST} LIMIT 1
) found
"""
CHANGING = COLUMNS.split(", ")[3:]
KEEP = f"""
INSERT INTO answers_useposition AS p ({COLUMNS}) {HERE}
ON CONFLICT ({KEY}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in CHANGING)}
WHERE {RANK.format("excluded")} >= {RANK.format("p")}
      AND ({", ".join(f"excluded.{name}" for name in CHANGING)})
          IS DISTINCT FROM ({", ".join(f"p.{name}" for name in CHANGING)})
"""
LOST = """
DELETE FROM answers_useposition p
WHERE NOT EXISTS (SELECT FROM questions_question q WHERE q.id = p.question_id)
"""


def refresh(question_ids: Iterable[int]) -> None:
    """Bring the positions over uses in line with what is public in these threads."""
    ids = sorted(set(question_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        cursor.execute(FORGET, {"ids": ids})
        _find_again(cursor, cursor.fetchall())
        cursor.execute(KEEP, {"ids": ids})


def forget_lost() -> None:
    """Drop what stands in threads that are no more, for a rebuilding: nothing else would come upon it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        cursor.execute(LOST)


def _find_again(cursor: Any, keys: list[tuple[int, int, bool]]) -> None:
    if keys:
        uses, doctors, answers = (list(column) for column in zip(*keys, strict=True))
        cursor.execute(FIND_AGAIN, {"uses": uses, "doctors": doctors, "answers": answers})
