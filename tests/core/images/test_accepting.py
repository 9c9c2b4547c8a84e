"""Each picture comes out upright, in its colours and without a word; everything else is refused in words."""

from __future__ import annotations

import errno
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.images import accepting
from core.images.accepting import AT_MOST, Picture, accept
from core.images.opening import LONGEST
from core.images.refusals import Refusal, Refused
from core.uploads import LostFile
from tests.core.images import samples
from tests.core.images.samples import CANARY, CORNERS, JPEG, PNG


def sent(content: bytes) -> Picture:
    return accept(BytesIO(content))


def reopened(picture: Picture) -> Image.Image:
    with Image.open(BytesIO(picture.content)) as opened:
        opened.load()
        assert opened.size == (picture.width, picture.height)
        return opened


def refusal(content: bytes) -> Refusal:
    with pytest.raises(Refused) as refused:
        sent(content)
    return refused.value.code


def near(one: tuple[int, ...], other: tuple[int, ...], most: int = 24) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("content", samples.UPRIGHT.values(), ids=samples.UPRIGHT)
def test_a_picture_comes_out_upright_and_in_its_colours(content: bytes) -> None:
    """T-UP-05, T-UP-09"""
    picture = reopened(sent(content))
    assert picture.size == samples.SIZE
    assert all(map(near, samples.corners(picture), CORNERS)), samples.corners(picture)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_word_of_what_came_is_left(kind: str) -> None:
    """T-UP-03"""
    content = samples.with_words(kind)
    assert CANARY.encode() in content
    picture = sent(content)
    assert picture.taken_on == date(2024, 3, 9)
    for trace in (CANARY.encode(), b"Exif", b"adobe", b"2024"):
        assert trace not in picture.content
    opened = reopened(picture)
    assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not opened.getexif()


@pytest.mark.parametrize("name", ["a JPEG and a page", "a JPEG and an archive", "a HEIC"])
def test_what_hangs_on_a_picture_is_left_behind(name: str) -> None:
    """T-UP-04"""
    content = sent(samples.UPRIGHT[name]).content
    assert content.endswith(b"\xff\xd9")
    assert all(word not in content for word in (CANARY.encode(), b"<script", b"PK\x03\x04", b"Exif"))


def test_printing_inks_sixteen_bits_and_grey_become_what_screens_show() -> None:
    inks = reopened(sent(samples.written(samples.drawn().convert("CMYK"), "JPEG")))
    assert all(map(near, samples.corners(inks), CORNERS))
    deep = reopened(sent(samples.grey_of_sixteen_bits()))
    assert all(map(near, samples.corners(deep), [(v, v, v) for v in (0, 255, 128, 64)]))
    grey = reopened(sent(samples.written(Image.new("1", (64, 64), 1), "PNG")))
    assert grey.mode == "RGB"
    assert all(map(near, samples.corners(grey), [(255, 255, 255)] * 4))


def test_colours_are_those_of_the_profile_and_a_broken_profile_is_none() -> None:
    red, blue, green, white = CORNERS
    swapped = samples.written(samples.drawn(), "PNG", icc_profile=samples.swapped_profile())
    seen = samples.corners(reopened(sent(swapped)))
    assert seen[0][2] > 150 > 90 > seen[0][0]
    assert seen[1][0] > 150 > 90 > seen[1][2]
    broken = samples.written(samples.drawn(), "PNG", icc_profile=b"no profile at all")
    assert all(map(near, samples.corners(reopened(sent(broken))), (red, blue, green, white)))


