"""The audit trail is a chain: whatever is done to it behind its back is found and named (T-AD-02, T-AD-03)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from answers.exchange.copying import insert
from core import chain
from core.access import looked_at
from core.audit import record
from core.chain import Broken, Head, verify
from core.enums import Private
from core.models import AccessEntry, AuditEntry, AuditLink
from tests.answers.test_races import at_once
from tests.factories import QuestionFactory, UserFactory
from tests.missing import missing

pytestmark = pytest.mark.django_db
UGLY = "Ω\n\t;=7:\\ 'quoted' \U0001f600 " + "ß" * 500


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def commit() -> None:
    """What a commit does to rows just written, in a test that never commits."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def behind_its_back(*tables: str) -> Iterator[None]:
    commit()
    for table in tables:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    commit()
    for table in tables:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def trail() -> list[AuditEntry]:
    """Six entries as real ones are, sealed."""
    actor, question = UserFactory(), QuestionFactory()
    for number in range(6):
        record(actor=actor, action="tested", obj=question, reason=f"Reason {number}.", code="", after="draft")
    commit()
    return list(AuditEntry.objects.order_by("pk"))


def test_every_kind_of_row_is_understood_alike_here_and_in_the_database() -> None:
    actor, question = UserFactory(), QuestionFactory()
    record(actor=actor, action="tested", obj=question)
    record(
        actor=actor,
        action="reject",
        obj=question,
        before="pending",
        after="rejected",
        reason=UGLY,
        code="unclear",
        waited=timedelta(days=400, seconds=5, microseconds=7),
        at=datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    )
    sql("SET LOCAL TIME ZONE 'Asia/Kathmandu'")
    record(actor=actor, action="publish", obj=question, waited=timedelta(0))
    rows = ({"actor_id": actor.pk, "action": "import", "object_type": "x", "object_id": n} for n in range(50))
    insert(AuditEntry, rows)
    commit()
    sql("SET LOCAL TIME ZONE 'UTC'")
    assert verify().number == 53
    assert AuditLink.objects.filter(entry__in=AuditEntry.objects.all()).count() == 53


def test_every_column_is_sealed() -> None:
    """A new column must be added to ``SEALED`` and to the function in the database."""
    assert set(chain.SEALED) == {field.attname for field in AuditEntry._meta.concrete_fields}


def test_the_chain_ends_where_the_command_says(trail) -> None:
    """T-AD-03"""
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("The audit trail is whole: 6 entries.")
    noted = out.getvalue().rsplit(" ", 1)[-1].strip()
    record(actor=trail[0].actor, action="tested", obj=trail[0].actor)
    commit()
    call_command("verify_audit", noted=noted, stdout=out)


COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "action": "'Tested'",
    "object_type": "object_type || 's'",
    "object_id": "object_id + 1",
    "from_state": "'draft'",
    "to_state": "''",
    "version": "99",
    "reason": "overlay(reason placing 'r' from 1 for 1)",
    "reason_code": "'x'",
    "waited": "interval '0'",
}


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_one_byte_changed_is_found_and_named(trail, column: str) -> None:
    """T-AD-03"""
    with behind_its_back("core_auditentry"):
        sql(f"UPDATE core_auditentry SET {column} = {COLUMNS[column]} WHERE id = %s", trail[3].pk)
    with pytest.raises(Broken, match=f"^Entry {trail[3].pk}: it does not say what was sealed as link 4"):
        verify()
    with pytest.raises(CommandError, match=f"Entry {trail[3].pk}") as refused:
        call_command("verify_audit")
    assert refused.value.returncode == 1


def forge(trail: list[AuditEntry]) -> None:
    """Somebody else as the actor."""
    other = UserFactory()
    with behind_its_back("core_auditentry"):
        sql("UPDATE core_auditentry SET actor_id = %s WHERE id = %s", other.pk, trail[1].pk)


