"""Reads a JPEG as a list of segments, and finds out whether it is nothing but a picture. Decodes no pixel.

So the decoder’s answer need not be believed: what passes has no segment in which words, places or files could lie.
"""

from __future__ import annotations

import re
import struct

START, END = b"\xff\xd8", b"\xff\xd9"
HEADER = b"JFIF\x00"
# JFIF header, quantisation tables, Huffman tables, the frame (baseline), restart interval, the scan.
JFIF, SCAN, FRAME = 0xE0, 0xDA, 0xC0
ALLOWED = {JFIF, 0xDB, 0xC4, FRAME, 0xDD, SCAN}
# In the scan, FF is followed by 00 or by a restart marker; anything else ends it.
SCAN_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7]")


class NotBare(Exception):
    """It is no JPEG, or holds something beside the picture."""


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a bare JPEG. Raises NotBare."""
    if not content.startswith(START):
        raise NotBare("It does not begin as a JPEG")
    place, size = len(START), None
    try:
        while content[place : place + 2] != END:
            place, size = _after_segment(content, place, size)
    except (struct.error, IndexError) as error:
        raise NotBare("It ends too early") from error
    if place + len(END) != len(content):
        raise NotBare("Something follows its end")
    if not size:
        raise NotBare("It has no picture")
    return size


def _after_segment(
    content: bytes, place: int, size: tuple[int, int] | None
) -> tuple[int, tuple[int, int] | None]:
    mark, kind, length = struct.unpack_from(">BBH", content, place)
    if mark != 0xFF or kind not in ALLOWED or length < 2:
        raise NotBare(f"It holds a segment {kind:#x}")
    if kind == JFIF and not (length == 16 and content[place + 4 : place + 9] == HEADER):
        raise NotBare("Its header holds more than a header")
    if kind == FRAME:
        height, width = struct.unpack_from(">HH", content, place + 5)
        size = (width, height)
    place += 2 + length
    if kind == SCAN:
        end = SCAN_ENDS.search(content, place)
        if end is None:
            raise NotBare("It ends too early")
        place = end.start()
    return place, size
