"""Names of what was taken away, beside the database: none is lost, none stays longer than backups do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from core.images import files, journal, store
from core.images.models import Loose
from tests.racing import at_once
from tests.stores import Kept


@pytest.fixture(autouse=True)
def file(settings, tmp_path: Path) -> Path:
    settings.PICTURES_JOURNAL = tmp_path / "taken-away.txt"
    return settings.PICTURES_JOURNAL


def test_a_line_that_a_crash_cut_off_is_written_over(file: Path) -> None:
    journal.note(["a.jpg"])
    with file.open("a") as opened:
        opened.write("2026-11-2")
    assert journal.names() == {"a.jpg"}
    journal.note(["b.jpg"])
    assert journal.names() == {"a.jpg", "b.jpg"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_older_than_any_backup_is_forgotten(file: Path) -> None:
    with time_machine.travel(timezone.now() - journal.KEPT - timedelta(days=1)):
        journal.note(["old.jpg"])
    journal.note(["new.jpg"])
    journal.forget_old()
    assert journal.names() == {"new.jpg"}


@pytest.mark.django_db(transaction=True)
def test_lines_written_at_once_and_while_old_ones_go_are_all_there() -> None:
    at_once(
        *[lambda n=n: journal.note([f"{n}.jpg"]) for n in range(8)], journal.forget_old, journal.forget_old
    )
    assert journal.names() == {f"{n}.jpg" for n in range(8)}


@pytest.mark.django_db
def test_no_file_is_deleted_before_its_name_is_noted(
    in_a_store: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write("ab.jpg", b"x")
    files.doom(["ab.jpg"])

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "note", full)
        with pytest.raises(OSError, match="No space"):
            files.sweep()
    assert in_a_store.lying() == {"ab.jpg"}
    assert Loose.objects.count() == 1
    files.sweep()
    assert journal.names() == {"ab.jpg"}
    assert in_a_store.lying() == set()
