"""What every test shares: an empty cache, append-only tables that a flush may empty, signed-in clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import settings

from config import ledger

# A busy machine is no reason to fail: hypothesis would call 200 ms for one example too slow.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

APPEND_ONLY = (
    "core_auditentry",
    "core_auditlink",
    "core_auditforgotten",
    "core_accessentry",
    "core_reason",
    "accounts_erasure",
    "doctors_verification",
    "doctors_evidencefile",
)


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


def _toggle(command: str) -> None:
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} {command} TRIGGER USER")


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_append_only_tables() -> Iterator[None]:
    """Tests with real transactions end in a TRUNCATE; only around it are the triggers out of the way."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        _toggle("DISABLE")
        try:
            flush(self)
        finally:
            _toggle("ENABLE")

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """``sign_in(user)`` gives a client of that user's."""

    def client_of(user: object) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
        return client

    return client_of
