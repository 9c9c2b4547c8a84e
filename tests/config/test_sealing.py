"""What is sealed is read by the key alone, whole or not at all (T-BK-03)."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import sealing
from config.sealing import Opener, Sealer, WrongKey


@pytest.fixture(scope="module", autouse=True)
def _small_pieces():
    whole, sealing.PIECE = sealing.PIECE, 16
    yield
    sealing.PIECE = whole


def sealed(parts: list[bytes], key: str = "key") -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, key)
    for part in parts:
        sealer.write(part)
    sealer.close()
    return file.getvalue()


def opened(content: bytes, key: str = "key", size: int = 7) -> bytes:
    opener = Opener(io.BytesIO(content), key)
    return b"".join(iter(lambda: opener.read(size), b""))


@settings(max_examples=15)
@given(st.lists(st.binary(max_size=40), max_size=4), st.integers(1, 50))
def test_it_comes_out_as_it_went_in(parts: list[bytes], size: int) -> None:
    assert opened(sealed(parts), size=size) == b"".join(parts)


@settings(max_examples=15)
@given(st.data())
def test_no_byte_of_it_can_be_changed_and_no_piece_left_out(data: st.DataObject) -> None:
    content = sealed([b"a secret of fifty bytes, give or take a few of them"])
    place = data.draw(st.integers(len(sealing.MAGIC), len(content) - 1))
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    for wrong in (changed, content[:place], content[:-32]):
        with pytest.raises(WrongKey):
            opened(wrong)
    with pytest.raises(WrongKey):
        opened(content, key="another")
    assert b"secret" not in content