def take_out(trail: list[AuditEntry]) -> None:
    with behind_its_back("core_auditentry"):
        sql("DELETE FROM core_auditentry WHERE id = %s", trail[2].pk)


def take_out_with_its_link(trail: list[AuditEntry]) -> None:
    take_out(trail)
    with behind_its_back("core_auditlink"):
        sql("DELETE FROM core_auditlink WHERE entry_id = %s", trail[2].pk)


def swap(trail: list[AuditEntry]) -> None:
    a, b = trail[1].pk, trail[4].pk
    with behind_its_back("core_auditentry"):
        for before, after in ((a, -1), (b, a), (-1, b)):
            sql("UPDATE core_auditentry SET id = %s WHERE id = %s", after, before)


def swap_links(trail: list[AuditEntry]) -> None:
    with behind_its_back("core_auditlink"):
        for before, after in ((2, -1), (5, 2), (-1, 5)):
            sql("UPDATE core_auditlink SET number = %s WHERE number = %s", after, before)
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def slip_in(trail: list[AuditEntry]) -> None:
    with behind_its_back("core_auditentry"):
        record(actor=trail[0].actor, action="tested", obj=trail[0].actor)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (forge, "Entry {1}: it does not say what was sealed as link 2."),
        (take_out, "Entry {2}: it was sealed as link 3 and is gone."),
        (take_out_with_its_link, "Entry {3}: link 3 before it is missing."),
        (swap, "Entry {1}: it does not say what was sealed as link 2."),
        (swap_links, "Entry {4}: it does not say what was sealed as link 2."),
        (slip_in, "Entry {last}: it was never sealed."),
    ],
)
def test_whatever_else_is_done_is_found_and_named(
    trail, deed: Callable[[list[AuditEntry]], None], said: str
) -> None:
    """T-AD-03"""
    deed(trail)
    last = AuditEntry.objects.order_by("pk").last()
    with pytest.raises(Broken) as found:
        verify()
    assert str(found.value) == said.format(*[e.pk for e in trail], last=last.pk if last else None)


def test_a_tail_cut_off_shows_beside_what_was_noted(trail) -> None:
    """T-AD-03: without a note nobody could know; with one it is said where the chain ends now."""
    noted = verify()
    with behind_its_back("core_auditentry", "core_auditlink"):
        for entry in trail[4:]:
            sql("DELETE FROM core_auditlink WHERE entry_id = %s", entry.pk)
            sql("DELETE FROM core_auditentry WHERE id = %s", entry.pk)
    assert verify().number == 4
    with pytest.raises(Broken, match="ends at link 4, but link 6 was noted"):
        verify(noted)
    for _ in range(2):
        record(actor=trail[0].actor, action="tested", obj=trail[0].actor)
    commit()
    with pytest.raises(Broken, match="Link 6 is not what was noted"):
        verify(noted)


@pytest.mark.parametrize("text", ["", "x", "5", "5:zz", "5:abcd", "-1:" + "00" * 32])
def test_a_note_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Head.of(text)


def test_the_walk_goes_on_from_batch_to_batch(trail, monkeypatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 4)
    assert verify().number == 6


TABLES = (
    "core_auditentry",
    "core_auditlink",
    "core_accessentry",
    "doctors_verification",
    "doctors_evidencefile",
)
CHANGES = ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", ["core_auditentry", "core_auditlink", "core_accessentry"])
def test_even_their_owner_only_adds(trail, table: str, change: str) -> None:
    """T-AD-02"""
    looked_at(trail[0].actor, by=trail[0].actor, kind=Private.ACCOUNT, path="/")
    commit()
    column = "number" if table == "core_auditlink" else "id"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(change.format(table, column))
    assert verify().number == 6
    assert AccessEntry.objects.count() == 1


def documented() -> list[str]:
    """The two blocks of docs/operations.md: what a superuser runs once, and the owner after each migrate."""
    page = (settings.BASE_DIR / "docs/operations.md").read_text()
    return re.findall(r"```sql\n(.*?)```", page, re.DOTALL)


