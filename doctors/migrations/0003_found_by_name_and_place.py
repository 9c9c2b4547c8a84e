"""An index for search over names and places. Its expression is doctors.search.WHO_AND_WHERE to the letter."""

from django.db import migrations

CREATE = r"""
CREATE INDEX doctors_doctor_words ON doctors_doctor USING gin (
    to_tsvector('simple', regexp_replace(normalize(name || ' ' || city || ' ' || region, NFKD), '[\u0300-\u036f]', '', 'g'))
)
"""


class Migration(migrations.Migration):
    dependencies = [("doctors", "0002_verification_is_append_only")]

    operations = [migrations.RunSQL(CREATE, "DROP INDEX doctors_doctor_words")]
