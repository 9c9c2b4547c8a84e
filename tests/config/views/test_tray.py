"""Sending pictures one by one, and changing one: what comes back, in words, for everything that can go wrong."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageChops, ImageStat

from core.images import photos, store, tray
from core.images.models import Photo
from tests.core.images import samples
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
JPEG = samples.written(samples.drawn((400, 300)), "JPEG")
ADD = "/me/photos/"


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {"BACKEND": "core.images.store.Folder", "OPTIONS": {"location": tmp_path}},
    }
    cache.clear()


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def file(content: bytes = JPEG, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_one_file_comes_back_as_its_place_in_the_form(client: Client, owner) -> None:
    response = client.post(ADD, {"file": file(), "name": "photos", "words": "1"})
    photo = Photo.objects.get(owner=owner)
    assert response.status_code == 201
    page = response.content.decode()
    assert f'name="photos" value="{photo.pk}"' in page
    assert f'name="photos-caption-{photo.pk}"' in page
    assert response["Cache-Control"] == "private, no-store" or "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"file": file(b"%PDF-1.7"), "name": "photos"}, 422, "no JPEG, PNG"),
        ({"file": file(b""), "name": "photos"}, 422, "empty"),
        ({"name": "photos"}, 400, "No file has arrived"),
        ({"file": file(), "name": '"><script>'}, 400, "No file has arrived"),
    ],
)
def test_what_is_not_taken_is_said_in_plain_words(
    client: Client, sent: dict, status: int, words: str
) -> None:
    response = client.post(ADD, sent)
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/plain")
    assert words in response.content.decode()
    assert not Photo.objects.exists()


def test_a_session_that_ended_is_said_and_a_new_one_gives_a_new_token(client: Client) -> None:
    response = Client().post(ADD, {"file": file(), "name": "photos"})
    assert response.status_code == 401
    assert "nothing is lost" in response.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(ADD, {"file": file(), "name": "photos"}).status_code == 403
    token = strict.get(ADD).content.decode().strip()
    sent = {"file": file(), "name": "photos", "csrfmiddlewaretoken": token}
    assert strict.post(ADD, sent).status_code == 201


def test_a_disk_that_is_full_and_a_day_that_is_full_have_statuses_of_their_own(
    client: Client, monkeypatch
) -> None:
    monkeypatch.setattr(tray, "A_DAY", 0)
    response = client.post(ADD, {"file": file(), "name": "photos"})
    assert (response.status_code, "tomorrow" in response.content.decode()) == (429, True)
    monkeypatch.undo()
    monkeypatch.setattr(store, "write", full)
    response = client.post(ADD, {"file": file(), "name": "photos"})
    assert (response.status_code, "no room" in response.content.decode()) == (507, True)
    assert not Photo.objects.exists()


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def page_of(photo: Photo) -> str:
    return reverse("my-photo", args=[photo.pk])


def test_a_cover_is_burnt_into_the_pixels_and_the_old_address_is_gone(client: Client, owner) -> None:
    photo = photos.keep(BytesIO(JPEG), by=owner)
    old = photo.name
    before = Image.open(BytesIO(store.read(old))).convert("L")
    fields = [f"{column}-{row}" for column in range(4) for row in range(8)]
    response = client.post(page_of(photo), {"do": "cover", "name": old, "field": fields}, follow=True)
    assert "This is how others will see it" in response.content.decode()
    photo.refresh_from_db()
    assert photo.name != old
    assert client.get(f"/photos/{old}").status_code == 404
    after = Image.open(BytesIO(store.read(photo.name))).convert("L")
    left, right = (0, 0, 200, 300), (210, 0, 400, 300)
    changed = [
        ImageStat.Stat(ImageChops.difference(before.crop(b), after.crop(b))).mean[0] for b in (left, right)
    ]
    assert changed[0] > 3 * changed[1]


def test_turning_and_cutting_change_the_shape(client: Client, owner) -> None:
    photo = photos.keep(BytesIO(JPEG), by=owner)
    client.post(page_of(photo), {"do": "right", "name": photo.name})
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (300, 400)
    client.post(page_of(photo), {"do": "cut", "name": photo.name, "left": "50"})
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (150, 400)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"do": "cover"}, "Mark what is to be covered"),
        ({"do": "cover", "field": "9-9"}, "Mark what is to be covered"),
        ({"do": "cover", "area": "nan,0,1,1"}, "shares from 0 to 1"),
        ({"do": "cut"}, "Say how much"),
        ({"do": "cut", "left": "60", "right": "60"}, "Nothing would be left"),
        ({"do": "cut", "left": "90", "top": "90"}, "Leave at least"),
    ],
)
def test_a_change_that_cannot_be_done_says_why(client: Client, owner, sent: dict, words: str) -> None:
    photo = photos.keep(BytesIO(JPEG), by=owner)
    response = client.post(page_of(photo), {"name": photo.name, **sent})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Photo.objects.get(pk=photo.pk).name == photo.name


def test_what_another_window_changed_is_shown_and_not_changed_again(client: Client, owner) -> None:
    photo = photos.keep(BytesIO(JPEG), by=owner)
    shown = photo.name
    client.post(page_of(photo), {"do": "right", "name": shown})
    response = client.post(page_of(photo) + "?part", {"do": "right", "name": shown})
    assert response.status_code == 409
    assert "another window" in response.content.decode()
    photo.refresh_from_db()
    assert f'value="{photo.name}"' in response.content.decode()
    assert (photo.width, photo.height) == (300, 400)


def test_somebody_elses_picture_is_not_there(client: Client) -> None:
    photo = photos.keep(BytesIO(JPEG), by=UserFactory())
    assert client.get(page_of(photo)).status_code == 404
    assert client.post(page_of(photo), {"do": "left", "name": photo.name}).status_code == 404
