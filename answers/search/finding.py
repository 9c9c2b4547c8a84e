"""Finding what was read: words are OR-ed, and only a bounded number of threads is ranked.

The score is BM25's shape over PostgreSQL's ``ts_rank``: per word, rarity times a frequency that saturates,
sooner in short texts.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString

from answers.models import Thread
from answers.search.reading import Reading, any_of, read
from core.text import plain
from treatments.search import catalogue

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Threads found at most, and matches ranked for it.
FOUND, RANKED = 200, 1000
# Title; names and question; summaries; answers. In ts_rank's order, the last first.
WEIGHTS = "{0.4, 0.6, 0.9, 1}"
SATURATION = 0.035
START, STOP = "\x02", "\x03"

RANK = f"""
WITH found (question_id) AS MATERIALIZED (CANDIDATES),
term AS MATERIALIZED (SELECT * FROM unnest(%s::tsquery[], %s::float8[]) AS term (query, weight))
SELECT t.question_id, (
    SELECT sum(term.weight * rank / (rank + {SATURATION} * sqrt(texts.size))) FROM term,
    LATERAL (SELECT ts_rank('{WEIGHTS}', texts.words, term.query) AS rank OFFSET 0) ranked WHERE rank > 0
) AS score
FROM found JOIN answers_thread t ON t.question_id = found.question_id
-- A copy is read once for all words; the stored value would be fetched and unpacked for each.
CROSS JOIN LATERAL (SELECT t.words || ''::tsvector AS words, length(t.words) AS size OFFSET 0) texts
ORDER BY score DESC, t.helpful_count DESC, t.question_id DESC LIMIT {FOUND}
"""  # noqa: S608  # made of constants
EXTRACT = """
ts_headline('english', (
    SELECT left(regexp_replace(concat_ws(' ', q.body_html, (
        SELECT string_agg(r.summary || ' ' || r.body_html, ' ' ORDER BY r.helpful_count DESC, r.id)
        FROM answers_answer r JOIN doctors_doctor d ON d.id = r.doctor_id
        WHERE r.question_id = q.id AND r.state = 'published' AND d.state = 'published'
    )), '<[^>]*>', ' ', 'g'), 20000)
    FROM questions_question q WHERE q.id = answers_thread.question_id AND q.state = 'published'
), %s::tsquery, %s)
"""
EXTRACT_OPTIONS = (
    f'StartSel="{START}", StopSel="{STOP}", MaxFragments=2, MaxWords=22, MinWords=10, FragmentDelimiter=" … "'
)


def search_threads(query: str, *, within: QuerySet[Thread] | None = None, limit: int = 20) -> list[Thread]:
    """The best ``limit`` public threads for a query in anybody's words, each with its ``extract``.

    ``within`` narrows it (``Thread.objects.public().for_treatment(…)``). Four queries.
    """
    reading = read(query, catalogue())
    return load(find(reading, within=within)[:limit], reading)


def find(reading: Reading, *, within: QuerySet[Thread] | None = None) -> list[int]:
    """The keys of the best threads, best first, at most ``FOUND``. One query."""
    if not reading.terms:
        return []
    threads = within if within is not None else Thread.objects.public()
    candidates, params = _candidates(reading, threads)
    terms: list[Any] = [[term.query for term in reading.terms], [term.weight for term in reading.terms]]
    with connection.cursor() as cursor:
        cursor.execute(RANK.replace("CANDIDATES", candidates), [*params, *terms])
        return [pk for pk, _ in cursor.fetchall()]


def _candidates(reading: Reading, threads: QuerySet[Thread]) -> tuple[str, list[Any]]:
    """SQL for the threads worth ranking: all that match while they are few enough, else the promising.

    Those are all with a rare word, those with two of the rarer words and, where that may not fill the
    pages, the most helpful with a common one.
    """
    terms = reading.terms
    sums = list(accumulate(term.threads for term in terms))
    few = bisect_right(sums, RANKED)
    parts = [_matching(threads, any_of(term.query for term in terms[:few]), limit=4 * RANKED)] if few else []
    if few < len(terms):
        pairs = [f"({one.query}) & ({two.query})" for one, two in combinations(terms[:4], 2)]
        if pairs:
            parts.append(_matching(threads, any_of(pairs), limit=RANKED // 2))
        if not few or sums[few - 1] < FOUND:
            parts.append(_matching(threads, terms[few].query, limit=2 * FOUND, best_first=True))
    return " UNION ".join(f"({sql})" for sql, _ in parts), [value for _, params in parts for value in params]


def _matching(
    threads: QuerySet[Thread], query: str, *, limit: int, best_first: bool = False
) -> tuple[str, list[Any]]:
    matched = threads.select_related(None).extra(
        where=["answers_thread.words @@ %s::tsquery"], params=[query]
    )
    order = ("-helpful_count", "-pk") if best_first else ()
    sql, params = matched.order_by(*order).values("pk")[:limit].query.sql_with_params()
    return sql, list(params)


def load(keys: list[int], reading: Reading) -> list[Thread]:
    """The threads of a page in the order of ``keys``, each with its ``extract`` as safe HTML. One query."""
    if not keys:
        return []
    extract = RawSQL(EXTRACT, [reading.any_word, EXTRACT_OPTIONS])  # noqa: S611  # a constant; values are parameters
    threads = Thread.objects.public().for_display().annotate(raw=extract).in_bulk(keys)
    for thread in threads.values():
        thread.extract = marked(thread.raw or "")
    return [threads[key] for key in keys if key in threads]


def marked(headline: str) -> SafeString:
    """PostgreSQL's extract as safe HTML. Stored texts have no control characters, so no mark is forged."""
    escaped = escape(" ".join(plain(headline).split()))
    return SafeString(escaped.replace(START, "<mark>").replace(STOP, "</mark>"))
