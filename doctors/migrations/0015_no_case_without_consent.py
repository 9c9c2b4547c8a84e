"""What the database holds of cases: nothing is sent or shown without a consent that covers it and pictures in pairs.

Whoever takes a consent back and whoever publishes wait for each other on the row of the consent.
"""

from django.db import migrations

RULES = """
CREATE FUNCTION doctors_refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
       OR NOT NEW.uses <@ OLD.uses
       OR NEW.is_identifiable AND NOT OLD.is_identifiable
       OR NEW.is_sensitive AND NOT OLD.is_sensitive THEN
        RAISE EXCEPTION 'A consent is only ever narrowed or taken back.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'doctors_consent_only_narrows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER doctors_consent_only_narrows BEFORE UPDATE ON doctors_consent
    FOR EACH ROW EXECUTE FUNCTION doctors_refuse_consent_change();

CREATE FUNCTION doctors_refuse_uncovered_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    consent doctors_consent%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL THEN
        RAISE EXCEPTION 'A case that has ended stays gone.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'doctors_case_stays_gone';
    END IF;
    IF NEW.state NOT IN ('pending', 'published') OR NEW.ended_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO consent FROM doctors_consent WHERE id = NEW.consent_id FOR SHARE;
    IF NOT FOUND OR consent.doctor_id <> NEW.doctor_id OR consent.revoked_at IS NOT NULL OR consent.signed_on IS NULL
       OR consent.until < CURRENT_DATE OR cardinality(consent.uses) = 0
       OR NEW.is_identifiable AND NOT consent.is_identifiable
       OR NEW.is_sensitive AND NOT consent.is_sensitive THEN
        RAISE EXCEPTION 'No case is sent or shown without a consent in force that covers it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'doctors_case_consent_covers_it';
    END IF;
    IF NOT EXISTS (SELECT FROM doctors_casephoto WHERE case_id = NEW.id)
       OR EXISTS (SELECT FROM doctors_casephoto WHERE case_id = NEW.id GROUP BY view HAVING count(*) <> 2) THEN
        RAISE EXCEPTION 'A case shows each view before and after, and at least one.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'doctors_case_in_pairs';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER doctors_case_covered BEFORE INSERT OR UPDATE OF state, consent_id, is_identifiable, is_sensitive, ended_at
    ON doctors_case FOR EACH ROW EXECUTE FUNCTION doctors_refuse_uncovered_case();
CREATE TRIGGER doctors_case_public_by_decision BEFORE UPDATE OF state ON doctors_case FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state <> 'published'
          AND NEW.moderated_at IS NOT DISTINCT FROM OLD.moderated_at)
    EXECUTE FUNCTION core_refuse_undecided();

CREATE TRIGGER doctors_consentevent_append_only BEFORE UPDATE OR DELETE ON doctors_consentevent
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER doctors_consentevent_no_truncate BEFORE TRUNCATE ON doctors_consentevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
NO_RULES = """
DROP TRIGGER doctors_consentevent_no_truncate ON doctors_consentevent;
DROP TRIGGER doctors_consentevent_append_only ON doctors_consentevent;
DROP TRIGGER doctors_case_public_by_decision ON doctors_case;
DROP TRIGGER doctors_case_covered ON doctors_case;
DROP FUNCTION doctors_refuse_uncovered_case();
DROP TRIGGER doctors_consent_only_narrows ON doctors_consent;
DROP FUNCTION doctors_refuse_consent_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("doctors", "0014_cases_with_consent"),
        # makes the functions that triggers call
        ("answers", "0007_nothing_public_without_a_decision"),
        ("core", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(RULES, NO_RULES)]
