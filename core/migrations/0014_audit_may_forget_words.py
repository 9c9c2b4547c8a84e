"""At an erasure an entry of the audit trail loses its words, and its actor if it is the person: nothing else can change.

What is left of it is noted beside it first, by a function that runs as the owner of the tables; without such a note
the trail refuses every change as before. ``core.forgetting`` calls it, ``core.chain`` checks what is left.
"""

import django.db.models.deletion
from django.db import migrations, models

LET = """
CREATE FUNCTION {schema}.core_audit_refuse_change() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    as_left {schema}.core_auditentry := OLD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        as_left.reason := '';
        as_left.actor_id := NEW.actor_id;
        IF NEW = as_left AND EXISTS (
            SELECT FROM {schema}.core_auditforgotten
            WHERE entry_id = OLD.id
                AND "left" = sha256(convert_to({schema}.core_audit_said(NEW), 'UTF8'))
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER core_auditentry_append_only ON {schema}.core_auditentry;
CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON {schema}.core_auditentry
    FOR EACH ROW EXECUTE FUNCTION {schema}.core_audit_refuse_change();
CREATE FUNCTION {schema}.core_audit_forget(keys bigint[], gone bigint, stand_in bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry {schema}.core_auditentry;
    number bigint := 0;
BEGIN
    FOR entry IN SELECT * FROM {schema}.core_auditentry
        WHERE id = ANY(keys) AND NOT EXISTS (SELECT FROM {schema}.core_auditforgotten f WHERE f.entry_id = id)
        ORDER BY id
    LOOP
        entry.reason := '';
        entry.actor_id := CASE WHEN entry.actor_id = gone THEN stand_in ELSE entry.actor_id END;
        INSERT INTO {schema}.core_auditforgotten (entry_id, "left")
            VALUES (entry.id, sha256(convert_to({schema}.core_audit_said(entry), 'UTF8')));
        UPDATE {schema}.core_auditentry SET reason = '', actor_id = entry.actor_id WHERE id = entry.id;
        number := number + 1;
    END LOOP;
    RETURN number;
END $$;
CREATE TRIGGER core_auditforgotten_append_only BEFORE UPDATE OR DELETE ON {schema}.core_auditforgotten
    FOR EACH ROW EXECUTE FUNCTION {schema}.core_refuse_change();
CREATE TRIGGER core_auditforgotten_no_truncate BEFORE TRUNCATE ON {schema}.core_auditforgotten
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.core_refuse_change();
"""
LET_NOT = """
DROP TRIGGER core_auditforgotten_no_truncate ON {schema}.core_auditforgotten;
DROP TRIGGER core_auditforgotten_append_only ON {schema}.core_auditforgotten;
DROP FUNCTION {schema}.core_audit_forget(bigint[], bigint, bigint);
DROP TRIGGER core_auditentry_append_only ON {schema}.core_auditentry;
CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON {schema}.core_auditentry
    FOR EACH ROW EXECUTE FUNCTION {schema}.core_refuse_change();
DROP FUNCTION {schema}.core_audit_refuse_change();
"""


def let(apps, schema_editor):
    _run(schema_editor, LET)


def let_not(apps, schema_editor):
    _run(schema_editor, LET_NOT)


def _run(schema_editor, sql):
    """With the place of the tables named in full: one of the same name elsewhere must not take theirs."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
    schema_editor.execute(sql.format(schema=schema), params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0013_more_that_is_looked_at"), ("core", "0007_audit_is_chained")]
    operations = [
        migrations.CreateModel(
            name="AuditForgotten",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="forgotten",
                        serialize=False,
                        to="core.auditentry",
                    ),
                ),
                ("left", models.BinaryField(help_text="SHA-256 of what the entry says since")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(let, let_not),
    ]
