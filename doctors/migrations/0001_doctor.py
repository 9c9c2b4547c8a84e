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
            name="Doctor",
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
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("title", models.CharField(blank=True, help_text="MD, MBBS, …", max_length=60)),
                ("specialty_as_given", models.CharField(blank=True, editable=False, max_length=120)),
                ("bio", models.TextField(blank=True)),
                ("languages", models.CharField(blank=True, max_length=120)),
                (
                    "conflicts",
                    models.CharField(blank=True, max_length=500, verbose_name="conflicts of interest"),
                ),
                ("city", models.CharField(blank=True, max_length=80)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(blank=True, help_text="ISO 3166: US, GB, …", max_length=2)),
                ("portrait", models.ImageField(blank=True, editable=False, upload_to="portraits/")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("unverified", "Not verified"),
                            ("verified", "Verified"),
                            ("suspended", "Licence not current"),
                        ],
                        default="unverified",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("verified_on", models.DateField(blank=True, editable=False, null=True)),
                ("verified_until", models.DateField(blank=True, editable=False, null=True)),
                ("is_imported", models.BooleanField(default=False, editable=False)),
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
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="doctor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
                "default_permissions": ("add", "change", "view", "moderate", "verify"),
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("licence", "Licence"), ("board", "Board certification")], max_length=8
                    ),
                ),
                (
                    "authority",
                    models.CharField(help_text="The issuing board or authority, in full", max_length=160),
                ),
                ("number", models.CharField(blank=True, max_length=60)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("expires_on", models.DateField(blank=True, null=True)),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="doctors.doctor",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="PracticePlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("city", models.CharField(max_length=80)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(max_length=2)),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="doctors.doctor",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Specialty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=100)),
                ("nucc_code", models.CharField(blank=True, max_length=10, verbose_name="NUCC code")),
                (
                    "in_scope",
                    models.ManyToManyField(blank=True, related_name="specialties", to="treatments.treatment"),
                ),
            ],
            options={
                "verbose_name_plural": "specialties",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="doctor",
            name="specialty",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="doctors",
                to="doctors.specialty",
            ),
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("refused", "Not verified"),
                            ("suspended", "Suspended"),
                            ("restored", "Restored"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Register, letter, telephone call: what was consulted", max_length=300
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("checked_on", models.DateField(default=django.utils.timezone.localdate)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="doctors.credential",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="doctors.doctor",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": ("add", "view"),
            },
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.UniqueConstraint(
                fields=("doctor", "authority", "number"), name="doctors_credential_listed_once"
            ),
        ),
        migrations.AddIndex(
            model_name="doctor",
            index=models.Index(fields=["state", "name", "id"], name="doctors_doctor_by_name"),
        ),
        migrations.AddConstraint(
            model_name="doctor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_doctor_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="doctor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_doctor_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="doctor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="doctors_doctor_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="doctor",
            constraint=models.UniqueConstraint(
                models.F("name"),
                models.F("title"),
                models.F("city"),
                condition=models.Q(("is_imported", True)),
                name="doctors_doctor_imported_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="doctor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("standing", "verified"), _negated=True),
                    ("verified_on__isnull", False),
                    _connector="OR",
                ),
                name="doctors_doctor_verified_on_a_day",
                violation_error_message="A verified doctor was verified on some day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("checked_on")),
                    _connector="OR",
                ),
                name="doctors_verification_ends_after_it_begins",
                violation_error_message="It cannot run out before the day it was checked.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "suspended"), _negated=True),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="doctors_verification_suspension_has_a_reason",
                violation_error_message="A suspension needs a reason.",
            ),
        ),
    ]
