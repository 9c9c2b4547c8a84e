"""What an asker did in the end, and when they last opened their thread."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0011_drafts_and_saved_replies"),
        ("questions", "0004_read_the_queue_in_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="AskerVisit",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="asker_visit",
                        serialize=False,
                        to="questions.question",
                    ),
                ),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("after_days", models.PositiveSmallIntegerField(choices=[(30, "30"), (180, "180")])),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("did", "Had it done"),
                            ("other", "Did something else"),
                            ("against", "Decided against it"),
                            ("deciding", "Still deciding"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["question", "after_days"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "after_days"),
                        name="answers_outcome_said_once_each_time",
                        violation_error_message="You have said this already; change what you said.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after_days__in", (30, 180))),
                        name="answers_outcome_is_one_that_is_asked_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["", "did", "other", "against", "deciding"])),
                        name="answers_outcome_decision_is_known",
                    ),
                ],
            },
        ),
    ]
