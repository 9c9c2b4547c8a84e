"""The table of Django's database cache, so that no separate ``createcachetable`` is needed."""

from django.db import migrations

CREATE = """
CREATE TABLE IF NOT EXISTS cache_entries (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS cache_entries_expires ON cache_entries (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE cache_entries")]
