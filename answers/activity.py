"""Keeping how many threads each use has, which of them had its last activity when, what treatments list, and how much
each doctor has answered about what."""

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
# What the treatments of these threads list of them, after the threads' own rows.
UNLIST = """
DELETE FROM answers_treatmentthread l
WHERE l.thread_id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM answers_thread t JOIN questions_questiontreatment r ON r.question_id = t.question_id
    WHERE t.question_id = l.thread_id AND r.treatment_id = l.treatment_id
)
"""
LIST = """
INSERT INTO answers_treatmentthread AS l (thread_id, treatment_id, asked_at, answer_count, helpful_count, stances)
SELECT t.question_id, r.treatment_id, t.asked_at, t.answer_count, t.helpful_count, t.stances
FROM answers_thread t JOIN questions_questiontreatment r ON r.question_id = t.question_id
WHERE t.question_id = ANY(%(ids)s)
ON CONFLICT (thread_id, treatment_id) DO UPDATE
SET asked_at = excluded.asked_at, answer_count = excluded.answer_count, helpful_count = excluded.helpful_count,
    stances = excluded.stances
WHERE (l.asked_at, l.answer_count, l.helpful_count, l.stances)
      IS DISTINCT FROM (excluded.asked_at, excluded.answer_count, excluded.helpful_count, excluded.stances)
"""
# Who answered in these threads, by what each is about first of all.
ANSWERED = """
SELECT t.question_id, q.treatment_id, ARRAY(
    SELECT a.doctor_id FROM answers_answer a JOIN doctors_doctor d ON d.id = a.doctor_id
    WHERE a.question_id = t.question_id AND a.state = 'published' AND d.state = 'published' ORDER BY 1
) AS doctors
FROM answers_thread t JOIN questions_question q ON q.id = t.question_id
WHERE t.question_id = ANY(%(ids)s) AND t.answer_count > 0
"""
COUNT_ANSWERS = f"""
INSERT INTO answers_doctorcount AS c (doctor_id, treatment_id, answers)
SELECT doctor_id, treatment_id, sum(change) FROM (
    SELECT unnest(doctors) AS doctor_id, treatment_id, 1 AS change FROM ({ANSWERED}) here
    UNION ALL
    SELECT unnest(doctors), treatment_id, -1 FROM answers_answeredthread WHERE question_id = ANY(%(ids)s)
) changes
GROUP BY doctor_id, treatment_id HAVING sum(change) <> 0
ON CONFLICT (doctor_id, treatment_id) DO UPDATE SET answers = c.answers + excluded.answers
"""  # noqa: S608
FORGET_ANSWERS = """
DELETE FROM answers_answeredthread a
WHERE a.question_id = ANY(%(ids)s)
      AND NOT EXISTS (SELECT FROM answers_thread t WHERE t.question_id = a.question_id AND t.answer_count > 0)
"""
KEEP_ANSWERS = f"""
INSERT INTO answers_answeredthread AS a (question_id, treatment_id, doctors) {ANSWERED}
ON CONFLICT (question_id) DO UPDATE SET treatment_id = excluded.treatment_id, doctors = excluded.doctors
WHERE (a.treatment_id, a.doctors) IS DISTINCT FROM (excluded.treatment_id, excluded.doctors)
"""
STEPS = (COUNT, FORGET, KEEP, UNLIST, LIST, COUNT_ANSWERS, FORGET_ANSWERS, KEEP_ANSWERS)

# From nothing: what has no thread any more goes, and the counts are those of the rows that stay.
RECOUNT = (
    """
    DELETE FROM answers_usethread u
    WHERE NOT EXISTS (SELECT FROM questions_question q WHERE q.id = u.question_id)
    """,
    """
    DELETE FROM answers_treatmentthread l
    WHERE NOT EXISTS (SELECT FROM answers_thread t WHERE t.question_id = l.thread_id)
    """,
    """
    DELETE FROM answers_answeredthread a
    WHERE NOT EXISTS (SELECT FROM answers_thread t WHERE t.question_id = a.question_id)
    """,
    "DELETE FROM answers_usecount",
    "INSERT INTO answers_usecount (use_id, threads) SELECT use_id, count(*) FROM answers_usethread GROUP BY use_id",
    "DELETE FROM answers_doctorcount",
    """
    INSERT INTO answers_doctorcount (doctor_id, treatment_id, answers)
    SELECT doctor_id, treatment_id, count(*)
    FROM answers_answeredthread CROSS JOIN LATERAL unnest(doctors) AS doctor_id GROUP BY doctor_id, treatment_id
    """,
)


def refresh(question_ids: Iterable[int]) -> None:
    """Count and list these threads where they are public now and no more where they were; after their own rows."""
    ids = {"ids": sorted(set(question_ids))}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        for statement in STEPS:
            cursor.execute(statement, ids)


def recount() -> None:
    """Count every use and every doctor afresh, for a rebuilding."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        for statement in RECOUNT:
            cursor.execute(statement)
