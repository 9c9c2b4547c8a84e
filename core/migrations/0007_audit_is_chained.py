"""Every entry of the audit trail is sealed at commit; trail, chain and looks can only be added to.

The trigger is deferred: it takes its lock when all others of the transaction are held, so that nobody waits
for a seal longer than a commit lasts, and it runs as the owner of the tables, so that the application's own
role needs no right to write links. ``core.chain`` explains what is sealed, and checks it.
"""

from django.db import migrations

SAID = """
CREATE FUNCTION {schema}.core_audit_said(e {schema}.core_auditentry) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN concat(
        'id=', octet_length(e.id::text), ':', e.id, ';',
        'at=' || octet_length((extract(epoch FROM e.at) * 1000000)::bigint::text) || ':'
            || (extract(epoch FROM e.at) * 1000000)::bigint || ';',
        'actor_id=' || octet_length(e.actor_id::text) || ':' || e.actor_id || ';',
        'action=' || octet_length(nullif(e.action, '')) || ':' || e.action || ';',
        'object_type=' || octet_length(nullif(e.object_type, '')) || ':' || e.object_type || ';',
        'object_id=' || octet_length(e.object_id::text) || ':' || e.object_id || ';',
        'from_state=' || octet_length(nullif(e.from_state, '')) || ':' || e.from_state || ';',
        'to_state=' || octet_length(nullif(e.to_state, '')) || ':' || e.to_state || ';',
        'version=' || octet_length(e.version::text) || ':' || e.version || ';',
        'reason=' || octet_length(nullif(e.reason, '')) || ':' || e.reason || ';',
        'reason_code=' || octet_length(nullif(e.reason_code, '')) || ':' || e.reason_code || ';',
        'waited=' || octet_length((extract(epoch FROM e.waited) * 1000000)::bigint::text) || ':'
            || (extract(epoch FROM e.waited) * 1000000)::bigint || ';');
END $$;
"""
SEAL = """
CREATE FUNCTION {schema}.core_audit_seal() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last_number bigint;
    last_seal bytea;
BEGIN
    -- The chain has one end. A link of the same number would be refused by the key.
    PERFORM pg_advisory_xact_lock(4, 1);
    SELECT number, seal INTO last_number, last_seal FROM {schema}.core_auditlink ORDER BY number DESC LIMIT 1;
    last_number := coalesce(last_number, 0) + 1;
    INSERT INTO {schema}.core_auditlink (number, entry_id, seal) VALUES (
        last_number,
        NEW.id,
        sha256(coalesce(last_seal, decode(repeat('00', 32), 'hex'))
            || convert_to(last_number || ';' || {schema}.core_audit_said(NEW), 'UTF8')));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER core_auditentry_sealed AFTER INSERT ON {schema}.core_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.core_audit_seal();
"""
SEAL_WHAT_IS_THERE = """
DO $$
DECLARE
    entry {schema}.core_auditentry;
    last_number bigint := 0;
    last_seal bytea := decode(repeat('00', 32), 'hex');
BEGIN
    FOR entry IN SELECT * FROM {schema}.core_auditentry ORDER BY id LOOP
        last_number := last_number + 1;
        last_seal := sha256(
            last_seal || convert_to(last_number || ';' || {schema}.core_audit_said(entry), 'UTF8'));
        INSERT INTO {schema}.core_auditlink (number, entry_id, seal) VALUES (last_number, entry.id, last_seal);
    END LOOP;
END $$;
"""
REFUSE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {schema}.{table}
    FOR EACH ROW EXECUTE FUNCTION {schema}.core_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {schema}.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.core_refuse_change();
"""
TABLES = ("core_auditlink", "core_accessentry")


def chain(apps, schema_editor):
    schema = _schema(schema_editor)
    for sql in (SAID, SEAL, SEAL_WHAT_IS_THERE):
        schema_editor.execute(sql.format(schema=schema), params=None)
    for table in TABLES:
        schema_editor.execute(REFUSE.format(schema=schema, table=table), params=None)


def unchain(apps, schema_editor):
    schema = _schema(schema_editor)
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {schema}.{table}")
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {schema}.{table}")
    schema_editor.execute(f"DROP TRIGGER core_auditentry_sealed ON {schema}.core_auditentry")
    schema_editor.execute(f"DROP FUNCTION {schema}.core_audit_seal()")
    schema_editor.execute(f"DROP FUNCTION {schema}.core_audit_said({schema}.core_auditentry)")


def _schema(schema_editor):
    """Where the tables are, named in full: a table of the same name elsewhere must not take their place."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return cursor.fetchone()[0]


class Migration(migrations.Migration):
    dependencies = [("core", "0006_chain_and_access"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunPython(chain, unchain)]
