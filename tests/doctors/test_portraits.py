"""Drawn portraits: the same for the same doctor, and saying nothing of them by name."""

from io import BytesIO

import pytest
from PIL import Image

import doctors.demo
from doctors.portraits import HAIR, draw, name_of


def test_the_same_key_gives_the_same_picture_and_another_key_another() -> None:
    pictures = {row["key"]: draw(row["key"], row["hair"]) for row in doctors.demo.read()}
    assert len(set(pictures.values())) == 26
    assert draw("rowe", "bob") == pictures["rowe"]


@pytest.mark.parametrize("hair", HAIR)
def test_every_hair_can_be_drawn(hair: str) -> None:
    assert Image.open(BytesIO(draw("anybody", hair))).size == (320, 320)


def test_names_say_nothing_of_the_doctor() -> None:
    assert "rowe" not in name_of("rowe")
    assert len(name_of("rowe").removeprefix("portraits/").removesuffix(".webp")) * 4 >= 128
