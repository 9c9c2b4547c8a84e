"""What one text changes of another, word by word, as safe HTML with <ins> and <del>."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString
from rapidfuzz.distance import LCSseq

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing costs the product of both lengths; above this a passage is shown as replaced.
MAX_PRODUCT = 1_000_000


def words_changed(before: str, after: str, *, at_most: int = MAX_PRODUCT) -> SafeString:
    """``after`` with what was added in <ins> and what was taken out in <del>; everything escaped.

    A page that compares many texts gives each of them less, with ``at_most``.
    """
    pieces = _compared(_LINE.findall(before), _LINE.findall(after), at_most)
    return SafeString(
        "".join(_words(old, new, at_most) if old and new else _marked(old, new) for old, new in pieces)
    )


def passages_changed(before: str, after: str) -> list[tuple[str, str]]:
    """The passages that differ, as pairs of old and new; one of a pair is empty where something came or went."""
    found: list[tuple[str, str]] = []
    is_open, space = False, ""
    for old, new in _compared(_WORD.findall(before), _WORD.findall(after), MAX_PRODUCT):
        if old == new:
            # changed words with only a space between them are one passage
            is_open, space = is_open and not old.strip(), old
        elif is_open:
            found[-1] = (found[-1][0] + space + old, found[-1][1] + space + new)
            space = ""
        else:
            found.append((old, new))
            is_open, space = True, ""
    return [(old.strip(), new.strip()) for old, new in found if old.strip() != new.strip()]


def _words(before: str, after: str, at_most: int) -> str:
    if before == after:
        return escape(after)
    pieces = _compared(_WORD.findall(before), _WORD.findall(after), at_most)
    return "".join(escape(new) if old == new else _marked(old, new) for old, new in pieces)


def _compared(before: list[str], after: list[str], at_most: int) -> Iterator[tuple[str, str]]:
    """Pairs of passages that stand for each other, equal or not."""
    if len(before) * len(after) > at_most:
        yield "".join(before), "".join(after)
        return
    old = new = ""
    # Not difflib: of texts that repeat themselves it makes minutes, and the author chooses the text.
    for step in LCSseq.opcodes(before, after):
        gone, come = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
        if step.tag == "equal":
            if old or new:
                yield old, new
            old = new = ""
            yield "".join(gone), "".join(come)
        else:
            old, new = old + "".join(gone), new + "".join(come)
    if old or new:
        yield old, new


def _marked(old: str, new: str) -> str:
    gone = f"<del>{escape(old)}</del>" if old else ""
    return gone + (f"<ins>{escape(new)}</ins>" if new else "")
