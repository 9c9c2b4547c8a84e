"""Pictures of a question, from the form to the thread: sent with it, published with it, gone when somebody takes them away."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from core.audit import trail
from core.enums import State
from core.images import photos as pictures
from core.images.forms import Item
from core.images.models import Photo
from core.moderation import NotPermitted, NotPossible, ReasonMissing, transition
from questions.models import PHOTOS_AT_MOST, Question, QuestionPhoto
from questions.photos import take_away
from questions.services import ask_question
from tests.config.views.test_photos import let_go
from tests.core.images import samples
from tests.factories import QuestionFactory, TreatmentFactory, UserFactory, moderator
from tests.questions.views.test_ask import GOOD
from tests.working import do_tasks

pytestmark = pytest.mark.django_db
JPEG = samples.written(samples.drawn((90, 70)), "JPEG")
ASK = "/questions/ask/?treatment=botox&write="


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {"BACKEND": "core.images.store.Folder", "OPTIONS": {"location": tmp_path}},
    }
    cache.clear()


@pytest.fixture
def asker():
    TreatmentFactory(name="Botox", slug="botox")
    return UserFactory()


@pytest.fixture
def client(asker) -> Client:
    client = Client()
    client.force_login(asker)
    return client


def file(name: str = "a.jpg", content: bytes = JPEG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def with_pictures(question: Question, many: int = 1, **more: object) -> list[QuestionPhoto]:
    held = []
    for position in range(many):
        photo = pictures.keep(BytesIO(JPEG), by=question.author)
        pictures.take([photo.name], by=question.author, kind=QuestionPhoto)
        held.append(QuestionPhoto.objects.create(question=question, photo=photo, position=position, **more))
    return held


def page(response) -> str:
    return response.content.decode()


def test_adding_pictures_by_the_plain_form_checks_nothing_else_and_loses_nothing(
    client: Client, asker
) -> None:
    typed = {"title": "Too short", "body": "x", "photos-add": "1"}
    sent = [file("one.jpg"), file("notes.pdf", b"%PDF-1.7"), file("two.jpg")]
    response = client.post(ASK, {**typed, "photos-files": sent})
    assert "“notes.pdf”: The file is no JPEG" in page(response)
    assert 'value="Too short"' in page(response)
    assert "at least 10 characters" not in page(response)
    assert page(response).count('class="tray__item"') == 2
    one, two = Photo.objects.filter(owner=asker).order_by("pk")
    moved = {**typed, "photos": [one.pk, two.pk], "photos-later": str(one.pk)}
    moved.pop("photos-add")
    text = page(client.post(ASK, moved))
    assert text.index(f'name="photos" value="{two.pk}"') < text.index(f'name="photos" value="{one.pk}"')


def test_pictures_go_along_through_preview_and_back_and_are_sent_once(client: Client, asker) -> None:
    one, two = (pictures.keep(BytesIO(JPEG), by=asker) for _ in range(2))
    carried = {**GOOD, "photos": [two.pk, one.pk], f"photos-caption-{two.pk}": "From above"}
    carried[f"photos-covered-{one.pk}"] = "on"
    text = page(client.post(ASK, {**carried, "preview": ""}))
    assert f"/photos/{two.name}" in text
    assert "From above" in text
    assert f'name="photos-covered-{one.pk}" value="on"' in text
    assert page(client.post(ASK, {**carried, "back": ""})).count('class="tray__item"') == 2
    for _ in range(2):
        response = client.post(ASK, {**carried, "send": ""}, follow=True)
        assert "Only you see it" in page(response)
    rows = list(QuestionPhoto.objects.values_list("photo", "caption", "is_sensitive"))
    assert rows == [(two.pk, "From above", False), (one.pk, "", True)]
    assert not Photo.objects.exclude(taken_on=None).exists()


def test_files_chosen_but_not_added_are_taken_with_the_preview(client: Client, asker) -> None:
    response = client.post(ASK, {**GOOD, "photos-files": [file()], "preview": ""})
    assert f"/photos/{Photo.objects.get(owner=asker).name}" in page(response)


def test_a_question_has_so_many_pictures_at_most(client: Client, asker) -> None:
    several = [file(f"{number}.jpg") for number in range(PHOTOS_AT_MOST + 1)]
    text = page(client.post(ASK, {**GOOD, "photos-files": several, "preview": ""}))
    assert f"“{PHOTOS_AT_MOST}.jpg”: There is no room" in text
    assert Photo.objects.filter(owner=asker).count() == PHOTOS_AT_MOST
    with pytest.raises(IntegrityError, match="questions_questionphoto_few"):
        QuestionPhoto.objects.create(
            question=QuestionFactory(), photo=Photo.objects.latest("pk"), position=PHOTOS_AT_MOST
        )


def test_a_picture_that_is_held_already_is_not_sent_again(asker) -> None:
    held = with_pictures(QuestionFactory(author=asker))[0]
    with pytest.raises(ValidationError, match="not there any more"):
        ask_question(
            by=asker,
            submission_key=GOOD["submission_key"],
            treatment=TreatmentFactory(),
            pictures=[Item(held.photo)],
            title="Another one entirely",
            body="Words enough for a question.",
        )
    assert Question.objects.filter(title="Another one entirely").count() == 0


def test_nothing_is_published_before_all_of_it_can_be_shown() -> None:
    question = QuestionFactory(pending=True)
    with_pictures(question)
    with pytest.raises(NotPossible, match="still being prepared"):
        transition(question, to=State.PUBLISHED, by=moderator())
    question.refresh_from_db()
    assert question.state == State.PENDING
    do_tasks()
    transition(question, to=State.PUBLISHED, by=moderator())
    assert question.is_public


def test_the_thread_shows_them_in_order_and_covers_what_is_sensitive(django_assert_max_num_queries) -> None:
    question = QuestionFactory(published=True)
    with_pictures(question, 2, caption="After two weeks", is_sensitive=True)
    do_tasks()
    with django_assert_max_num_queries(6):
        text = page(Client().get(question.get_absolute_url()))
    assert "Picture 1 of 2 by the asker is covered. Show it" in text
    assert text.index("Picture 1 of 2") < text.index("Picture 2 of 2")
    assert "After two weeks" in text
    assert "Remove" not in text.split('class="shown"')[1].split("</ul>")[0]
    assert not any(photo.name in text for photo in Photo.objects.all()), "the picture itself is nobody’s"
    for elsewhere in (
        "/questions/feed/",
        f"/questions/{question.pk}/feed/",
        "/sitemap-threads.xml",
        "/questions/",
    ):
        assert "/photos/" not in page(Client().get(elsewhere))
    assert "/photos/" not in text.split("application/ld+json")[1].split("</script>")[0]


def test_an_asker_takes_a_picture_back_at_any_time_and_it_is_gone(client: Client, asker) -> None:
    question = QuestionFactory(published=True, author=asker)
    held = with_pictures(question)[0]
    do_tasks()
    shown = f"/photos/{held.photo.renditions.first().name}"
    assert let_go(Client().get(shown)).status_code == 200
    address = f"/questions/{question.pk}/photos/{held.pk}/remove/"
    assert "cannot be brought back" in page(client.get(address))
    assert "deleted" in page(client.post(address, follow=True))
    assert Client().get(shown).status_code == 404
    assert "gone" in page(client.post(address, follow=True))
    assert next(iter(trail(question))).action == "take a picture back"


def test_a_moderator_removes_a_picture_with_a_reason_and_nobody_else_does() -> None:
    question = QuestionFactory(published=True)
    held = with_pictures(question)[0]
    with pytest.raises(NotPermitted):
        take_away(held, by=UserFactory(), reason="x")
    with pytest.raises(ReasonMissing):
        take_away(held, by=moderator())
    take_away(held, by=moderator(), reason="A name can be read on it.")
    assert not Photo.objects.exists()
    entry = next(iter(trail(question)))
    assert (entry.action, entry.reason) == ("remove a picture", "A name can be read on it.")
    author = Client()
    author.force_login(question.author)
    assert "A name can be read on it." in page(author.get(question.get_absolute_url()))


def test_the_desk_covers_a_picture_and_removes_it() -> None:
    question = QuestionFactory(pending=True)
    held = with_pictures(question, caption="My left hand")[0]
    desk = Client()
    desk.force_login(moderator())
    screen = f"/admin/moderation/question/{question.pk}/"
    assert "My left hand" in page(desk.get(screen))
    assert "not to be published yet" in page(desk.get(screen))
    address = f"{screen}pictures/{held.pk}/"
    desk.post(address, {"do": "cover"})
    assert QuestionPhoto.objects.get().is_sensitive
    assert "give the author a reason" in page(desk.post(address, {"do": "remove"}, follow=True))
    assert "reads why" in page(desk.post(address, {"do": "remove", "reason": "A face."}, follow=True))
    assert "gone already" in page(desk.post(address, {"do": "remove", "reason": "A face."}, follow=True))


def test_what_was_sent_back_can_be_covered_before_it_is_sent_again(client: Client, asker) -> None:
    question = QuestionFactory(pending=True, author=asker)
    held = with_pictures(question)[0]
    edit, change = f"/questions/{question.pk}/edit/", f"/me/photos/{held.photo_id}/"
    assert change not in page(client.get(edit))
    assert client.get(change).status_code == 404
    transition(question, to=State.DRAFT, by=moderator(), reason="Cover the face.")
    assert change in page(client.get(edit))
    client.post(change, {"do": "cover", "name": held.photo.name, "field": "0-0"})
    assert Photo.objects.get().name != held.photo.name
