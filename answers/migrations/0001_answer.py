import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import answers.validators


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("doctors", "0001_doctor"),
        ("questions", "0001_question"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
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
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("supports", "Supports"),
                            ("conditions", "Supports with conditions"),
                            ("against", "Advises against"),
                            ("unknown", "Not enough evidence"),
                            ("exam", "Needs an in-person exam"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safety", "Safety"),
                            ("evidence", "Evidence"),
                            ("selection", "Patient selection"),
                            ("alternative", "A better alternative"),
                            ("goal", "A different goal"),
                            ("scope", "Out of scope"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[("low", "Low"), ("moderate", "Moderate"), ("high", "High")],
                        max_length=8,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField()),
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
                    "citations",
                    models.JSONField(
                        blank=True, default=list, validators=[answers.validators.validate_citations]
                    ),
                ),
                ("conflict_of_interest", models.CharField(blank=True, max_length=500)),
                ("author_snapshot", models.JSONField(blank=True, default=dict, editable=False)),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("helpful_count", models.PositiveIntegerField(default=0, editable=False)),
                ("is_imported", models.BooleanField(default=False, editable=False)),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
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
                        related_name="answers",
                        to="questions.question",
                    ),
                ),
            ],
            options={
                "ordering": ["question", "id"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="AcceptedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted",
                        to="questions.question",
                    ),
                ),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted",
                        to="answers.answer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnswerRevision",
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
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("supports", "Supports"),
                            ("conditions", "Supports with conditions"),
                            ("against", "Advises against"),
                            ("unknown", "Not enough evidence"),
                            ("exam", "Needs an in-person exam"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safety", "Safety"),
                            ("evidence", "Evidence"),
                            ("selection", "Patient selection"),
                            ("alternative", "A better alternative"),
                            ("goal", "A different goal"),
                            ("scope", "Out of scope"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[("low", "Low"), ("moderate", "Moderate"), ("high", "High")],
                        max_length=8,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField()),
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
                    "citations",
                    models.JSONField(
                        blank=True, default=list, validators=[answers.validators.validate_citations]
                    ),
                ),
                ("conflict_of_interest", models.CharField(blank=True, max_length=500)),
                ("number", models.PositiveIntegerField()),
                ("author_snapshot", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="answers.answer",
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
                "verbose_name": "edit of an answer",
                "verbose_name_plural": "edits of answers",
                "ordering": ["answer", "number"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="HelpfulVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="answers.answer"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpful_votes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("external_id", models.CharField(max_length=200, unique=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_as",
                        to="answers.answer",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="thread",
                        serialize=False,
                        to="questions.question",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answer_count", models.PositiveIntegerField(default=0)),
                ("helpful_count", models.PositiveIntegerField(default=0)),
                ("first_answered_at", models.DateTimeField(null=True)),
                ("last_activity_at", models.DateTimeField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="answers_thread_words"),
                    models.Index(fields=["-asked_at", "-question"], name="answers_thread_newest"),
                    models.Index(fields=["-helpful_count", "-question"], name="answers_thread_helpful"),
                    models.Index(fields=["-answer_count", "-question"], name="answers_thread_discussed"),
                    models.Index(
                        condition=models.Q(("answer_count", 0)),
                        fields=["asked_at", "question"],
                        name="answers_thread_waiting",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["state", "submitted_at", "id"], name="answers_answer_queue"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["doctor", "-id"], name="answers_answer_of_doctor"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="answers_answer_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="answers_answer_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="answers_answer_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("question", "doctor"),
                name="answers_answer_one_per_doctor",
                violation_error_message="You have answered this question already; edit that answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_imported", True),
                    models.Q(
                        ("stance__in", ["supports", "conditions", "against", "unknown", "exam"]),
                        models.Q(("summary", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="answers_answer_takes_a_position",
                violation_error_message="An answer needs a stance and a summary.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stance", "against"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    ("is_imported", True),
                    _connector="OR",
                ),
                name="answers_answer_against_has_a_reason",
                violation_error_message="Advising against something needs a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stance__in", ["", "supports", "conditions", "against", "unknown", "exam"])
                ),
                name="answers_answer_stance_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="answers_answerrevision_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="answers_answerrevision_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="answers_answerrevision_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerrevision",
            constraint=models.UniqueConstraint(
                fields=("answer", "number"), name="answers_answerrevision_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerrevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["pending", "draft"])),
                fields=("answer",),
                name="answers_answerrevision_one_at_a_time",
                violation_error_message="An edit of this answer is waiting already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpfulvote",
            constraint=models.UniqueConstraint(
                fields=("answer", "user"), name="answers_helpfulvote_one_per_person"
            ),
        ),
    ]
