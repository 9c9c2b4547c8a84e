"""Threads know which positions are taken in them, so that looking for one reads no others.

The column comes with a default, at once; it is filled in batches, each a transaction of its own, and the indexes are
built while readers and writers go on. Stopped halfway, it goes on where it was.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

BATCH = 5_000
LAST = """
SELECT max(question_id) FROM (
    SELECT question_id FROM answers_thread WHERE question_id > %s ORDER BY question_id LIMIT %s
) batch
"""
FILL = """
UPDATE answers_thread t SET stances = said.stances
FROM (
    SELECT question_id, array_agg(DISTINCT stance ORDER BY stance) AS stances
    FROM (
        SELECT r.question_id, r.stance FROM answers_answer r
        WHERE r.question_id > %(after)s AND r.question_id <= %(last)s AND r.state = 'published' AND r.stance <> ''
        UNION ALL
        SELECT r.question_id, o.stance
        FROM answers_answer r JOIN answers_secondopinion o ON o.answer_id = r.id
        WHERE r.question_id > %(after)s AND r.question_id <= %(last)s
              AND r.state = 'published' AND o.state = 'published'
    ) taken GROUP BY question_id
) said
WHERE said.question_id = t.question_id AND t.stances <> said.stances
"""


def fill(apps, schema_editor) -> None:
    after = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(LAST, [after, BATCH])
            (last,) = cursor.fetchone()
            if last is None:
                return
            cursor.execute(FILL, {"after": after, "last": last})
            after = last


def newest_with(stance: str) -> AddIndexConcurrently:
    index = models.Index(
        fields=["-asked_at", "-question"],
        condition=models.Q(stances__contains=[stance]),
        name=f"answers_thread_{stance}",
    )
    return AddIndexConcurrently("thread", index)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("answers", "0009_newest_are_read_off_an_index"),
        ("questions", "0004_read_the_queue_in_order"),
    ]
    operations = [
        migrations.AddField(
            "thread",
            "stances",
            ArrayField(models.CharField(max_length=10), db_default=[], default=list),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(newest_with(stance) for stance in ("supports", "conditions", "against", "unknown", "exam")),
    ]
