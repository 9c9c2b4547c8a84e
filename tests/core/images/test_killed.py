"""A process killed with -9 at any point of taking a picture in or rendering it leaves it whole or not at all.

Nothing lies in the store afterwards that no row names, once the night has gone over it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.images import alike, chores, files, photos, rendering, store
from core.images.models import Loose, Photo
from tests.core.images import samples
from tests.factories import UserFactory
from tests.stores import Kept
from tests.working import do_tasks

pytestmark = pytest.mark.django_db(transaction=True)
SENT = samples.written(samples.drawn((400, 300)), "JPEG")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_while(deed: Callable[[], object], ready: Callable[[], None]) -> None:
    """``deed`` in a process of its own, which ``ready`` has made die somewhere in it."""
    pid = os.fork()
    if pid:
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        return
    try:
        parents = connection.connection  # held: letting go of it would end it for the test too
        connection.connection = None
        ready()
        deed()
        del parents
    finally:
        os._exit(1)


def before_writing() -> None:
    store.write = die


def half_written() -> None:
    save = FileSystemStorage._save

    def half(self: Any, name: str, content: Any) -> str:
        path = save(self, name, content)
        os.truncate(self.path(path), 100)
        die()
        return path

    FileSystemStorage._save = half


def written() -> None:
    write = store.write
    store.write = lambda name, content: (write(name, content), die())


def before_commit() -> None:
    alike.remember = die


def at_the_third_size() -> None:
    write, done = files.write, []

    def some(name: str, content: bytes) -> None:
        done.append(name)
        die() if len(done) == 3 else write(name, content)

    rendering.files.write = some


def before_they_are_recorded() -> None:
    rendering._record = die


def tomorrow() -> None:
    """The night comes, and whoever has died is taken for dead."""
    Loose.objects.update(since=timezone.now() - timedelta(hours=2))
    DBTaskResult.objects.running().update(status="READY")
    chores.tidy()
    do_tasks()


def is_whole(kept: Kept) -> bool:
    named = {row.name for row in Photo.objects.all()}
    for row in Photo.objects.all():
        named |= set(row.renditions.values_list("name", flat=True))
        assert store.read(row.name)
    assert not Loose.objects.exists()
    return kept.lying() == named


@pytest.mark.parametrize("point", [before_writing, half_written, written, before_commit])
def test_while_a_picture_is_taken_in(in_a_store: Kept, point: Callable[[], None]) -> None:
    """T-FT-03"""
    owner = UserFactory()
    killed_while(lambda: photos.keep(BytesIO(SENT), by=owner), point)
    assert not Photo.objects.exists()
    tomorrow()
    assert is_whole(in_a_store)
    assert in_a_store.lying() == set()


@pytest.mark.parametrize("point", [at_the_third_size, half_written, before_they_are_recorded])
def test_while_it_is_rendered(in_a_store: Kept, point: Callable[[], None]) -> None:
    """T-FT-07"""
    photo = photos.keep(BytesIO(SENT), by=UserFactory())
    killed_while(lambda: rendering.render_by_key(photo.pk), point)
    photo.refresh_from_db()
    assert (photo.rendered_at, photo.renditions.count()) == (None, 0)
    tomorrow()
    photo.refresh_from_db()
    assert photo.rendered_at
    assert photo.renditions.count() == 4
    assert is_whole(in_a_store)


def test_while_its_files_are_deleted(in_a_store: Kept) -> None:
    photo = photos.keep(BytesIO(SENT), by=UserFactory())
    do_tasks()
    photos.purge([photo])

    def dies_at_the_second() -> None:
        erase, done = store.erase, []
        store.erase = lambda name: (done.append(name), die() if len(done) == 2 else erase(name))

    killed_while(files.sweep, dies_at_the_second)
    assert in_a_store.lying()
    tomorrow()
    assert in_a_store.lying() == set()


def test_a_disk_that_fills_up_in_the_middle_is_said_and_nothing_is_left(
    in_a_store: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-FT-05"""
    save = FileSystemStorage._save

    def full(self: Any, name: str, content: Any) -> str:
        save(self, name, content)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(photos.Refused, match="no room"):
        photos.keep(BytesIO(SENT), by=UserFactory())
    assert in_a_store.lying() == set()
    assert not Photo.objects.exists()
    files.sweep()
    assert is_whole(in_a_store)


def test_a_store_that_fails_while_rendering_is_tried_again(
    in_a_store: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = photos.keep(BytesIO(SENT), by=UserFactory())

    def away(name: str, content: bytes) -> None:
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", away)
        do_tasks()
    photo.refresh_from_db()
    assert photo.rendered_at is None
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    do_tasks()
    photo.refresh_from_db()
    assert photo.rendered_at
    files.sweep()
    assert is_whole(in_a_store)
