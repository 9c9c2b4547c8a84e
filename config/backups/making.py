"""Making a backup: the database first, then the folders, so that no row is without its file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.backups import tools
from config.backups.archive import Archive, written
from doctors.evidence import ASIDE

DUMP = "database.dump"
# Drawn anew when somebody asks for one; waits for a form that somebody is filling in.
LEFT_OUT = ("cards/", f"{ASIDE}/")


def folders() -> dict[str, Path]:
    """What is kept in a bucket instead of ``PICTURES_ROOT`` is backed up where it lies."""
    return {
        "media": Path(settings.MEDIA_ROOT),
        "pictures": Path(settings.PICTURES_ROOT),
        "evidence": Path(settings.EVIDENCE_ROOT),
    }


def back_up(target: Path) -> int:
    """Everything, in one file; its size. Raises ToolFailed, and OSError where the disk refuses."""
    with tempfile.TemporaryDirectory(prefix=".candor-backup-", dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        tools.run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        with written(target) as archive:
            archive.add(DUMP, dump)
            for name, root in folders().items():
                _add_folder(archive, name, root)
            archive.finish(made_at=timezone.now().isoformat(), migrations=_migrations())
    return target.stat().st_size


def _add_folder(archive: Archive, name: str, root: Path) -> None:
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink() and not inside.startswith(LEFT_OUT):
            archive.add(f"{name}/{inside}", path)


def _migrations() -> list[str]:
    applied = MigrationRecorder.Migration.objects.values_list("app", "name")
    return sorted(f"{app}.{name}" for app, name in applied)
