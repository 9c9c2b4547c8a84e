"""Pictures by their address: who is handed what, and what is left of an address that may not be seen any more."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client

from core.enums import Private, State
from core.images import photos, store
from core.images.models import Photo
from core.models import AccessEntry
from questions.models import Question, QuestionPhoto
from tests.core.images import samples
from tests.factories import QuestionFactory, UserFactory, moderator
from tests.working import do_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_store")]
in_both_stores = pytest.mark.parametrize("in_a_store", ["folder", "bucket"], indirect=True)
ASKINGS = (
    {},
    {"HTTP_RANGE": "bytes=0-99"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_MODIFIED_SINCE": "Fri, 27 Nov 2099 10:00:00 GMT"},
)


def question_with_photo(state: State) -> tuple[Question, Photo]:
    question = QuestionFactory(**{state.lower(): True} if state != State.DRAFT else {})
    photo = photos.keep(BytesIO(samples.written(samples.drawn((90, 70)), "JPEG")), by=question.author)
    photos.take([photo.name], by=question.author, kind=QuestionPhoto)
    QuestionPhoto.objects.create(question=question, photo=photo, position=0)
    do_tasks()
    return question, photo


def renditions(photo: Photo) -> list[str]:
    return [f"/photos/{each.name}" for each in photo.renditions.all()]


def everything(photo: Photo) -> list[str]:
    return [f"/photos/{photo.name}", *renditions(photo)]


def let_go(response):
    """Its file is closed, as a server does when the answer is sent; the test’s connection stays."""
    for close in response._resource_closers:
        close()
    return response


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("state", State)
def test_in_every_state_each_is_handed_what_they_may_see_and_nothing_else(state: State) -> None:
    """T-MD-01, T-AD-05"""
    question, photo = question_with_photo(state)
    moderates = moderator()
    who = {
        "nobody": (Client(), set(renditions(photo)) if state == State.PUBLISHED else set()),
        "somebody": (signed_in(UserFactory()), set(renditions(photo)) if state == State.PUBLISHED else set()),
        "author": (signed_in(question.author), set(everything(photo))),
        "moderator": (signed_in(moderates), set(everything(photo))),
    }
    for name, (client, seen) in who.items():
        for address in everything(photo):
            other = (
                address.replace(".jpg", ".avif")
                if address.endswith(".jpg")
                else address.replace(".avif", ".jpg")
            )
            assert client.get(other).status_code == 404
            assert client.get(address.rsplit(".", 1)[0] + ".png").status_code == 404
            for headers in ASKINGS:
                for method in (client.get, client.head):
                    response = let_go(method(address, **headers))
                    expected = {200, 304} if address in seen else {404}
                    assert response.status_code in expected, (name, address, headers)
                    if response.status_code == 200:
                        assert response["Content-Type"] in {"image/jpeg", "image/avif"}
                    public = state == State.PUBLISHED and address in renditions(photo)
                    assert ("public" in response["Cache-Control"]) is (public and address in seen)
    assert AccessEntry.objects.filter(kind=Private.PHOTO, actor=moderates).exists()
    assert not AccessEntry.objects.exclude(actor=moderates).exists()


@in_both_stores
def test_a_picture_is_the_bytes_that_are_stored_and_a_copy_lives_for_a_minute() -> None:
    _, photo = question_with_photo(State.PUBLISHED)
    address = renditions(photo)[0]
    response = Client().get(address)
    assert response.getvalue() == store.read(address.rsplit("/", 1)[-1])
    assert response["Cache-Control"] == "public, max-age=60, s-maxage=60, must-revalidate"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, noimageindex"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    again = let_go(Client().get(address, HTTP_IF_NONE_MATCH=response["ETag"]))
    assert again.status_code == 304


@in_both_stores
def test_what_was_purged_is_gone_at_the_next_request_for_everybody() -> None:
    """T-MD-04"""
    question, photo = question_with_photo(State.PUBLISHED)
    addresses = everything(photo)
    etag = f'"{addresses[1].rsplit("/", 1)[-1]}"'
    photos.purge([photo])
    for client in (Client(), signed_in(question.author), signed_in(moderator())):
        for address in addresses:
            assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 404
    do_tasks()
    assert not any(store.exists(address.rsplit("/", 1)[-1]) for address in addresses)


def test_a_picture_put_nowhere_is_its_owners_alone() -> None:
    """T-MD-02"""
    owner = UserFactory()
    photo = photos.keep(BytesIO(samples.written(samples.drawn((100, 100)), "JPEG")), by=owner)
    do_tasks()
    for address in everything(photo):
        response = signed_in(owner).get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert response.getvalue()
        for client in (Client(), signed_in(UserFactory()), signed_in(moderator())):
            assert client.get(address).status_code == 404


def test_behind_a_front_server_the_file_is_named_to_it_and_the_rules_stay(settings) -> None:
    settings.PICTURES_ACCEL = "/inside/"
    question, photo = question_with_photo(State.PENDING)
    address = renditions(photo)[0]
    name = address.rsplit("/", 1)[-1]
    assert "X-Accel-Redirect" not in Client().get(address)
    response = signed_in(question.author).get(address)
    assert response["X-Accel-Redirect"] == f"/inside/{name[:2]}/{name}"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content == b""


def test_a_store_that_is_away_is_said_and_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _, photo = question_with_photo(State.PUBLISHED)

    def away(name: str) -> None:
        raise OSError("away")

    monkeypatch.setattr(store, "opened", away)
    response = Client().get(renditions(photo)[0])
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "public" not in response["Cache-Control"]