@pytest.fixture(scope="module")
def role(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A second role on the server, made by exactly the lines that stand in the documentation."""
    place = {**connection.get_connection_params(), "dbname": "postgres", "user": "postgres"}
    try:
        server = psycopg2.connect(
            **{name: place[name] for name in ("host", "port", "dbname", "user") if name in place}
        )
    except psycopg2.OperationalError:
        missing(
            "RIGHTS OF THE SITE'S ROLE NOT TESTED: the database lets nobody in as its superuser `postgres`.",
            remedy="Leave DATABASE_URL unset, so that the embedded server is used, or trust that role in pg_hba.conf.",
        )
    name, owner = f"candor_app_{os.getpid()}", connection.settings_dict["USER"]
    server.autocommit = True
    with closing(server), server.cursor() as cursor:
        cursor.execute(documented()[0].replace("candor_app", name))
        cursor.execute(f"GRANT {name} TO {owner}")
        yield name
        cursor.execute(f"DROP ROLE {name}")


@pytest.fixture
def as_the_site(trail, role: str) -> Iterator[None]:
    sql(documented()[1].replace("candor_app", role))
    sql(f"SET LOCAL ROLE {role}")
    yield
    sql("RESET ROLE")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {0} SET {1} = {1}",
        "DELETE FROM {0}",
        "TRUNCATE {0} CASCADE",
        "ALTER TABLE {0} DISABLE TRIGGER USER",
        "ALTER TABLE {0} ADD COLUMN x int",
        "DROP TABLE {0} CASCADE",
        "CREATE TABLE y (x int)",
        "SET session_replication_role = replica",
    ],
)
def test_the_site_has_no_right_to_change_what_is_only_added_to(
    as_the_site, table: str, statement: str
) -> None:
    """T-AD-02, T-CO-07"""
    column = "number" if table == "core_auditlink" else "id"
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        sql(statement.format(table, column))


def test_the_site_adds_and_the_database_seals(as_the_site, trail) -> None:
    """T-AD-02, T-CO-07: the role may neither write a link nor go without one."""
    record(actor=trail[0].actor, action="tested", obj=trail[0].actor)
    looked_at(trail[0].actor, by=trail[0].actor, kind=Private.ACCOUNT, path="/")
    commit()
    assert verify().number == 7
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sql("INSERT INTO core_auditlink (number, entry_id, seal) VALUES (8, 1, '')")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)


def test_a_table_of_ones_own_does_not_take_the_place_of_the_chain(trail) -> None:
    sql("CREATE TEMP TABLE core_auditlink (number bigint, entry_id bigint, seal bytea) ON COMMIT DROP")
    record(actor=trail[0].actor, action="tested", obj=trail[0].actor)
    commit()
    sql("DROP TABLE pg_temp.core_auditlink")
    assert verify().number == 7


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain() -> None:
    """T-RC-01: eight people decide, two imports write, some of it is rolled back; nothing forks or is lost."""
    people = [UserFactory() for _ in range(8)]

    def decide(person) -> None:
        for number in range(20):
            try:
                with transaction.atomic():
                    record(actor=person, action="tested", obj=person, reason=UGLY)
                    if number % 5 == 4:
                        raise LookupError
            except LookupError:
                pass

    def import_rows(person) -> None:
        for _ in range(3):
            rows = (
                {"actor_id": person.pk, "action": "import", "object_type": "x", "object_id": n}
                for n in range(200)
            )
            with transaction.atomic():
                insert(AuditEntry, rows)

    results = at_once(
        *[lambda p=p: decide(p) for p in people], *[lambda p=p: import_rows(p) for p in people[:2]]
    )
    assert results == [None] * 10
    assert verify().number == AuditEntry.objects.count() == 8 * 16 + 2 * 600
