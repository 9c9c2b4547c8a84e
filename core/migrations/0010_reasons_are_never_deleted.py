"""A reason once listed stays, with its code: what was explained with it must stay explicable."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION core_keep_reason_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the code of a reason is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER core_reason_code_stays BEFORE UPDATE OF code ON core_reason
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION core_keep_reason_code();
CREATE TRIGGER core_reason_never_deleted BEFORE DELETE ON core_reason
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER core_reason_no_truncate BEFORE TRUNCATE ON core_reason
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
ALLOW = """
DROP TRIGGER core_reason_no_truncate ON core_reason;
DROP TRIGGER core_reason_never_deleted ON core_reason;
DROP TRIGGER core_reason_code_stays ON core_reason;
DROP FUNCTION core_keep_reason_code();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0009_reasons_appeals_batches")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
