"""Keeping the read model: one statement brings any number of threads in line with what is public."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

# Accents are stripped without the unaccent extension, which the embedded server does not have.
BARE = r"regexp_replace(normalize({}, NFKD), '[\u0300-\u036f]', '', 'g')"
# A tsvector may not exceed one megabyte; the first part of very long texts is enough to find them.
WORDS_OF = "to_tsvector('english', left(" + BARE.format("{}") + ", 100000))"
NO_TAGS = "regexp_replace({}, '<[^>]*>', ' ', 'g')"

REFRESH = f"""
INSERT INTO answers_thread AS t
    (question_id, asked_at, answer_count, helpful_count, first_answered_at, last_activity_at, words)
SELECT q.id, q.asked_at, coalesce(a.answer_count, 0), coalesce(a.helpful_count, 0), a.first_answered_at,
       greatest(q.asked_at, a.last_answered_at),
       setweight({WORDS_OF.format("q.title")}, 'A')
       || setweight({WORDS_OF.format("coalesce(n.names, '')")}, 'B')
       || setweight({WORDS_OF.format(NO_TAGS.format("q.body_html"))}, 'B')
       || setweight({WORDS_OF.format("coalesce(a.summaries, '')")}, 'C')
       || setweight({WORDS_OF.format(NO_TAGS.format("coalesce(a.bodies, '')"))}, 'D')
FROM questions_question q
LEFT JOIN LATERAL (
    SELECT count(*) AS answer_count, sum(r.helpful_count) AS helpful_count,
           min(r.answered_at) AS first_answered_at, max(r.answered_at) AS last_answered_at,
           string_agg(r.summary, ' ' ORDER BY r.id) AS summaries,
           string_agg(r.body_html, ' ' ORDER BY r.id) AS bodies
    FROM answers_answer r JOIN doctors_doctor d ON d.id = r.doctor_id
    WHERE r.question_id = q.id AND r.state = 'published' AND d.state = 'published'
) a ON true
LEFT JOIN LATERAL (
    SELECT string_agg(t.name || ' ' || t.generic, ' ') AS names
    FROM questions_questiontreatment qt JOIN treatments_treatment t ON t.id = qt.treatment_id
    WHERE qt.question_id = q.id
) n ON true
WHERE q.id = ANY(%s) AND q.state = 'published'
ON CONFLICT (question_id) DO UPDATE SET
    asked_at = excluded.asked_at, answer_count = excluded.answer_count,
    helpful_count = excluded.helpful_count, first_answered_at = excluded.first_answered_at,
    last_activity_at = excluded.last_activity_at, words = excluded.words
"""
FORGET = """
DELETE FROM answers_thread t USING questions_question q
WHERE q.id = t.question_id AND q.id = ANY(%s) AND q.state <> 'published'
"""


def refresh(question_ids: Iterable[int]) -> None:
    """Recompute the threads of these questions; those no longer public lose their row."""
    ids = sorted(set(question_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGET, [ids])
        cursor.execute(REFRESH, [ids])
