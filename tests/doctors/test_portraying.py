"""A doctor's portrait: theirs alone until it is sent, a reader's once it is approved, gone when it is taken down."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Notification
from core.enums import State
from core.images import photos
from core.images.files import Changed
from core.images.models import Photo
from core.moderation import NotPossible, transition
from doctors import portraying
from doctors.models import Doctor, Portrait
from tests.core.images import samples
from tests.factories import DoctorFactory, PortraitFactory, moderator
from tests.racing import at_once
from tests.stores import Kept
from tests.working import do_tasks

OWN = "/desk/profile/portrait/"
real = pytest.mark.django_db(transaction=True)


def file(size: tuple[int, int] = (400, 300), name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.written(samples.drawn(size), "JPEG"), "image/jpeg")


def kept(doctor: Doctor, size: tuple[int, int] = (400, 300)) -> Photo:
    return photos.keep(BytesIO(file(size).read()), by=doctor.user)


def sent(doctor: Doctor) -> Portrait:
    portrait = portraying.send(doctor=doctor, by=doctor.user, photo=kept(doctor))
    do_tasks()
    return portrait


def published(doctor: Doctor) -> Portrait:
    portrait = sent(doctor)
    transition(portrait, to=State.PUBLISHED, by=moderator())
    return portrait


def shown_of(doctor: Doctor) -> str:
    return Doctor.objects.get(pk=doctor.pk).portrait_url


def status(client: Client, address: str) -> int:
    """The file is closed, as a server does when the answer is sent; the test’s connection stays."""
    response: Any = client.get(address)
    for close in response._resource_closers:
        close()
    return int(response.status_code)


@pytest.fixture
def doctor(db: None, in_a_store: Kept) -> Doctor:
    return DoctorFactory(verified=True, name="Ada Moss")


def test_chosen_cut_sent_approved_and_taken_down(doctor: Doctor, sign_in: Any, in_a_store: Kept) -> None:
    own = sign_in(doctor.user)
    assert f'href="{OWN}"' in own.get("/desk/profile/").text
    chosen = own.post(OWN, {"picture": file()}).url
    page = own.post(chosen, {"cut": "yes", "left": 20, "right": 10, "top": 0, "bottom": 0}).url
    photo = Photo.objects.get()
    assert (photo.width, photo.height) == (280, 280)
    assert own.get(page).status_code == 200
    assert own.post(page, {"send": "yes"}).status_code == 400
    assert own.post(page, {"send": "yes", "is_me": "on"}).url == OWN
    assert "Awaiting review" in own.get(OWN).text
    picture, portrait = f"/photos/{photo.name}", Portrait.objects.get()
    assert status(Client(), picture) == 404

    desk, path = sign_in(moderator()), f"/admin/moderation/portrait/{portrait.pk}/"
    decision = {"to": "published", "version": 1}
    assert "still being prepared" in desk.post(path, decision).text
    assert shown_of(doctor) == ""
    do_tasks()
    assert "Show the picture" in desk.get(path).text
    assert status(desk, picture) == 200
    assert desk.post(path, decision).status_code == 302
    assert Notification.objects.filter(to=doctor.user, kind="portrait-published").count() == 1
    address = shown_of(doctor)
    assert status(Client(), address) == 200
    for listed in (doctor.get_absolute_url(), "/doctors/"):
        assert f'src="{address}"' in Client().get(listed).text

    assert "Take down your portrait?" in own.get(f"{OWN}{portrait.pk}/withdraw/").text
    own.post(f"{OWN}{portrait.pk}/withdraw/")
    assert own.post(f"{OWN}{portrait.pk}/withdraw/").url == OWN
    assert shown_of(doctor) == ""
    assert status(Client(), address) == 404
    do_tasks()
    assert in_a_store.lying() == set()
    assert "is deleted" in desk.get(path).text


def test_a_new_one_replaces_the_one_before_which_is_deleted(doctor: Doctor, in_a_store: Kept) -> None:
    first = published(doctor)
    before = shown_of(doctor)
    second = sent(doctor)
    assert shown_of(doctor) == before
    transition(second, to=State.PUBLISHED, by=moderator())
    do_tasks()
    assert shown_of(doctor) not in ("", before)
    assert list(Portrait.objects.public()) == [second]
    photo = Photo.objects.get()
    assert in_a_store.lying() == {photo.name, *photo.renditions.values_list("name", flat=True)}
    with pytest.raises(NotPossible, match="deleted"):
        transition(first, to=State.REMOVED, by=moderator(), reason="x")


def test_removed_is_hidden_restored_is_shown_unless_there_is_another(doctor: Doctor) -> None:
    portrait, judge = published(doctor), moderator()
    address = shown_of(doctor)
    transition(portrait, to=State.REMOVED, by=judge, reason="Not them.")
    assert (shown_of(doctor), status(Client(), address)) == ("", 404)
    transition(portrait, to=State.PUBLISHED, by=judge, reason="A mistake.")
    assert shown_of(doctor) == address
    transition(portrait, to=State.REMOVED, by=judge, reason="Not them.")
    published(doctor)
    with pytest.raises(NotPossible, match="another portrait"):
        transition(portrait, to=State.PUBLISHED, by=judge, reason="A mistake.")


def test_a_profile_that_is_not_public_shows_none(doctor: Doctor) -> None:
    published(doctor)
    address = shown_of(doctor)
    transition(doctor, to=State.REMOVED, by=moderator(), reason="x")
    assert (shown_of(doctor), status(Client(), address)) == ("", 404)


def test_what_is_sent_back_is_replaced_by_another_picture(doctor: Doctor, sign_in: Any) -> None:
    portrait = sent(doctor)
    transition(portrait, to=State.DRAFT, by=moderator(), reason="Who is beside you?")
    old = portrait.photo
    assert "Who is beside you?" in sign_in(doctor.user).get(OWN).text
    again = sent(doctor)
    assert (again.pk, again.version) == (portrait.pk, 2)
    assert Photo.objects.get() != old
    with pytest.raises(ValidationError, match="with the moderators already"):
        sent(doctor)


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (None, "Choose a picture first."),
        (SimpleUploadedFile("notes.txt", b"words"), "“notes.txt”"),
        (file((400, 150), "narrow.jpg"), "“narrow.jpg”"),
    ],
)
def test_a_refusal_names_the_file_and_what_to_do(
    upload: Any, said: str, doctor: Doctor, sign_in: Any
) -> None:
    response = sign_in(doctor.user).post(OWN, {"picture": upload} if upload else {})
    assert (response.status_code, said in response.text) == (400, True)
    assert not Photo.objects.exists()


@pytest.mark.parametrize("edges", [(60, 60, 0, 0), (0, 0, 90, 0), ("x", 0, 0, 0), (0, 0, -1, 96)])
def test_a_cut_that_leaves_too_little_keeps_the_numbers(
    edges: tuple[Any, ...], doctor: Doctor, sign_in: Any
) -> None:
    photo = kept(doctor)
    numbers = dict(zip(("left", "right", "top", "bottom"), edges, strict=True))
    response = sign_in(doctor.user).post(f"{OWN}{photo.name}/", {"cut": "yes", **numbers})
    assert response.status_code == 400
    assert all(f'value="{number}"' in response.text for number in numbers.values())
    assert Photo.objects.get().name == photo.name


def test_nobody_sends_the_picture_of_somebody_else(doctor: Doctor, sign_in: Any) -> None:
    photo = kept(doctor)
    other = sign_in(DoctorFactory(verified=True).user)
    assert other.post(f"{OWN}{photo.name}/", {"send": "yes", "is_me": "on"}).url == OWN
    assert not Portrait.objects.exists()


@real
def test_published_and_withdrawn_at_once_is_one_of_the_two(doctor: Doctor) -> None:
    portrait, judge = sent(doctor), moderator()
    done = at_once(
        lambda: transition(portrait, to=State.PUBLISHED, by=judge),
        lambda: transition(Portrait.objects.get(), to=State.WITHDRAWN, by=doctor.user),
    )
    assert not [each for each in done if isinstance(each, Exception) and not isinstance(each, NotPossible)]
    assert Portrait.objects.get().state == State.WITHDRAWN
    assert (shown_of(doctor), Photo.objects.exists()) == ("", False)


@real
def test_two_windows_send_one_portrait_and_nothing_changes_it_afterwards(doctor: Doctor) -> None:
    one, other = kept(doctor, (300, 300)), kept(doctor, (320, 320))
    done = at_once(
        lambda: portraying.send(doctor=doctor, by=doctor.user, photo=one),
        lambda: portraying.send(doctor=doctor, by=doctor.user, photo=other),
    )
    assert sorted(type(each).__name__ for each in done) == ["Portrait", "ValidationError"]
    taken = Portrait.objects.get().photo
    with pytest.raises(Changed):
        photos.redraw(one if one == taken else other, turn=90)


def test_what_was_refused_is_deleted_when_nobody_can_appeal_any_more(doctor: Doctor) -> None:
    refused = PortraitFactory(rejected=True, doctor=doctor)
    assert portraying.let_go().startswith("0 ")
    Portrait.objects.filter(pk=refused.pk).update(moderated_at="2020-01-01T00:00Z")
    assert portraying.let_go().startswith("1 ")
    assert portraying.let_go().startswith("0 ")
    assert not Photo.objects.exists()
