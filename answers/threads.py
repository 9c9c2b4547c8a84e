"""Keeping the read models: a few statements bring any number of threads in line with what is public.

Beside the threads stand their words, for search: how rare each is, and what a misspelt one may have meant.
"""

# ruff: noqa: S608  # the statements are made of constants

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from answers import activity, positions

# Accents are stripped without the unaccent extension, which the embedded server does not have.
BARE = r"regexp_replace(normalize({}, NFKD), '[\u0300-\u036f]', '', 'g')"
# Word counts come from this many of the newest threads: rarity needs no more, and large sites stay quick.
SAMPLE = 20_000
# Threads that are brought in line by one statement.
PORTION = 1000
# A thousand threads cost more than PostgreSQL's threshold for compiling statements, which does not pay here.
IN_BULK = "SET LOCAL jit = off"


def _tokens(column: str, *, language: str = "english") -> str:
    """SQL of the words of a text column, whose tags are none to PostgreSQL's parser.

    Most texts are ASCII, which has no accents to look for. A tsvector may not exceed one megabyte; the first
    part of very long texts is enough to find them.
    """
    bare = f"CASE WHEN octet_length({column}) = length({column}) THEN {column} ELSE {BARE.format(column)} END"
    return f"to_tsvector('{language}', left(coalesce({bare}, ''), 100000))"


# What is public of the questions q: their answers as a, and every name of what they are about as n.
PARTS = """
LEFT JOIN LATERAL (
    SELECT count(*) AS answer_count, sum(r.helpful_count) AS helpful_count,
           min(r.answered_at) AS first_answered_at, max(r.answered_at) AS last_answered_at,
           string_agg(r.summary, ' ' ORDER BY r.id) AS summaries,
           string_agg(r.body_html, ' ' ORDER BY r.id) AS bodies
    FROM answers_answer r JOIN doctors_doctor d ON d.id = r.doctor_id
    WHERE r.question_id = q.id AND r.state = 'published' AND d.state = 'published'
) a ON true
LEFT JOIN LATERAL (
    SELECT concat_ws(' ', string_agg(concat_ws(' ', t.name, t.generic, s.names), ' '),
                     (SELECT u.name || ' ' || u.lay_name FROM treatments_treatmentuse u
                      WHERE u.id = q.use_id)) AS names
    FROM questions_questiontreatment qt JOIN treatments_treatment t ON t.id = qt.treatment_id
    LEFT JOIN LATERAL (
        SELECT string_agg(name, ' ') AS names FROM treatments_treatmentsynonym WHERE treatment_id = t.id
    ) s ON true
    WHERE qt.question_id = q.id
) n ON true
"""
STANCES = """ARRAY(
    SELECT r.stance FROM answers_answer r
    WHERE r.question_id = q.id AND r.state = 'published' AND r.stance <> ''
    UNION SELECT o.stance FROM answers_secondopinion o JOIN answers_answer r ON r.id = o.answer_id
    WHERE r.question_id = q.id AND r.state = 'published' AND o.state = 'published'
    ORDER BY 1
)"""
REFRESH = f"""
INSERT INTO answers_thread AS t
    (question_id, asked_at, answer_count, helpful_count, first_answered_at, last_activity_at, stances, words)
SELECT q.id, q.asked_at, coalesce(a.answer_count, 0), coalesce(a.helpful_count, 0), a.first_answered_at,
       greatest(q.asked_at, a.last_answered_at), {STANCES},
       setweight({_tokens("q.title")}, 'A')
       || setweight({_tokens("n.names")}, 'B')
       || setweight({_tokens("q.body_html")}, 'B')
       || setweight({_tokens("a.summaries")}, 'C')
       || setweight({_tokens("a.bodies")}, 'D')
FROM questions_question q {PARTS}
WHERE q.id = ANY(%s) AND q.state = 'published' AND q.duplicate_of_id IS NULL
ON CONFLICT (question_id) DO UPDATE SET
    asked_at = excluded.asked_at, answer_count = excluded.answer_count,
    helpful_count = excluded.helpful_count, first_answered_at = excluded.first_answered_at,
    last_activity_at = excluded.last_activity_at, stances = excluded.stances, words = excluded.words
"""
# A vote that comes meanwhile waits for the new sum, or is in it; several threads are taken in their order.
HOLD = "SELECT FROM answers_thread WHERE question_id = ANY(%s) ORDER BY question_id FOR UPDATE"
# Decisions that share rare words write them one after the other.
ONE_WRITER_OF_WORDS = "SELECT pg_advisory_xact_lock(742100)"
FORGET = """
DELETE FROM answers_thread t USING questions_question q
WHERE q.id = t.question_id AND q.id = ANY(%s) AND (q.state <> 'published' OR q.duplicate_of_id IS NOT NULL)
"""

