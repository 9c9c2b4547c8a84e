"""The file of a backup: a tar with a manifest at its end, written whole or not at all, sealed if there is a key."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from config.sealing import MAGIC, Opener, Sealer, WrongKey

FORMAT = 1
MANIFEST = "manifest.json"
AT_ONCE = 1024 * 1024


class Unusable(Exception):
    """The message says what is wrong with the file, and what to do."""


class Archive:
    """What is being written. Every member is remembered by its digest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar, self._digests = tar, dict[str, str]()

    def add(self, name: str, path: Path) -> None:
        """A file as it is at this moment; one that has gone meanwhile is left out."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            self._digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
            member = tarfile.TarInfo(name)
            member.size = file.tell()
            file.seek(0)
            self._tar.addfile(member, file)

    def finish(self, **said: Any) -> None:
        text = json.dumps({"format": FORMAT, "members": self._digests, **said}).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        self._tar.addfile(member, io.BytesIO(text))


@contextmanager
def written(target: Path) -> Iterator[Archive]:
    """An archive that stands under ``target`` once all of it is on the disk; until then what was there stays."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            sealer = Sealer(file, settings.BACKUP_KEY) if settings.BACKUP_KEY else None
            with tarfile.open(fileobj=sealer or file, mode="w|") as tar:  # type: ignore[call-overload]
                yield Archive(tar)
            if sealer:
                sealer.close()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        _fsync_folder(target.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each member, in order; of a file that was ``checked`` before."""
    with path.open("rb") as file, tarfile.open(fileobj=_opened(file, path), mode="r|") as tar:  # type: ignore[call-overload]
        for member in tar:
            content = tar.extractfile(member) if _is_plain(member) else None
            if content is None:
                raise Unusable(f"{path} holds “{member.name}”, which no backup of this site does.")
            yield member.name, content


def _opened(file: IO[bytes], path: Path) -> IO[bytes] | Opener:
    is_sealed = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    if not is_sealed:
        return file
    if not settings.BACKUP_KEY:
        raise Unusable(f"{path} is sealed: give the BACKUP_KEY it was made with.")
    return Opener(file, settings.BACKUP_KEY)


def _is_plain(member: tarfile.TarInfo) -> bool:
    parts = Path(member.name).parts
    return member.isfile() and ".." not in parts and not Path(member.name).is_absolute()


def checked(path: Path) -> dict[str, Any]:
    """The manifest, once every member was found to be what it says. Raises Unusable."""
    try:
        manifest, digests = _read(path)
    except WrongKey as error:
        raise Unusable(
            f"{path} cannot be opened with this BACKUP_KEY, or it was changed or cut off."
        ) from error
    except (tarfile.TarError, EOFError) as error:
        raise Unusable(f"{path} is no backup of this site, or it was cut off.") from error
    if manifest is None:
        raise Unusable(f"{path} has no manifest: it was cut off, or is no backup of this site.")
    if manifest["format"] > FORMAT:
        raise Unusable(f"{path} was made by a newer version of this site: restore it with that one.")
    said = manifest["members"]
    wrong = sorted(name for name in {*digests, *said} if digests.get(name) != said.get(name))
    if wrong:
        raise Unusable(f"{path} is damaged: {wrong[0]} is not what was backed up ({len(wrong)} in all).")
    return manifest


def _read(path: Path) -> tuple[dict[str, Any] | None, dict[str, str]]:
    manifest, digests = None, {}
    for name, content in members(path):
        if name == MANIFEST:
            manifest = json.loads(content.read())
        else:
            digests[name] = _digest(content)
    return manifest, digests


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(AT_ONCE):
        digest.update(piece)
    return digest.hexdigest()
