"""Pictures from the moment they are sent until nothing is left of them: rows and files never without each other."""

from __future__ import annotations

import errno
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from PIL import Image

from core.images import alike, chores, files, photos, rendering, store
from core.images.models import Loose, Photo
from core.images.redrawing import Area
from core.images.refusals import Refusal, Refused
from questions.models import QuestionPhoto
from tests.core.images import samples
from tests.factories import QuestionFactory, UserFactory
from tests.stores import KEYS, Kept
from tests.working import do_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_store")]


in_both_stores = pytest.mark.parametrize("in_a_store", ["folder", "bucket"], indirect=True)


def sent(size: tuple[int, int] = (400, 300), **options: object) -> BytesIO:
    return BytesIO(samples.written(samples.drawn(size), "JPEG", **options))


def named(photo: Photo) -> set[str]:
    return {photo.name, *photo.renditions.values_list("name", flat=True)}


def look(photo: Photo) -> Image.Image:
    return Image.open(BytesIO(store.read(photo.name)))


@in_both_stores
def test_a_picture_is_kept_for_its_owner_and_rendered_by_a_task(in_a_store: Kept) -> None:
    photo = photos.keep(sent(), by=UserFactory())
    assert in_a_store.lying() == {photo.name}
    assert photo.rendered_at is None
    do_tasks()
    photo.refresh_from_db()
    assert photo.rendered_at
    assert {(each.kind, each.width) for each in photo.renditions.all()} == {
        (kind, width) for kind in ("avif", "jpg") for width in (320, 400)
    }
    assert in_a_store.lying() == named(photo)
    assert not Loose.objects.exists()


@in_both_stores
def test_rendering_twice_leaves_one_set(in_a_store: Kept) -> None:
    photo = photos.keep(sent(), by=UserFactory())
    rendering.render_by_key(photo.pk)
    with pytest.raises(files.Changed):
        rendering.render(photo)
    rendering.render_by_key(photo.pk)
    files.sweep()
    assert in_a_store.lying() == named(photo)


@in_both_stores
def test_a_purged_picture_leaves_no_row_no_file_and_no_likeness(in_a_store: Kept) -> None:
    photos.keep(sent(), by=UserFactory())
    do_tasks()
    assert alike.look_alikes_of(photos.keep(sent(), by=UserFactory()))
    photos.purge(Photo.objects.all())
    do_tasks()
    assert in_a_store.lying() == set()
    assert not alike.Likeness.objects.exists()


@in_both_stores
def test_what_is_covered_cannot_be_told_and_everything_has_a_new_name(in_a_store: Kept) -> None:
    stripes = Image.new("L", (400, 300), 255)
    for x in range(0, 400, 8):
        stripes.paste(0, (x, 0, x + 4, 300))
    photo = photos.keep(BytesIO(samples.written(stripes, "JPEG")), by=UserFactory())
    do_tasks()
    before = named(photo)
    changed = photos.redraw(photo, cover=[Area.of(0, 0, 0.5, 0.5)])
    do_tasks()
    assert not named(changed) & before
    assert in_a_store.lying() == named(changed)
    darkest, brightest = look(changed).crop((8, 8, 192, 142)).convert("L").getextrema()
    assert brightest - darkest < 16
    assert look(changed).crop((208, 158, 392, 292)).convert("L").getextrema() == (0, 255)


@in_both_stores
def test_turning_and_cutting_change_the_size(in_a_store: Kept) -> None:
    photo = photos.keep(sent((400, 300)), by=UserFactory())
    photo = photos.redraw(photo, turn=90)
    assert (photo.width, photo.height) == look(photo).size == (300, 400)
    photo = photos.redraw(photo, crop=Area.of(0, 0.5, 1, 1))
    assert (photo.width, photo.height) == look(photo).size == (300, 200)
    with pytest.raises(ValueError, match="64 pixels"):
        photos.redraw(photo, crop=Area.of(0, 0, 0.1, 1))


@in_both_stores
def test_a_picture_that_changed_meanwhile_is_not_changed_again(in_a_store: Kept) -> None:
    photo = photos.keep(sent(), by=UserFactory())
    stale = Photo.objects.get(pk=photo.pk)
    photo = photos.redraw(photo, turn=180)
    with pytest.raises(files.Changed):
        photos.redraw(stale, turn=90)
    do_tasks()
    assert in_a_store.lying() == named(photo)


def test_only_ones_own_free_pictures_are_taken_in_the_order_given() -> None:
    owner = UserFactory()
    one, two, three = (photos.keep(sent((100 + n, 100)), by=owner) for n in range(3))
    assert photos.take([two.name, one.name], by=owner, kind=QuestionPhoto) == [two, one]
    for names, by in (([one.name], owner), ([three.name], UserFactory()), (["0" * 32 + ".jpg"], owner)):
        with pytest.raises(ValidationError, match="Choose it again"):
            photos.take(names, by=by, kind=QuestionPhoto)


@pytest.mark.parametrize(
    ("error", "why"),
    [(OSError(errno.ENOSPC, "full"), Refusal.NO_ROOM), (OSError("away"), Refusal.NOT_KEPT)],
)
def test_a_store_that_is_full_or_away_is_said_and_leaves_nothing(in_a_store, monkeypatch, error, why) -> None:
    def refuse(name: str, content: bytes) -> None:
        raise error

    monkeypatch.setattr(store, "write", refuse)
    with pytest.raises(Refused) as refused:
        photos.keep(sent(), by=UserFactory())
    assert refused.value.code == why
    assert not Photo.objects.exists()
    files.sweep()
    assert in_a_store.lying() == set()
    assert not Loose.objects.exists()


@in_both_stores
def test_the_night_takes_what_was_put_nowhere_and_what_a_dead_process_left(in_a_store: Kept) -> None:
    owner, long_ago = UserFactory(), timezone.now() - timedelta(days=2)
    left = photos.keep(sent(), by=owner)
    held = photos.keep(sent(), by=owner)
    gone = photos.keep(sent(), by=owner)
    for photo in (held, gone):
        photos.take([photo.name], by=owner, kind=QuestionPhoto)
    QuestionPhoto.objects.create(photo=held, question=QuestionFactory(), position=0)
    Photo.objects.update(added_at=long_ago)
    files.write("ab" * 16 + ".jpg", b"half a picture")
    Loose.objects.update(since=long_ago)
    fresh = photos.keep(sent(), by=owner)
    chores.tidy()
    assert set(Photo.objects.values_list("pk", flat=True)) == {held.pk, fresh.pk}
    assert in_a_store.lying() == {held.name, fresh.name}
    do_tasks()
    assert {left.pk, gone.pk}.isdisjoint(Photo.objects.values_list("pk", flat=True))
    chores.tidy()
    assert in_a_store.lying() == named(held) | named(fresh)


def test_a_store_far_away_that_does_not_answer_is_said_in_words(settings, monkeypatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    options = {"bucket_name": "b", "endpoint_url": "http://127.0.0.1:9", "region_name": "r"}
    bucket = {"BACKEND": "core.images.s3.Bucket", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "pictures": bucket}
    with pytest.raises(Refused, match="cannot be stored just now"):
        photos.keep(sent(), by=UserFactory())
    assert not Photo.objects.exists()
    assert Client().get("/readyz").status_code == 503
    with pytest.raises(OSError, match="store of pictures"):
        files.sweep()
