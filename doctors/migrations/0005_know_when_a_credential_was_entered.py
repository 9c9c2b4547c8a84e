import django.utils.timezone
from django.db import migrations, models

# Credentials from before this was kept count as entered before the first check of their doctor.
AS_BEFORE = """
UPDATE doctors_credential c SET entered_at = v.first FROM (
    SELECT doctor_id, min(recorded_at) AS first FROM doctors_verification GROUP BY doctor_id
) v WHERE v.doctor_id = c.doctor_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("doctors", "0004_keep_the_directory_quick"),
    ]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="entered_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunSQL(AS_BEFORE, migrations.RunSQL.noop),
    ]
