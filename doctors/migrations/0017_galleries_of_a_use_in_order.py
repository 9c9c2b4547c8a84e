from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("doctors", "0016_consents_are_renewed")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("use").asc(),
                F("comparable_count").desc(),
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(state="published", ended_at=None),
                name="doctors_case_of_use",
            ),
        ),
    ]
