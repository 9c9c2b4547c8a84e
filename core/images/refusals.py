"""Why a picture is not taken, and what its sender can do. Read on both sides of the decoder's door: knows no Django."""

from __future__ import annotations

from enum import StrEnum

MEGABYTES = 20
A_DAY = 60


class Refusal(StrEnum):
    EMPTY = "empty"
    BYTES = "bytes"
    KIND = "kind"
    DAMAGED = "damaged"
    PIXELS = "pixels"
    MOVES = "moves"
    SLOW = "slow"
    BUSY = "busy"
    UNREAD = "unread"
    NO_ROOM = "no-room"
    NOT_KEPT = "not-kept"
    TODAY = "today"
    ROOM = "room"


AGAIN = "Open it on your device, save it as a new JPEG and send that."
SMALLER = "Save it smaller, 4,000 pixels at its longer side at most, and send that."
WORDS = {
    Refusal.EMPTY: ("The file is empty.", "Choose it again; if it lies in a cloud, download it first."),
    Refusal.BYTES: (f"The file is larger than {MEGABYTES} MB.", SMALLER),
    Refusal.KIND: ("The file is no JPEG, PNG, WebP, AVIF or HEIC picture.", AGAIN),
    Refusal.DAMAGED: ("The picture is damaged, incomplete or of a rare kind.", AGAIN),
    Refusal.PIXELS: ("The picture has too many pixels.", SMALLER),
    Refusal.MOVES: ("The file is an animation.", "Send one still picture, such as a screenshot of it."),
    Refusal.SLOW: ("The picture takes too long to open.", SMALLER),
    Refusal.BUSY: ("No more pictures can be opened just now.", "Send it again in a minute."),
    Refusal.UNREAD: ("The file could not be read.", "Choose it again."),
    Refusal.NO_ROOM: ("There is no room for a file this large now.", "Choose a smaller one or try later."),
    Refusal.NOT_KEPT: ("Pictures cannot be stored just now.", "Send it again in a few minutes."),
    Refusal.TODAY: (f"You have sent {A_DAY} pictures since yesterday.", "Send this one tomorrow."),
    Refusal.ROOM: ("There is no room for one more picture here.", "Remove another one first."),
}


class Refused(Exception):
    """The picture is not taken. ``reason`` says why, ``remedy`` what to do; as text it is both."""

    def __init__(self, code: Refusal) -> None:
        self.code = code
        self.reason, self.remedy = WORDS[code]
        super().__init__(f"{self.reason} {self.remedy}")
