"""A copy is all that is somebody's own and nothing of anybody else's (T-PR-01)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import DataExport, Notification
from config.privacy import copies
from config.privacy.kept import KEPT
from config.privacy.kinds import Rows
from tests.config.privacy.conftest import CANARY
from tests.factories import PASSWORD, UserFactory
from tests.working import do_tasks

pytestmark = pytest.mark.django_db


def made_for(user: Any) -> zipfile.ZipFile:
    return opened(copies.make(copies.ask(user)[0].pk))


def opened(copy: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO((settings.EXPORT_ROOT / copy.name).read_bytes()))


def read_directly(label: str, own: str, user: Any) -> list[dict[str, Any]]:
    """The rows of a table that lead to the person, as PostgreSQL writes them: along the keys, without our models' help."""
    model = apps.get_model(label)
    tables, steps = [model], own.split("__")
    for step in steps[:-1]:
        tables.append(tables[-1]._meta.get_field(step).related_model)
    sql = f'SELECT to_jsonb(t0) FROM "{model._meta.db_table}" t0'
    for number, step in enumerate(steps[:-1]):
        sql += f' JOIN "{tables[number + 1]._meta.db_table}" t{number + 1} ON t{number + 1}.id = t{number}.{step}_id'
    last = "id" if own == "pk" else f"{steps[-1]}_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql} WHERE t{len(steps) - 1}.{last} = %s ORDER BY t0.{model._meta.pk.column}", [user.pk]
        )
        return [json.loads(row) for (row,) in cursor.fetchall()]


def all_of(kept: Rows, user: Any) -> list[dict[str, Any]]:
    """By either way that leads to the person."""
    rows = [row for own in (kept.own, kept.or_own) if own for row in read_directly(kept.model, own, user)]
    return sorted(rows, key=lambda row: row["id"]) if kept.or_own else rows


def comparable(value: Any) -> Any:
    """Moments, durations and amounts as text differ in their zeros alone."""
    text = str(value) if isinstance(value, float) else value
    return text.replace("+00:00", "").replace("Z", "").rstrip("0.") if isinstance(text, str) else text


@pytest.mark.parametrize("who", ["patient", "doctor"])
def test_a_copy_equals_a_direct_reading_of_the_database(who: str, full: dict[str, Any], request) -> None:
    user = full["user"]
    if who == "doctor":
        type(user).objects.filter(pk=user.pk).update(email="other@example.org", handle="other")
        user.emailaddress_set.update(email="other@example.org")
        user = request.getfixturevalue("doctor")(signs=True).user
    asked, rows = copies.ask(user)[0], 0
    directly = {kept.model: all_of(kept, user) for kept in KEPT if kept.own}
    copy = opened(copies.make(asked.pk))
    for kept in KEPT:
        if not kept.own:
            assert kept.file not in copy.namelist()
            continue
        shown = json.loads(copy.read(kept.file))
        stored = directly[kept.model]
        hidden = {f"{name}{end}" for name in kept.hidden for end in ("", "_id")}
        assert [{key: comparable(value) for key, value in row.items()} for row in shown] == [
            {key: comparable(value) for key, value in row.items() if key not in hidden} for row in stored
        ], kept.model
        rows += len(shown)
    assert rows > 10
    assert {json.loads(copy.read("about.json"))["files"][kept.file]["rows"] for kept in KEPT if kept.own} > {
        0,
        1,
    }


def test_a_doctors_files_are_in_it(doctor) -> None:
    copy = made_for(doctor(signs=True).user)
    files = [name for name in copy.namelist() if name.startswith("files/")]
    assert len(files) == 4
    assert all(CANARY.encode() in copy.read(name) for name in files)


def test_no_other_person_and_no_secret_is_in_it(full: dict[str, Any]) -> None:
    copy = made_for(full["user"])
    everything = b"".join(copy.read(name) for name in copy.namelist()).decode()
    assert CANARY in everything
    assert full["user"].password not in everything
    assert "some-moderator" not in everything


def test_only_the_person_fetches_it_after_the_password_and_for_a_day(full: dict[str, Any]) -> None:
    client, other = Client(), Client()
    for browser, person in ((client, full["user"]), (other, UserFactory())):
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post("/me/privacy/copy/", follow=True).status_code == 200
    do_tasks()
    copy = DataExport.objects.get()
    assert Notification.objects.get(kind="copy-ready").to == full["user"]
    url = f"/me/privacy/copy/{copy.pk}/"
    response = client.get(url)
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "application/zip",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert other.get(url).status_code == 404
    assert "/accounts/login/" in Client().get(url)["Location"]
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert "/accounts/reauthenticate/" in client.get(url)["Location"]
    DataExport.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "This copy is gone" in client.get(url, follow=True).content.decode()
    path = settings.EXPORT_ROOT / copy.name
    assert (path.exists(), copies.forget_old(), path.exists()) == (True, 1, False)


def test_asking_twice_makes_one_and_nobody_has_more_than_three() -> None:
    user = UserFactory()
    first, again = copies.ask(user), copies.ask(user)
    assert (first[0], first[1], again[1]) == (again[0], True, False)
    copies.make(first[0].pk)
    assert copies.make(first[0].pk) is None
    for _ in range(2):
        copies.make(copies.ask(user)[0].pk)
    with pytest.raises(copies.TooMany):
        copies.ask(user)
