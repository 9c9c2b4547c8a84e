"""Verifications are added, never altered: what was believed on a day stays on record."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER doctors_verification_append_only BEFORE UPDATE OR DELETE ON doctors_verification
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER doctors_verification_no_truncate BEFORE TRUNCATE ON doctors_verification
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
ALLOW = """
DROP TRIGGER doctors_verification_no_truncate ON doctors_verification;
DROP TRIGGER doctors_verification_append_only ON doctors_verification;
"""


class Migration(migrations.Migration):
    dependencies = [("doctors", "0001_doctor"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