# Rare words of these threads may be about to disappear with a text; those that stay are learned again below.
UNLEARN = """
DELETE FROM answers_word w USING (
    SELECT DISTINCT unnest(tsvector_to_array(words)) AS stem FROM answers_thread WHERE question_id = ANY(%s)
) gone
WHERE w.stem = gone.stem AND w.threads <= 1
"""
TEXT = "concat_ws(' ', q.title, n.names, q.body_html, a.summaries, a.bodies)"
# One row, the words of the questions q as they are spelt; not flattened, or the text would be made again
# for each time it is named.
SPELT = f"""CROSS JOIN LATERAL (
    SELECT {_tokens("made.text", language="simple")} AS words FROM (SELECT {TEXT} AS text OFFSET 0) made
) spelt"""
STEM = "(ts_lexize('english_stem', word))[1]"
# In their order, so that two writers never wait for each other crosswise.
LEARN = f"""
INSERT INTO answers_word (word, stem, threads)
SELECT word, {STEM}, 1 FROM (
    SELECT DISTINCT unnest(tsvector_to_array(spelt.words)) AS word
    FROM questions_question q {PARTS} {SPELT}
    WHERE q.id = ANY(%s) AND q.state = 'published' AND q.duplicate_of_id IS NULL
) learned
WHERE length(word) <= 40 AND {STEM} IS NOT NULL ORDER BY word
ON CONFLICT (word) DO NOTHING
"""
# While the sample is the whole site, a word it does not have stands nowhere.
FORGOTTEN = f"DELETE FROM answers_word WHERE (SELECT count(*) FROM answers_thread) <= {SAMPLE}"
COUNT = f"""
INSERT INTO answers_word (word, stem, threads)
SELECT word, {STEM}, ndoc FROM ts_stat($$
    SELECT spelt.words FROM (
        SELECT q.* FROM answers_thread t JOIN questions_question q ON q.id = t.question_id
        ORDER BY t.asked_at DESC, t.question_id DESC LIMIT {SAMPLE}
    ) q {PARTS} {SPELT}
$$)
WHERE length(word) <= 40 AND {STEM} IS NOT NULL
UNION ALL
SELECT '', '', count(*) FROM (SELECT 1 FROM answers_thread LIMIT {SAMPLE}) counted
ORDER BY 1
ON CONFLICT (word) DO UPDATE SET threads = excluded.threads WHERE answers_word.threads <> excluded.threads
"""
# The same for threads that are new to the sample, without looking at the others.
TALLY = f"""
INSERT INTO answers_word (word, stem, threads)
SELECT word, {STEM}, ndoc FROM ts_stat($$
    SELECT spelt.words FROM questions_question q {PARTS} {SPELT}
    WHERE q.id = ANY(%(ids)s) AND q.state = 'published' AND q.duplicate_of_id IS NULL
$$)
WHERE length(word) <= 40 AND {STEM} IS NOT NULL
UNION ALL
SELECT '', '', count(*) FROM questions_question WHERE id = ANY(%(ids)s) AND state = 'published'
      AND duplicate_of_id IS NULL
ORDER BY 1
ON CONFLICT (word) DO UPDATE SET threads = answers_word.threads + excluded.threads
"""
OUTGROWN = f"""
SELECT counted.threads < {SAMPLE} AND EXISTS (SELECT 1 FROM answers_thread OFFSET counted.threads * 2 + 20)
FROM (SELECT coalesce((SELECT threads FROM answers_word WHERE word = ''), 0) AS threads) counted
"""
UNSETTLED = f"""
SELECT abs(here.threads - coalesce((SELECT least(threads, {SAMPLE}) FROM answers_word WHERE word = ''), 0))
       > 20 + here.threads / 20
FROM (SELECT count(*) AS threads FROM (SELECT 1 FROM answers_thread LIMIT {SAMPLE}) sample) here
"""


def refresh(question_ids: Iterable[int], *, words: bool = True) -> None:
    """Recompute the threads of these questions, and what they are to their uses; those no longer public lose their row.

    Without ``words`` the threads are listed and found, but their words are not learned: for new threads
    of which :func:`tally` is told next.
    """
    ids = sorted(set(question_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        if len(ids) > 1:
            cursor.execute(IN_BULK)
        cursor.execute(HOLD, [ids])
        if words:
            cursor.execute(ONE_WRITER_OF_WORDS)
            cursor.execute(UNLEARN, [ids])
        for statement in (FORGET, REFRESH):
            cursor.execute(statement, [ids])
        if words:
            cursor.execute(OUTGROWN)
            if not (cursor.fetchone()[0] and _count(cursor)):
                cursor.execute(LEARN, [ids])
        activity.refresh(ids)
        positions.refresh(ids)


def refresh_many(question_ids: Iterable[int]) -> None:
    """The same for so many that one statement would take too long; all are held first, in their order."""
    ids = sorted(set(question_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HOLD, [ids])
        for start in range(0, len(ids), PORTION):
            refresh(ids[start : start + PORTION])


def tally(question_ids: Iterable[int]) -> None:
    """Learn and count the words of threads that have just become public and were not learned yet."""
    ids = sorted(set(question_ids))
    with transaction.atomic(), connection.cursor() as cursor:
        # Waits for those who write single words and makes the next ones wait, so that no two of them can
        # ever wait for each other.
        cursor.execute(f"{IN_BULK}; LOCK TABLE answers_word IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT threads FROM answers_word WHERE word = '' AND threads >= %s", [SAMPLE])
        if cursor.fetchone():
            cursor.execute(LEARN, [ids])
        else:
            cursor.execute(TALLY, {"ids": ids})


def settle_words() -> None:
    """Count afresh where many threads have not been counted: single ones came since, or a tally was lost."""
    with connection.cursor() as cursor:
        cursor.execute(UNSETTLED)
        if cursor.fetchone()[0]:
            count_words()


def count_words() -> None:
    """Count afresh in how many threads each word stands. Seconds on a large site; for nightly work.

    A site that doubles has it done by :func:`refresh`, since a young site's counts are soon wrong.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _count(cursor)


def _count(cursor: Any) -> bool:
    """Whether every word of the site is known afterwards; not above the sample, nor while another counts."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('answers.threads.count_words'))")
    if not cursor.fetchone()[0]:
        return False
    cursor.execute(IN_BULK)
    cursor.execute(FORGOTTEN)
    cursor.execute(COUNT)
    cursor.execute(f"SELECT NOT EXISTS (SELECT 1 FROM answers_thread OFFSET {SAMPLE})")
    return cursor.fetchone()[0]
