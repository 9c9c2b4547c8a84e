"""What was decided cannot be undone in the record, whoever tries (T-AD-02, T-AD-04)."""

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit import ActorMissing, record
from core.models import AuditEntry
from doctors.models import Verification
from questions.models import Question
from tests.factories import DoctorFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    entry = record(actor=UserFactory(), action="tested", obj=QuestionFactory(), reason="To see.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused for another reason
    return entry


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditentry SET reason = 'other'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
    ],
)
def test_the_database_refuses_to_change_the_trail(entry: AuditEntry, sql: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AuditEntry.objects.get().reason == "To see."


@pytest.mark.parametrize(
    "sql", ["UPDATE doctors_verification SET result = 'refused'", "DELETE FROM doctors_verification"]
)
def test_verifications_are_only_added(sql: str) -> None:
    doctor = DoctorFactory(verified=True)
    Verification.objects.create(doctor=doctor, result="verified", source="Register", checked_by=UserFactory())
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_nothing_is_recorded_without_somebody_who_did_it() -> None:
    with pytest.raises(ActorMissing):
        record(actor=None, action="tested", obj=QuestionFactory())  # type: ignore[arg-type]


def test_nothing_becomes_public_past_the_door() -> None:
    """T-AD-04: a bulk update cannot publish, since the database wants to know who approved it."""
    question = QuestionFactory(pending=True)
    with pytest.raises(IntegrityError, match="without a decision"), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(state="published")


def test_a_state_outside_the_table_does_not_exist() -> None:
    question = QuestionFactory()
    with pytest.raises(IntegrityError, match="state_is_known"), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(state="approved")
