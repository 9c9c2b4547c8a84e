"""How much each doctor has answered about what is kept. Filled from what is public now, in one reading of the answers.

Only the new tables are locked; what is decided meanwhile is taken in by ``manage.py reindex``.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

ANSWERED = """
INSERT INTO answers_answeredthread (question_id, treatment_id, doctors)
SELECT t.question_id, q.treatment_id, array_agg(a.doctor_id ORDER BY a.doctor_id)
FROM answers_thread t JOIN questions_question q ON q.id = t.question_id
JOIN answers_answer a ON a.question_id = t.question_id AND a.state = 'published'
JOIN doctors_doctor d ON d.id = a.doctor_id AND d.state = 'published'
GROUP BY t.question_id, q.treatment_id
"""
COUNTED = """
INSERT INTO answers_doctorcount (doctor_id, treatment_id, answers)
SELECT doctor_id, treatment_id, count(*)
FROM answers_answeredthread CROSS JOIN LATERAL unnest(doctors) AS doctor_id GROUP BY doctor_id, treatment_id
"""


def nobodys_key(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        null=to == "treatments.treatment",
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0014_treatments_list_their_threads"),
        ("doctors", "0009_say_when_a_check_is_due"),
        ("questions", "0004_read_the_queue_in_order"),
        ("treatments", "0004_merged_treatments_redirect"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnsweredThread",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="questions.question",
                    ),
                ),
                (
                    "doctors",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("treatment", nobodys_key("treatments.treatment")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="DoctorCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answers", models.IntegerField()),
                ("doctor", nobodys_key("doctors.doctor")),
                ("treatment", nobodys_key("treatments.treatment")),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("doctor", "treatment"), name="answers_doctorcount_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.RunSQL([ANSWERED, COUNTED], migrations.RunSQL.noop),
    ]
