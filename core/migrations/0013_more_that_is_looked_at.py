"""Also on record: whose sanctions, appeals, reports and numbers of credentials somebody was shown."""

from django.db import migrations, models

KINDS = [
    ("account", "Contact data of an account"),
    ("record", "Record of an account"),
    ("appeal", "Words of an appeal"),
    ("report", "Report, and who made it"),
    ("licence", "Numbers of credentials"),
    ("evidence", "File a doctor gave as evidence"),
    ("photo", "Private photo"),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0012_amendments_say_why")]

    operations = [
        migrations.RemoveConstraint(model_name="accessentry", name="core_accessentry_kind_is_known"),
        migrations.AlterField(
            model_name="accessentry",
            name="kind",
            field=models.CharField(
                choices=KINDS, editable=False, max_length=8, verbose_name="what was shown"
            ),
        ),
        migrations.AddConstraint(
            model_name="accessentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [value for value, _ in KINDS])),
                name="core_accessentry_kind_is_known",
                violation_error_message="This kind of private thing does not exist.",
            ),
        ),
    ]
