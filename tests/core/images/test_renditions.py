"""What pages show: two formats, the widths they use, never larger than the picture, names that nobody can guess."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image

from core.images.accepting import accept
from core.images.renditions import WIDTHS, Kind, Rendition, renditions, widths
from tests.core.images import samples


def made(content: bytes) -> list[Rendition]:
    return list(renditions(accept(BytesIO(content)).content))


@pytest.mark.parametrize(
    ("own", "sizes"),
    [(2560, WIDTHS), (1440, WIDTHS), (1000, (320, 640, 960, 1000)), (320, (320,)), (7, (7,))],
)
def test_no_rendition_is_wider_than_the_picture(own: int, sizes: tuple[int, ...]) -> None:
    assert widths(own) == list(sizes)


def test_each_width_in_both_formats_opens_as_what_it_says_and_says_nothing_else() -> None:
    files = made(samples.written(samples.drawn((800, 600)), "JPEG", exif=samples.telling()))
    assert [(file.kind, file.width, file.height) for file in files] == [
        (kind, width, height) for width, height in ((320, 240), (640, 480), (800, 600)) for kind in Kind
    ]
    for file in files:
        with Image.open(BytesIO(file.content)) as opened:
            assert opened.format == file.kind.name
            assert opened.size == (file.width, file.height)
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened.info)
            assert samples.corners(opened)[0][0] > 150 > 60 > samples.corners(opened)[0][2]
        assert samples.CANARY.encode() not in file.content


def test_names_are_new_each_time_and_have_128_bits() -> None:
    names = [file.name for _ in range(2) for file in made(samples.JPEG)]
    assert len(set(names)) == len(names) == 4
    assert all(re.fullmatch(r"[0-9a-f]{32}\.(avif|jpg)", name) for name in names)
