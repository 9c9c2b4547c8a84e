"""An amendment keeps the reason it was made for; those made so far find it in the trail, behind what was changed."""

from django.db import migrations, models

FROM_THE_TRAIL = """
UPDATE core_amendment made SET reason = coalesce((
    SELECT regexp_replace(entry.reason, '^.*?\\n\\n', '') FROM core_auditentry entry
    WHERE entry.object_type = made.object_type AND entry.object_id = made.object_id
    AND entry.action = 'publish' AND entry.at <= made.at ORDER BY entry.id DESC LIMIT 1
), '')
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0011_hold_rules")]

    operations = [
        migrations.AddField(
            model_name="amendment",
            name="reason",
            field=models.TextField(default="", help_text="Why; its author reads it, and other moderators do"),
            preserve_default=False,
        ),
        migrations.RunSQL(FROM_THE_TRAIL, migrations.RunSQL.noop),
    ]
