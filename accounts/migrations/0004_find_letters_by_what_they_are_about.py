from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_people_are_told")]

    operations = [
        migrations.RenameIndex(
            model_name="notification",
            new_name="accounts_to_digest",
            old_name="accounts_notification_to_digest",
        ),
        migrations.AddIndex(
            model_name="letter", index=models.Index(fields=["key"], name="accounts_letter_about")
        ),
    ]
