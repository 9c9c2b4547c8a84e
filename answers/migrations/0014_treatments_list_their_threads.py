"""What treatments list is kept, in the order of their lists. Filled from what is public now, then indexed.

Only the new table is locked: readers and writers of threads go on. What is decided between this and the start of the
new code is not in it; ``manage.py reindex`` afterwards takes it in.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

LISTED = """
INSERT INTO answers_treatmentthread (thread_id, treatment_id, asked_at, answer_count, helpful_count, stances)
SELECT t.question_id, r.treatment_id, t.asked_at, t.answer_count, t.helpful_count, t.stances
FROM answers_thread t JOIN questions_questiontreatment r ON r.question_id = t.question_id
"""


def listed(name: str, order: list[str], condition: models.Q | None = None) -> migrations.AddIndex:
    index = models.Index(fields=["treatment", *order], name=name, condition=condition)
    return migrations.AddIndex("treatmentthread", index)


def newest_with(stance: str) -> migrations.AddIndex:
    holds = models.Q(stances__contains=[stance])
    return listed(f"answers_listed_{stance}", ["-asked_at", "-thread"], holds)


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0013_routes_of_questions"),
        ("treatments", "0004_merged_treatments_redirect"),
    ]

    operations = [
        migrations.CreateModel(
            name="TreatmentThread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answer_count", models.PositiveIntegerField()),
                ("helpful_count", models.PositiveIntegerField()),
                (
                    "stances",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="answers.thread",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="treatments.treatment",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(LISTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "treatmentthread",
            models.UniqueConstraint(
                fields=["thread", "treatment"], name="answers_treatmentthread_listed_once"
            ),
        ),
        listed("answers_listed_newest", ["-asked_at", "-thread"]),
        listed("answers_listed_helpful", ["-helpful_count", "-thread"]),
        listed("answers_listed_discussed", ["-answer_count", "-thread"]),
        listed("answers_listed_waiting", ["asked_at", "thread"], models.Q(answer_count=0)),
        *(newest_with(stance) for stance in ("supports", "conditions", "against", "unknown", "exam")),
    ]
