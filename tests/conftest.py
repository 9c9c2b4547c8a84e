"""What every test shares: an empty cache, tables emptied after real transactions, signed-in clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import settings

from config import ledger
from tests import stores

# A busy machine is no reason to fail: hypothesis would call 200 ms for one example too slow.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's own, and at the end no connection is left that would keep the database from going.

    It makes no database for a run none of whose tests is marked; then nothing may touch the real one.
    """
    if not connection.settings_dict["NAME"].startswith("test_"):
        pytest.fail("No database was made for this run: mark its tests with django_db.")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()
    ledger._decided_in.cache_clear()


# What migrations and their signals have put there; a test that changes it puts it back.
KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_group",
    "auth_permission",
    "auth_group_permissions",
    "core_reason",
}


def _empty_what_was_filled() -> None:
    """As a flush does it, but of the few tables that hold anything: a test writes a dozen of a hundred.

    Triggers are out of the way meanwhile, since of some tables they refuse that.
    """
    tables = [table for table in connection.introspection.table_names() if table not in KEPT]
    asked = " UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [f'"{table}"' for (table,) in cursor.fetchall()]
        if filled:
            cursor.execute(
                "; ".join(
                    [
                        "BEGIN",
                        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in filled),
                        *(f"DELETE FROM {table}" for table in filled),
                        "SET CONSTRAINTS ALL IMMEDIATE",
                        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in filled),
                        "COMMIT",
                    ]
                )
            )


@pytest.fixture(autouse=True, scope="session")
def _tests_with_real_transactions_leave_nothing() -> Iterator[None]:
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: _empty_what_was_filled()  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Where a store that speaks S3 answers."""
    with stores.s3() as address:
        yield address


@pytest.fixture
def in_a_store(settings: Any, tmp_path: Path, monkeypatch: Any, request: Any) -> stores.Kept:
    """Pictures lie in a folder of the test’s own, or, by indirect parameter, in a bucket."""
    if getattr(request, "param", "folder") == "bucket":
        for name, value in stores.KEYS.items():
            monkeypatch.setenv(name, value)
        kept = stores.bucket(request.getfixturevalue("s3"))
    else:
        kept = stores.folder(tmp_path / "pictures")
    settings.STORAGES = {**settings.STORAGES, "pictures": kept.setting}
    return kept


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """``sign_in(user)`` gives a client of that user's."""

    def client_of(user: object) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
        return client

    return client_of
