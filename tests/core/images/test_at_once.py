"""Two people, or two windows, at one picture: the database settles it, and no file is left over."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from core.images import files, photos, rendering
from core.images.models import Loose, Photo
from questions.models import QuestionPhoto
from tests.core.images import samples
from tests.factories import UserFactory
from tests.racing import at_once
from tests.stores import Kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(in_a_store: Kept) -> Photo:
    return photos.keep(BytesIO(samples.written(samples.drawn((200, 150)), "JPEG")), by=UserFactory())


def left(in_a_store: Kept) -> set[str]:
    files.sweep()
    assert not Loose.objects.exists()
    return in_a_store.lying()


def named() -> set[str]:
    return {
        name
        for row in Photo.objects.all()
        for name in (row.name, *row.renditions.values_list("name", flat=True))
    }


def test_two_changes_at_once_are_one(photo: Photo, in_a_store: Kept) -> None:
    done = at_once(lambda: photos.redraw(photo, turn=90), lambda: photos.redraw(photo, turn=180))
    assert sorted(type(each).__name__ for each in done) == ["Changed", "Photo"]
    assert left(in_a_store) == named()


def test_rendered_and_purged_at_once_leaves_nothing(photo: Photo, in_a_store: Kept) -> None:
    at_once(lambda: rendering.render_by_key(photo.pk), lambda: photos.purge([photo]))
    assert not Photo.objects.exists()
    assert left(in_a_store) == set()


def test_rendered_twice_at_once_has_one_set(photo: Photo, in_a_store: Kept) -> None:
    at_once(*[lambda: rendering.render_by_key(photo.pk)] * 3)
    assert photo.renditions.count() == 2
    assert left(in_a_store) == named()


def test_one_picture_is_taken_by_one_of_two_forms(photo: Photo) -> None:
    def send() -> Iterator[Photo]:
        with transaction.atomic():
            return photos.take([photo.name], by=photo.owner, kind=QuestionPhoto)

    done = at_once(send, send)
    assert sorted(type(each) for each in done if isinstance(each, ValidationError)) == [ValidationError]
    assert [photo] in done


def test_changed_while_its_files_are_swept_keeps_what_it_has(photo: Photo, in_a_store: Kept) -> None:
    at_once(lambda: photos.redraw(photo, turn=90), files.sweep, files.sweep)
    assert left(in_a_store) == named()