@pytest.mark.parametrize(
    ("kind", "size", "shown"),
    [
        ("JPEG", (6000, 3000), (LONGEST, 1280)),
        ("PNG", (3001, 1999), (LONGEST, 1705)),
        ("PNG", (1, 5000), (1, LONGEST)),
        ("WEBP", (LONGEST, 20), (LONGEST, 20)),
    ],
)
def test_a_large_picture_is_made_smaller_and_keeps_its_look(kind, size, shown) -> None:
    picture = reopened(sent(samples.written(samples.drawn(size), kind)))
    assert picture.size == shown
    if min(size) > 1:
        assert all(map(near, samples.corners(picture), CORNERS))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Refusal.EMPTY),
        (b"\xff" * (AT_MOST + 1), Refusal.BYTES),
        (b"MZ a program", Refusal.KIND),
        (samples.moving("GIF"), Refusal.KIND),
        (samples.written(samples.drawn(), "TIFF"), Refusal.KIND),
        (samples.written(samples.drawn(), "BMP"), Refusal.KIND),
        (b"%PDF-1.7 %%EOF", Refusal.KIND),
        (samples.moving("PNG"), Refusal.MOVES),
        (samples.moving("WEBP"), Refusal.MOVES),
        (samples.moving("AVIF"), Refusal.MOVES),
        (JPEG[: len(JPEG) // 2], Refusal.DAMAGED),
        (PNG[: len(PNG) // 2], Refusal.DAMAGED),
        (samples.HEIC[: len(samples.HEIC) // 2], Refusal.DAMAGED),
        (b"\x89PNG\r\n\x1a\n and no more", Refusal.DAMAGED),
        (samples.text_bomb(), Refusal.DAMAGED),
        (samples.broken_png(), Refusal.DAMAGED),
        (samples.png_bomb(), Refusal.PIXELS),
        (samples.jpeg_bomb(), Refusal.PIXELS),
    ],
)
def test_what_is_no_picture_for_a_page_is_refused_with_the_reason(content: bytes, why: Refusal) -> None:
    """T-UP-02, T-UP-09, T-UP-10"""
    assert refusal(content) == why


def test_a_refusal_says_what_to_do() -> None:
    for code in Refusal:
        assert str(Refused(code)) == f"{Refused(code).reason} {Refused(code).remedy}"
        assert Refused(code).remedy.endswith(".")


def test_a_file_that_the_disk_did_not_take_is_refused_with_that_reason() -> None:
    lost = LostFile(OSError(errno.ENOSPC, "full"), "photo.jpg", "image/jpeg", 3, None, None)
    with pytest.raises(Refused, match="no room"):
        accept(lost)


def test_a_day_that_cannot_be_is_none() -> None:
    for said in (
        "0000:00:00 00:00:00",
        "2024:13:40 00:00:00",
        "1970:01:01 00:00:00",
        "2999:01:01 00:00:00",
        "yesterday",
    ):
        exif = samples.telling()
        exif.get_ifd(0x8769)[0x9003] = said
        assert sent(samples.written(samples.drawn(), "JPEG", exif=exif)).taken_on is None


whole = st.sampled_from([JPEG, PNG, samples.HEIC, samples.with_words("WEBP"), samples.with_words("AVIF")])


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good file with a few bytes changed, taken out or said twice."""
    content = bytearray(draw(whole))
    for _ in range(draw(st.integers(1, 6))):
        place, many = draw(st.integers(0, len(content) - 1)), draw(st.integers(0, 8))
        content[place : place + many] = draw(st.binary(max_size=8))
        if not content:
            break
    return bytes(content)


@settings(max_examples=25)
@given(st.one_of(mutated(), st.binary(max_size=200)))
def test_whatever_is_sent_is_a_picture_or_refused(content: bytes) -> None:
    try:
        picture = sent(content)
    except Refused:
        return
    assert reopened(picture).format == "JPEG"


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A decoder that something has taken over, or that hangs: what it does is given as a program."""

    def becomes(program: str) -> None:
        monkeypatch.setattr(
            accepting, "DEADLINE_SECONDS", 0.4 if "sleep" in program or "while" in program else 10
        )
        monkeypatch.setattr(accepting, "DECODER", (sys.executable, "-c", program))

    return becomes


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import time; time.sleep(60)", Refusal.SLOW),
        ("import os; os.write(1, b'x'); os.close(1); import time; time.sleep(60)", Refusal.SLOW),
        ("while True: print('x' * 65536)", Refusal.SLOW),
        ("import os; os.abort()", Refusal.DAMAGED),
        ("import os; os._exit(3)", Refusal.BUSY),  # it could not be confined
        ("pass", Refusal.DAMAGED),
        ("print('{\"taken_on\": null}\\n<html>', end='')", Refusal.DAMAGED),
        ("print('[' * 100000)", Refusal.DAMAGED),
        ('print(\'{"refused": "because"}\')', Refusal.DAMAGED),
        ("print('7')", Refusal.DAMAGED),
    ],
)
def test_a_decoder_that_hangs_dies_or_lies_is_not_believed(decoder, program: str, why: Refusal) -> None:
    decoder(program)
    assert refusal(JPEG) == why


def test_the_decoder_is_given_nothing_of_ours(decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", CANARY)
    decoder("import json, os; print(json.dumps([sorted(os.environ), os.listdir('/proc/self/fd')]))")
    with open(__file__, "rb") as ours, accepting.start() as process:
        assert ours.fileno() > 2
        environment, files = json.loads(process.communicate(b"")[0])
    assert set(environment) <= {"MALLOC_ARENA_MAX", "LC_CTYPE"}
    assert len(files) == 4  # its three, and the listing of them


def test_who_comes_when_enough_are_being_opened_waits_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "PATIENCE_SECONDS", 0.01)
    with accepting.AT_ONCE, accepting.AT_ONCE:
        assert refusal(JPEG) == Refusal.BUSY
    assert sent(JPEG).width == 64


def test_who_comes_while_somebody_waits_is_told_at_once_so_that_pages_go_on() -> None:
    with (
        accepting.AT_ONCE,
        accepting.AT_ONCE,
        accepting.AT_THE_DOOR,
        accepting.AT_THE_DOOR,
        accepting.AT_THE_DOOR,
    ):
        began = time.monotonic()
        assert refusal(JPEG) == Refusal.BUSY
    assert time.monotonic() - began < 1


def test_a_file_that_cannot_be_read_is_refused() -> None:
    class Gone(BytesIO):
        def read(self, *_: object) -> NoReturn:
            raise OSError(errno.EIO, "gone")

    with pytest.raises(Refused, match="Choose it again"):
        accept(Gone())


def test_a_machine_without_room_for_a_process_is_no_error_of_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(accepting, "DECODER", ("/nowhere/python",))
    assert refusal(JPEG) == Refusal.BUSY
