"""From a running site to one file and back, and nobody comes back with it who was erased (T-BK-01, T-BK-02, T-PR-03)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection, connections
from django.utils import timezone

from accounts.models import Erasure, Letter, Session, User
from config.privacy.erasing import erase
from core.chain import verify
from core.enums import State
from core.images import photos
from core.images.models import Photo
from core.images.redrawing import Area
from doctors.consenting import revoke
from doctors.models import Case
from questions.models import Question
from tests import stores
from tests.config.privacy.conftest import WORDS, found
from tests.core.images import samples
from tests.factories import AnswerFactory, CaseFactory, QuestionFactory, UserFactory
from tests.working import do_tasks

pytestmark = pytest.mark.django_db(transaction=True)


def run(*command: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def in_database(name: str) -> None:
    """Everything from here on happens in that one."""
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """An empty database on the same server, in which the rest of the test may be spent."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # The builtin provider came with PostgreSQL 17; a server of somebody else's compares as it likes.
        builtin = (
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if connection.pg_version >= 170000 else ""
        )
        cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 {builtin} LOCALE 'C'")
    yield name
    in_database(own)
    connections.close_all()
    drop(name)


def drop(name: str) -> None:
    """Again where the server itself is cleaning up in there: that work is nobody else's to end, and short."""
    for tries_left in reversed(range(10)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            return
        except (OperationalError, ProgrammingError):
            if not tries_left:
                raise
            time.sleep(0.5)


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT, settings.EVIDENCE_ROOT = tmp_path / "media", tmp_path / "evidence"
    settings.PICTURES_ROOT, settings.PICTURES_JOURNAL = tmp_path / "pictures", tmp_path / "taken-away.txt"
    settings.STORAGES = {**settings.STORAGES, "pictures": stores.folder(tmp_path / "pictures").setting}
    settings.ERASURE_JOURNAL, settings.BACKUP_KEY = tmp_path / "erasures.jsonl", "a key of the test's own"
    for name in ("media/portraits", "media/cards", "evidence"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "media/portraits/a.webp").write_bytes(b"portrait" * 300_000)
    (tmp_path / "media/cards/a.png").write_bytes(b"card")
    (tmp_path / "evidence/b.pdf").write_bytes(b"paper")
    return tmp_path


def test_yesterdays_backup_brings_nobody_back(folders: Path, elsewhere: str, full: dict[str, Any]) -> None:
    backup, person = folders / "site.backup", full["user"]
    Session.objects.create(session_key="live", expire_date=timezone.now() + timedelta(days=1))
    Letter.objects.create(to=UserFactory(), key="waits", topic="x")
    run("backup", backup)
    assert (backup.stat().st_mode & 0o777, b"portrait" in backup.read_bytes()) == (0o600, False)
    erase(person.pk)
    assert found(*WORDS) == set()
    (folders / "media/portraits/a.webp").unlink()
    in_database(elsewhere)
    said = run("restore", backup)
    assert "1 erased again" in said
    assert "The audit trail is whole" in said
    assert found(*WORDS) == set()
    assert not Session.objects.exists()  # one that was ended since does not live again
    assert not Letter.objects.waiting().exists()  # nor does a letter go out twice
    assert (
        Question.objects.filter(pk__in=[question.pk for question in full["answered"]], author=None).count()
        == 2
    )
    assert (folders / "media/portraits/a.webp").read_bytes() == b"portrait" * 300_000
    # what came after the backup makes way, and only when told to
    QuestionFactory(title="Asked after the backup?")
    (folders / "evidence/later.pdf").write_bytes(b"later")
    connection.close()
    with pytest.raises(CommandError, match="not empty"):
        run("restore", backup)
    assert Question.objects.filter(title="Asked after the backup?").exists()
    run("restore", backup, "--replace")
    assert not Question.objects.filter(title="Asked after the backup?").exists()
    assert not User.objects.filter(pk=person.pk).exists()
    assert (Erasure.objects.count(), (folders / "evidence/later.pdf").exists()) == (1, False)
    assert (folders / "media/cards/a.png").exists() is False


def test_yesterdays_backup_brings_back_no_picture_that_was_taken_away_or_covered(
    folders: Path, elsewhere: str
) -> None:
    stays, gone, covered = (photos.keep(BytesIO(samples.JPEG), by=UserFactory()) for _ in range(3))
    do_tasks()
    backup = folders / "site.backup"
    run("backup", backup)
    photos.purge([gone])
    photos.redraw(covered, cover=[Area.of(0, 0, 0.5, 0.5)])
    do_tasks()
    in_database(elsewhere)
    run("restore", backup, "--replace")
    photo = Photo.objects.get()
    assert photo == stays
    kept = {path.name for path in (folders / "pictures").rglob("*") if path.is_file()}
    assert kept == {photo.name, *photo.renditions.values_list("name", flat=True)}


def test_yesterdays_backup_brings_back_no_consent_that_was_taken_back(folders: Path, elsewhere: str) -> None:
    revoked, stands = CaseFactory(published=True), CaseFactory(published=True)
    replaced = CaseFactory(published=True)
    backup = folders / "site.backup"
    run("backup", backup)
    revoke(consent=revoked.consent, by=None)
    photos.purge([replaced.photos.first().photo])
    do_tasks()
    in_database(elsewhere)
    run("restore", backup, "--replace")
    assert list(Case.objects.public()) == [stands]
    assert Case.objects.get(pk=revoked.pk).has_ended
    assert Case.objects.get(pk=replaced.pk).state == State.WITHDRAWN
    assert not Photo.objects.filter(pk__in=revoked.photos.values("photo")).exists()
    verify()


def test_a_file_that_is_no_whole_backup_changes_nothing(folders: Path, settings: Any) -> None:
    AnswerFactory(published=True)
    backup = folders / "site.backup"
    run("backup", backup)
    whole = backup.read_bytes()
    wrong = {
        "changed": whole[: len(whole) // 2]
        + bytes([whole[len(whole) // 2] ^ 1])
        + whole[len(whole) // 2 + 1 :],
        "cut off": whole[:-40_000],
        "another": b"PK\x03\x04 is no backup" * 100,
        "empty": b"",
    }
    for name, content in wrong.items():
        (folders / name).write_bytes(content)
        with pytest.raises(CommandError, match="cut off"):
            run("restore", folders / name, "--replace")
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="BACKUP_KEY"):
        run("restore", backup, "--replace")
    assert Question.objects.count() == 1


def test_a_backup_that_fails_leaves_the_one_before(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = folders / "site.backup"
    backup.write_bytes(b"yesterday's")
    with monkeypatch.context() as broken:
        broken.setitem(connection.settings_dict, "NAME", "gone")
        connection.close()
        with pytest.raises(CommandError, match="No backup was made"):
            run("backup", backup)
    connection.close()
    with pytest.raises(CommandError, match="No such file"):
        run("backup", folders / "no/such/folder/site.backup")
    assert backup.read_bytes() == b"yesterday's"
    assert [name for name in os.listdir(folders) if name.startswith(".")] == []
