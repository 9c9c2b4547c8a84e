"""How often threads are read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0016_facts_asked_and_given"),
        ("questions", "0004_read_the_queue_in_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Readership",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="readership",
                        serialize=False,
                        to="questions.question",
                    ),
                ),
                ("times", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
