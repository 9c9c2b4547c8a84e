"""What people agree to, copies of their data, and erasures, whose rows are only ever added."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE TRIGGER accounts_erasure_append_only BEFORE UPDATE OR DELETE ON accounts_erasure
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER accounts_erasure_no_truncate BEFORE TRUNCATE ON accounts_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
ALLOW = """
DROP TRIGGER accounts_erasure_no_truncate ON accounts_erasure;
DROP TRIGGER accounts_erasure_append_only ON accounts_erasure;
"""

# What everybody ticked who signed up before consents were kept: the first version of that text.
CARRY = """
INSERT INTO accounts_consent (user_id, purpose, version, sha256, given_at)
SELECT id, 'adult', 1, '16bd1fbdb60b7a70078a1006ff1b425dacfd1723593a38e57b4c328aa2a25441', is_adult_since
FROM accounts_user WHERE is_adult_since IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_sessions_know_whose_they_are"),
        ("core", "0002_audit_is_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="erasure_due_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Asked for by the person",
                null=True,
                verbose_name="to be erased from",
            ),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("who", models.CharField(editable=False, max_length=64, unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("who__regex", "^[0-9a-f]{64}$")),
                        name="accounts_erasure_names_nobody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("adult", "Being an adult"),
                            ("account", "Having an account"),
                            ("health", "Publishing what you write about your health"),
                        ],
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(editable=False)),
                (
                    "sha256",
                    models.CharField(editable=False, max_length=64, verbose_name="SHA-256 of the text"),
                ),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("user", "purpose"),
                        name="accounts_consent_one_stands_per_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["adult", "account", "health"])),
                        name="accounts_consent_purpose_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            ("withdrawn_at__gte", models.F("given_at")),
                            _connector="OR",
                        ),
                        name="accounts_consent_withdrawn_afterwards",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("until", models.DateTimeField(editable=False, help_text="Set when it is ready", null=True)),
                (
                    "name",
                    models.CharField(blank=True, editable=False, help_text="Of the file", max_length=40),
                ),
                ("size", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("user",),
                        name="accounts_dataexport_made_one_at_a_time",
                        violation_error_message="Your copy is being made already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), ("until", None)),
                            models.Q(("until", None), _negated=True),
                            _connector="OR",
                        ),
                        name="accounts_dataexport_file_ends_some_day",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
