"""What doctors ask askers before they answer, and what these say to it.

As every moderated table these are guarded: nothing becomes public by an UPDATE without a decision (``0007``).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("answers_factasked", "answers_factgiven")
TRIGGER = """
CREATE TRIGGER {table}_public_by_decision BEFORE UPDATE OF state ON {table} FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state <> 'published'
          AND NEW.moderated_at IS NOT DISTINCT FROM OLD.moderated_at)
    EXECUTE FUNCTION core_refuse_undecided();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0015_answers_of_doctors_are_counted"),
        ("doctors", "0012_claim_an_imported_profile"),
        ("questions", "0004_read_the_queue_in_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Awaiting review"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("removed", "Removed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "risk",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, help_text="0 none … 3 look at once"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderation_reason", models.TextField(blank=True, editable=False)),
                ("text", models.CharField(max_length=300, verbose_name="what is asked")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts_asked",
                        to="doctors.doctor",
                    ),
                ),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts_asked",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "question to the asker",
                "verbose_name_plural": "questions to askers",
                "ordering": ["question", "id"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="FactGiven",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Awaiting review"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("removed", "Removed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "risk",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, help_text="0 none … 3 look at once"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderation_reason", models.TextField(blank=True, editable=False)),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="what is given")),
                (
                    "asked",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given",
                        to="answers.factasked",
                    ),
                ),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reply to a doctor",
                "verbose_name_plural": "replies to doctors",
                "ordering": ["id"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate"),
            },
        ),
        migrations.AddIndex(
            model_name="factasked",
            index=models.Index(
                models.OrderBy(models.F("risk"), descending=True),
                models.OrderBy(models.F("submitted_at"), nulls_first=True),
                models.OrderBy(models.F("id")),
                condition=models.Q(("state", "pending")),
                name="answers_factasked_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="factasked",
            index=models.Index(fields=["doctor", "-id"], name="answers_factasked_of"),
        ),
        migrations.AddConstraint(
            model_name="factasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="answers_factasked_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="answers_factasked_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="answers_factasked_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factasked",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("question", "doctor"),
                name="answers_factasked_one_open_per_doctor",
                violation_error_message="You have asked this person something already; wait for the answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factasked",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="answers_factasked_says_something",
                violation_error_message="Write what you would like to know.",
            ),
        ),
        migrations.AddIndex(
            model_name="factgiven",
            index=models.Index(
                models.OrderBy(models.F("risk"), descending=True),
                models.OrderBy(models.F("submitted_at"), nulls_first=True),
                models.OrderBy(models.F("id")),
                condition=models.Q(("state", "pending")),
                name="answers_factgiven_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="factgiven",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="answers_factgiven_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factgiven",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="answers_factgiven_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factgiven",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="answers_factgiven_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="factgiven",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True),
                    ("state__in", ["draft", "withdrawn"]),
                    _connector="OR",
                ),
                name="answers_factgiven_says_something",
                violation_error_message="Write something, or say that you would rather not say.",
            ),
        ),
        *(
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER {table}_public_by_decision ON {table}"
            )
            for table in TABLES
        ),
    ]
