from django.db import migrations

BY_DECISION = """
CREATE TRIGGER doctors_portrait_public_by_decision BEFORE UPDATE OF state ON doctors_portrait FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state <> 'published'
          AND NEW.moderated_at IS NOT DISTINCT FROM OLD.moderated_at)
    EXECUTE FUNCTION core_refuse_undecided();
"""
NO_LONGER = "DROP TRIGGER doctors_portrait_public_by_decision ON doctors_portrait"


class Migration(migrations.Migration):
    """As of everything else that is moderated: it is published by a decision on record, and in no other way."""

    dependencies = [("doctors", "0020_portraits_that_doctors_send")]

    operations = [migrations.RunSQL(BY_DECISION, NO_LONGER)]
