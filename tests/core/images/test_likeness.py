"""An altered picture looks like what it was made from; another one does not."""

from __future__ import annotations

from io import BytesIO
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from core.images.alike import forget, look_alikes, remember
from core.images.likeness import ALIKE, BITS, Views, distance, views
from core.images.models import Likeness
from tests.core.images.samples import written
from tests.factories import UserFactory


def scene(seed: int) -> Image.Image:
    """Large shapes at random, as light and shade lie in a photo."""
    chance = Random(seed)
    picture = Image.new("RGB", (480, 360), (chance.randrange(256),) * 3)
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, size = chance.randrange(480), chance.randrange(360), chance.randrange(40, 160)
        pen.ellipse((x - size, y - size, x + size, y + size), (chance.randrange(256),) * 3)
    return picture


def seen(picture: Image.Image, quality: int = 92) -> Views:
    found = views(written(picture, "JPEG", quality=quality))
    assert found
    return found


def cut(picture: Image.Image, share: float) -> Image.Image:
    x, y = round(picture.width * share), round(picture.height * share)
    return picture.crop((x, y, picture.width - x, picture.height - y))


ALTERED = {
    "saved badly": lambda picture: Image.open(BytesIO(written(picture, "JPEG", quality=30))),
    "a third of the size": lambda picture: picture.resize((160, 120)),
    "stretched": lambda picture: picture.resize((480, 300)),
    "mirrored": ImageOps.mirror,
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.15),
    "without colours": lambda picture: picture.convert("L").convert("RGB"),
    "cut by a tenth": lambda picture: cut(picture, 0.05),
    "cut by a tenth and mirrored": lambda picture: ImageOps.mirror(cut(picture, 0.07)),
}


def apart(asked: Views, kept: Views) -> int:
    return min(distance(one, other) for one in asked for other in (kept.upright, kept.centre))


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
def test_an_altered_picture_looks_like_the_one_it_was(alter) -> None:
    pictures = [scene(seed) for seed in range(6)]
    assert sum(apart(seen(alter(picture)), seen(picture)) <= ALIKE for picture in pictures) >= 5


def test_the_whole_is_found_by_a_part_of_it_that_was_there_before() -> None:
    assert apart(seen(scene(1)), seen(cut(scene(1), 0.075))) <= ALIKE


def test_different_pictures_do_not_look_alike() -> None:
    kept = [seen(scene(seed)) for seed in range(12)]
    assert all(apart(one, other) > ALIKE for one in kept for other in kept if one is not other)


def test_a_picture_of_one_colour_looks_like_none() -> None:
    assert views(written(Image.new("RGB", (300, 200), "beige"), "JPEG")) is None
    assert look_alikes(None) == []


hashes = st.integers(0, (1 << BITS) - 1)


@pytest.mark.django_db
class TestLookAlikes:
    @settings(max_examples=30)
    @given(hashes, st.lists(st.integers(0, BITS - 1), unique=True, max_size=ALIKE + 1))
    def test_all_that_differs_in_few_bits_is_found_and_no_more(self, kept: int, bits: list[int]) -> None:
        Likeness.objects.all().delete()
        person = UserFactory.build(pk=7)
        remember(person, Views(kept, 0, kept))
        asked = kept ^ sum(1 << bit for bit in bits)
        found = look_alikes(Views(asked, asked, asked))
        assert [row.distance for row in found] == ([len(bits)] if len(bits) <= ALIKE else [])
        assert all((row.object_type, row.object_id) == ("accounts.user", 7) for row in found)

    def test_the_nearest_comes_first_and_a_picture_does_not_look_like_itself(self) -> None:
        itself, near, far, other = (UserFactory.build(pk=number) for number in range(1, 5))
        remember(itself, Views(0, 0, 0))
        remember(far, Views(0b111_1111, 0, 1 << 63 | (1 << 20) - 1))
        remember(near, Views(0b11, 0, 0b1111))
        remember(other, seen(scene(3)))
        asked = Views(0, 0, 0)
        assert [(row.object_id, row.distance) for row in look_alikes(asked, but=itself)] == [(2, 2), (3, 7)]
        assert look_alikes(asked)[0] == ("accounts.user", 1, 0)

    def test_what_is_forgotten_or_replaced_is_found_no_more(self) -> None:
        person = UserFactory.build(pk=1)
        first, second = seen(scene(1)), seen(scene(2))
        remember(person, first)
        remember(person, second)
        assert look_alikes(first) == []
        assert [row.distance for row in look_alikes(second)] == [0]
        forget(person)
        assert look_alikes(second) == []
        remember(person, None)
        assert not Likeness.objects.exists()
