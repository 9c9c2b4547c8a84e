"""A picture that was seen before calls a moderator, who finds both beside each other."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image, ImageOps

from config.holding.loading import load
from core.images import photos
from core.moderation import transition
from core.rules.running import signals_of
from questions.models import Question, QuestionPhoto
from tests.core.images import samples
from tests.factories import QuestionFactory, moderator
from tests.working import do_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_a_store")]


def scene() -> Image.Image:
    """Something with shapes of its own, which its mirror image does not share."""
    picture = Image.radial_gradient("L").resize((400, 300)).convert("RGB")
    picture.paste("navy", (20, 30, 130, 220))
    picture.paste("white", (200, 180, 260, 290))
    return picture


def asked_with(*pictures: Image.Image, author=None) -> Question:
    question = QuestionFactory(**({"author": author} if author else {}))
    names = [
        photos.keep(BytesIO(samples.written(picture, "JPEG")), by=question.author).name
        for picture in pictures
    ]
    taken = photos.take(names, by=question.author, kind=QuestionPhoto)
    for position, photo in enumerate(taken):
        QuestionPhoto.objects.create(question=question, photo=photo, position=position)
    return transition(question, to="pending", by=question.author)


def found(question: Question) -> dict[str, list[str]]:
    return {signal.code: signal.words for signal in signals_of(question)}


@pytest.fixture(autouse=True)
def _rules() -> None:
    load()


def test_a_mirrored_copy_by_somebody_else_is_held_with_both_pictures_for_the_moderator(sign_in) -> None:
    first = asked_with(scene())
    copy = asked_with(samples.drawn((300, 300)), ImageOps.mirror(scene()))
    do_tasks()
    assert "pictures-of-others" not in found(first)
    said = found(copy)["pictures-of-others"]
    assert len(said) == 1
    assert said[0].startswith(f"picture 2 looks like one of question {first.pk}: ")
    assert copy.risk == 2
    page = sign_in(moderator()).get(reverse("admin:moderation_item", args=["question", copy.pk]))
    [pair] = page.context["look_alikes"]
    assert pair["match"].other == first.photos.get().photo
    html = page.content.decode()
    for photo in (pair["match"].photo, pair["match"].other):
        assert photo.renditions.first().name in html
    assert reverse("admin:moderation_item", args=["question", first.pk]) in html


def test_ones_own_picture_again_is_said_with_less_urgency_and_not_of_what_was_put_nowhere() -> None:
    first = asked_with(scene())
    photos.keep(BytesIO(samples.written(scene(), "JPEG")), by=first.author)
    assert "pictures-again" not in found(first)
    again = asked_with(scene().resize((200, 150)), author=first.author)
    assert found(again).keys() >= {"pictures-again"}
    assert "pictures-of-others" not in found(again)
    assert again.risk == 1


def test_two_pictures_that_are_one_are_said() -> None:
    assert "same-pictures" in found(asked_with(scene(), scene().resize((380, 280))))


def test_other_pictures_are_no_matter() -> None:
    asked_with(scene())
    assert not found(asked_with(Image.linear_gradient("L").resize((400, 300)).convert("RGB"))).keys() & {
        "pictures-of-others",
        "pictures-again",
        "same-pictures",
    }
