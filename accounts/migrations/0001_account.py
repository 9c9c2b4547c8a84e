import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import accounts.validators


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                (
                    "handle",
                    models.CharField(
                        help_text="Shown beside what you write. Not your real name; letters, digits and hyphens.",
                        max_length=30,
                        validators=[accounts.validators.validate_handle],
                    ),
                ),
                ("is_staff", models.BooleanField(default=False, verbose_name="may open the moderation desk")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_adult_since",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="said to be 18 or older on"
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="accounts_user_one_account_per_email",
                        violation_error_message="There is an account with this e-mail address already.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("handle"),
                        name="accounts_user_one_account_per_handle",
                        violation_error_message="Somebody else goes by this handle; please choose another.",
                    ),
                ],
            },
        ),
    ]
