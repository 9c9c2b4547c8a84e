"""Restoring: check all of the file, put it in the place of what is there, migrate, erase again who was erased."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.enums import LetterState, Rhythm
from accounts.models import Letter, Notification, Session
from accounts.services import system_user
from config.backups import tools
from config.backups.archive import MANIFEST, Unusable, checked, members
from config.backups.making import DUMP, folders
from config.privacy import journal
from config.privacy.erasing import erased
from core.audit import record
from core.enums import State
from core.images import journal as pictures
from core.images.files import sweep
from core.images.models import Photo, Rendition
from core.images.photos import purge
from doctors.consenting import revoke_again
from doctors.models import Case

ASIDE = "candor_replaced"
RESTORED, REPLACED = "restored", "Its pictures were replaced after the backup that was restored."


class Refused(Exception):
    """Nothing was changed; the message says why."""


def restore(path: Path, *, replace: bool) -> tuple[dict[str, Any], int]:
    """The manifest, and how many people were erased again.

    Raises Unusable and Refused before anything has changed, and ToolFailed with the database as it was.
    """
    manifest = checked(path)
    unknown = sorted(set(manifest["migrations"]) - _known_migrations())
    if unknown:
        raise Unusable(
            f"{path} was made by a newer version of this site (it knows {unknown[0]}): restore it with that one."
        )
    _refuse_if_used(replace=replace)
    if "accounts_erasure" in connection.introspection.table_names():
        journal.keep_all()
    with _database_aside():
        _put_database(path)
    _put_files(path, manifest, replace=replace)
    call_command("migrate", verbosity=0, interactive=False)
    cache.clear()
    begin_anew()
    take_away_again()
    return manifest, erase_again()


def begin_anew() -> None:
    """What was under way when the backup was made: sessions ended since do not live again, no letter goes out twice."""
    Session.objects.all().delete()
    under_way = Letter.objects.filter(state__in=[LetterState.WAITING, LetterState.CLAIMED])
    under_way.update(state=LetterState.DROPPED, claimed_at=None)
    unsent = Notification.objects.filter(letter=None, rhythm__in=[Rhythm.DAILY, Rhythm.WEEKLY])
    unsent.update(rhythm=Rhythm.NEVER)


def take_away_again() -> None:
    """Consents that were taken back since, and photos purged, covered or replaced: as they were nobody may see them."""
    taken = pictures.names()
    revoke_again(taken)
    files = chain(
        Photo.objects.values_list("pk", "name").iterator(),
        Rendition.objects.values_list("photo", "name").iterator(),
    )
    photos = Photo.objects.filter(pk__in={pk for pk, name in files if name in taken})
    for case in Case.objects.filter(photos__photo__in=photos, state=State.PUBLISHED).distinct():
        Case.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
        by = system_user(RESTORED)
        record(
            actor=by, action="withdraw", obj=case, before=case.state, after=State.WITHDRAWN, reason=REPLACED
        )
    purge(photos)
    sweep()


def erase_again() -> int:
    """Whoever the journal names and this database still has; how many they were."""
    journal.take_over()
    return sum(erased(person.pk) for person in journal.to_erase_again())


def _known_migrations() -> set[str]:
    loader = MigrationLoader(None)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def _refuse_if_used(*, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise Refused("The database is in use: stop the site and its worker first. Nothing was changed.")
    if connection.introspection.table_names() and not replace:
        raise Refused(
            "The database is not empty. Nothing was changed; --replace puts the backup in its place."
        )


@contextmanager
def _database_aside() -> Iterator[None]:
    """What is there waits under another name until the backup stands in its place, and returns if it cannot."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
        cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        cursor.execute("CREATE SCHEMA public")
    try:
        yield
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _put_database(path: Path) -> None:
    with tempfile.NamedTemporaryFile(prefix="candor-restore-") as dump:
        for name, content in members(path):
            if name == DUMP:
                shutil.copyfileobj(content, dump)
                break
        dump.flush()
        tools.run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            dump.name,
        )


def _put_files(path: Path, manifest: dict[str, Any], *, replace: bool) -> None:
    roots = folders()
    for name, content in members(path):
        kind, _, inside = name.partition("/")
        if name not in (DUMP, MANIFEST):
            _put(roots[kind] / inside, content, private=kind == "evidence")
    for kind, root in roots.items() if replace else ():
        for there in root.rglob("*"):
            if there.is_file() and f"{kind}/{there.relative_to(root).as_posix()}" not in manifest["members"]:
                there.unlink()


def _put(target: Path, content: IO[bytes], *, private: bool) -> None:
    target.parent.mkdir(mode=0o700 if private else 0o755, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600 if private else 0o640), "wb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
