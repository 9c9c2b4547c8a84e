"""Where a new question goes next, and which doctors were told of it."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0012_outcomes_and_visits"),
        ("doctors", "0009_say_when_a_check_is_due"),
        ("questions", "0004_read_the_queue_in_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "To the doctors of its treatment"),
                            (2, "To doctors of neighbouring treatments"),
                            (3, "To the moderators"),
                            (4, "Nowhere: moderators know of it"),
                        ]
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="route",
                        serialize=False,
                        to="questions.question",
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "To the doctors of its treatment"),
                            (2, "To doctors of neighbouring treatments"),
                            (3, "To the moderators"),
                            (4, "Nowhere: moderators know of it"),
                        ],
                        default=1,
                    ),
                ),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="answers_route_due",
                    ),
                    models.Index(fields=["since"], name="answers_route_since"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__in", [1, 2, 3, 4])), name="answers_route_step_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__isnull", True), models.Q(("step", 4), _negated=True), _connector="OR"
                        ),
                        name="answers_route_ends_with_the_moderators",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reached",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reached",
                        to="questions.question",
                    ),
                ),
                (
                    "specialty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reached",
                        to="doctors.specialty",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reached",
                        to="answers.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("question", "specialty"), name="answers_reached_once")
                ],
            },
        ),
    ]
