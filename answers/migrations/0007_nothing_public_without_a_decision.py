"""No moderated row becomes public by an UPDATE that brings no decision with it, whatever stood there before.

The check constraints see one row at a time: what was approved once and withdrawn would pass them.
"""

from django.db import migrations

TABLES = (
    "questions_question",
    "questions_questionrevision",
    "answers_answer",
    "answers_answerrevision",
    "answers_secondopinion",
    "doctors_doctor",
)
FUNCTION = """
CREATE FUNCTION core_refuse_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'nothing in % becomes public without a decision', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER {table}_public_by_decision BEFORE UPDATE OF state ON {table} FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state <> 'published'
          AND NEW.moderated_at IS NOT DISTINCT FROM OLD.moderated_at)
    EXECUTE FUNCTION core_refuse_undecided();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0006_read_the_queue_in_order"),
        ("questions", "0003_duplicates_variants_kept_and_followed"),
        ("doctors", "0001_doctor"),
    ]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION core_refuse_undecided()"),
        *(
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER {table}_public_by_decision ON {table}"
            )
            for table in TABLES
        ),
    ]
