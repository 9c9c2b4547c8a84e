import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("treatments", "0001_catalogue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
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
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField(blank=True)),
                (
                    "body_format",
                    models.CharField(
                        choices=[("text", "Plain text"), ("markdown", "Markdown"), ("html", "HTML")],
                        default="markdown",
                        max_length=8,
                    ),
                ),
                ("body_html", models.TextField(blank=True, editable=False)),
                (
                    "alias",
                    models.CharField(blank=True, help_text="A name for this question alone", max_length=40),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[("before", "Considering it"), ("after", "Had it done")],
                        max_length=8,
                    ),
                ),
                (
                    "age_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("18-24", "18–24"),
                            ("25-34", "25–34"),
                            ("35-44", "35–44"),
                            ("45-54", "45–54"),
                            ("55-64", "55–64"),
                            ("65+", "65 or older"),
                        ],
                        max_length=5,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=80)),
                ("slug", models.SlugField(blank=True, editable=False, max_length=80)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("submission_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("external_id", models.CharField(blank=True, editable=False, max_length=200, null=True)),
                ("source_url", models.URLField(blank=True, editable=False, max_length=500)),
                ("is_imported", models.BooleanField(default=False, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to=settings.AUTH_USER_MODEL,
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
                    "treatment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="treatments.treatment",
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="treatments.treatmentuse",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="QuestionTreatment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="treatment_rows",
                        to="questions.question",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question_rows",
                        to="treatments.treatment",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="treatments",
            field=models.ManyToManyField(
                related_name="+", through="questions.QuestionTreatment", to="treatments.treatment"
            ),
        ),
        migrations.CreateModel(
            name="QuestionRevision",
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
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField(blank=True)),
                (
                    "body_format",
                    models.CharField(
                        choices=[("text", "Plain text"), ("markdown", "Markdown"), ("html", "HTML")],
                        default="markdown",
                        max_length=8,
                    ),
                ),
                ("body_html", models.TextField(blank=True, editable=False)),
                ("number", models.PositiveIntegerField()),
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
                        related_name="revisions",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "edit of a question",
                "verbose_name_plural": "edits of questions",
                "ordering": ["question", "number"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                            models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="questions_questionrevision_decided_by_somebody",
                        violation_error_message="A decision needs both a person and a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "removed"]), _negated=True),
                            models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="questions_questionrevision_public_only_if_approved",
                        violation_error_message="Nothing is public before a moderator approved it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "pending", "published", "rejected", "removed", "withdrawn"],
                            )
                        ),
                        name="questions_questionrevision_state_is_known",
                        violation_error_message="This state does not exist.",
                    ),
                    models.UniqueConstraint(
                        fields=("question", "number"), name="questions_questionrevision_numbered"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "draft"])),
                        fields=("question",),
                        name="questions_questionrevision_one_at_a_time",
                        violation_error_message="An edit of this question is waiting already.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="questiontreatment",
            index=models.Index(fields=["treatment", "-question"], name="questions_by_treatment"),
        ),
        migrations.AddConstraint(
            model_name="questiontreatment",
            constraint=models.UniqueConstraint(
                fields=("question", "treatment"), name="questions_questiontreatment_named_once"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["state", "submitted_at", "id"], name="questions_question_queue"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["author", "-id"], name="questions_question_of_author"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="questions_question_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="questions_question_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="questions_question_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("submission_key",), name="questions_question_submitted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id__isnull", False)),
                fields=("external_id",),
                name="questions_question_imported_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("use__isnull", True), ("treatment__isnull", False), _connector="OR"),
                name="questions_question_use_has_a_treatment",
            ),
        ),
    ]
