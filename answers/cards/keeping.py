"""Keeping drawn cards in the media folder: one picture per thread, under a name nobody can guess.

The folder is served by no address; a card leaves through its view, which asks whether the thread is public.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

from answers.cards.drawing import Card, draw

FOLDER = "cards"
# How every PNG ends: a picture that is still being written does not.
PNG_END = b"IEND\xaeB`\x82"


def picture(pk: int, card: Card) -> bytes:
    """The PNG of a thread's card: the one kept, else drawn and kept in the place of those before."""
    name = f"{_folder(pk)}/{card.version}.png"
    kept = _read(name)
    if kept is not None:
        return kept
    drawn = draw(card)
    forget(pk)
    stored = default_storage.save(name, ContentFile(drawn))
    if stored != name:  # another request was quicker
        default_storage.delete(stored)
    return drawn


def forget(pk: int) -> None:
    """Delete what is kept of a thread."""
    folder = _folder(pk)
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def _read(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            kept = file.read()
    except FileNotFoundError:
        return None
    return kept if kept.endswith(PNG_END) else None


def _folder(pk: int) -> str:
    return f"{FOLDER}/{salted_hmac('answers.cards', str(pk), algorithm='sha256').hexdigest()[:32]}"
