"""A stream that only the holder of a key can read, and of which not a byte can be changed, left out or moved.

AES-GCM over pieces of one megabyte: each piece is numbered by its nonce, and the last one says that it is. The key
comes from the passphrase and a salt of the file's own.
"""

from __future__ import annotations

import os
import struct
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"CANDOR-SEALED-1\n"
SALT, PIECE = 16, 1024 * 1024
MORE, LAST = b"more", b"last"


class WrongKey(Exception):
    """Another key, or a file that was changed or cut off."""


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int) -> bytes:
    return struct.pack(">4xQ", number)


class Sealer:
    """What is written goes into ``file`` sealed. ``close`` writes the last piece, and leaves ``file`` open."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        salt = os.urandom(SALT)
        self._file, self._cipher, self._kept, self._number = file, _cipher(passphrase, salt), bytearray(), 0
        file.write(MAGIC + salt)

    def write(self, data: bytes) -> int:
        self._kept += data
        while len(self._kept) > PIECE:
            self._put(bytes(self._kept[:PIECE]), MORE)
            del self._kept[:PIECE]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._kept), LAST)

    def _put(self, piece: bytes, place: bytes) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number), piece, place))
        self._number += 1


class Opener:
    """Reads what a :class:`Sealer` wrote. Raises WrongKey."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        head = file.read(len(MAGIC) + SALT)
        self._file, self._cipher = file, _cipher(passphrase, head[len(MAGIC) :])
        self._kept, self._number, self._next = b"", 0, self._fetch()
        if not self._next:  # even of nothing there is a last piece
            raise WrongKey

    def read(self, size: int) -> bytes:
        while len(self._kept) < size and self._next:
            self._kept += self._opened()
        taken, self._kept = self._kept[:size], self._kept[size:]
        return taken

    def _fetch(self) -> bytes:
        return self._file.read(PIECE + 16)

    def _opened(self) -> bytes:
        piece, self._next = self._next, self._fetch()
        try:
            opened = self._cipher.decrypt(_nonce(self._number), piece, MORE if self._next else LAST)
        except InvalidTag as error:
            raise WrongKey from error
        self._number += 1
        return opened
