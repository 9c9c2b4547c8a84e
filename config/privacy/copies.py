"""A copy of everything that is somebody's own: a ZIP of JSON and files, made in the background, gone a day later."""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.consents import TEXTS
from accounts.models import DataExport, User
from accounts.notify import tell
from config.notifications import COPY_READY
from config.privacy import files
from config.privacy.kept import EXPORT_KEPT, KEPT, SUBJECTS
from config.privacy.kinds import Rows

if TYPE_CHECKING:
    from django.db.models import Model

# So many copies are kept at once: each asks the database for everything.
AT_ONCE = 3


class TooMany(Exception):
    """As many copies as one may have at a time are there already."""


def ask(user: User) -> tuple[DataExport, bool]:
    """The copy that is being made for somebody, and whether that is new. Raises TooMany."""
    if DataExport.objects.open_now().filter(user=user).count() >= AT_ONCE:
        raise TooMany
    try:
        with transaction.atomic():
            return DataExport.objects.create(user=user), True
    except IntegrityError:
        return DataExport.objects.being_made().filter(user=user).latest("pk"), False


def make(pk: int) -> DataExport | None:
    """Write the file of a copy that was asked for; ``None`` where it is made already or not wanted any more.

    Safe to run twice: the row is held meanwhile, and a file of a run that was killed has no row to be found by.
    """
    with transaction.atomic():
        copy = DataExport.objects.select_for_update(skip_locked=True).filter(pk=pk, until=None).first()
        if copy is None:
            return None
        copy.name = f"{secrets.token_hex(16)}.zip"
        copy.size = _write(copy.name, copy.user)
        copy.until = timezone.now() + EXPORT_KEPT
        copy.save(update_fields=["name", "size", "until"])
        event = f"copy-{copy.pk} ready"
        tell(to=copy.user, kind=COPY_READY.name, about=copy, event=event, url=reverse("my-copy"))
    return copy


def open_file(copy: DataExport) -> IO[bytes] | None:
    """Its file, as long as it may be fetched."""
    try:
        return (files.folder() / copy.name).open("rb") if copy.is_open else None
    except FileNotFoundError:
        return None


def forget_old() -> int:
    """Delete copies past their day, and files that belong to none; how many rows went."""
    over = DataExport.objects.over()
    number = over.count()
    for copy in over:
        (files.folder() / copy.name).unlink(missing_ok=True)
        copy.delete()
    known = set(DataExport.objects.exclude(name="").values_list("name", flat=True))
    for path in files.folder().glob("*"):
        if (
            path.name not in known
            and timezone.now().timestamp() - path.stat().st_mtime > EXPORT_KEPT.total_seconds()
        ):
            path.unlink(missing_ok=True)
    return number


def contents(user: User) -> Iterator[tuple[Rows, Iterator[dict[str, Any]]]]:
    """Each kind of rows that a copy has, with the rows as they go into it."""
    for kept in KEPT:
        if kept.own:
            rows = kept.of(user).iterator(chunk_size=500)
            yield kept, (_fields(row, kept) for row in rows)


def _fields(row: Model, kept: Rows) -> dict[str, Any]:
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in kept.hidden
    }


def _write(name: str, user: User) -> int:
    """Under another name first: a file by its own name is whole. Its size."""
    path = files.folder() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                _fill(archive, user)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return path.stat().st_size


def _fill(archive: zipfile.ZipFile, user: User) -> None:
    counted: dict[str, int] = {}
    for kept, rows in contents(user):
        with archive.open(kept.file, "w") as member:
            number = 0
            member.write(b"[")
            for number, row in enumerate(rows, 1):
                text = json.dumps(row, cls=_Encoder, ensure_ascii=False, indent=1)
                member.write((",\n" if number > 1 else "\n").encode() + text.encode())
            member.write(b"\n]\n")
        counted[kept.model] = number
    for name, content in files.in_a_copy(user):
        archive.writestr(name, content)
    archive.writestr("about.json", json.dumps(_about(counted), cls=_Encoder, ensure_ascii=False, indent=1))


def _about(counted: dict[str, int]) -> dict[str, Any]:
    """What is what, what is not in it, and the texts that somebody may have agreed to."""
    return {
        "made_at": timezone.now(),
        "files": {
            rows.file: {"what": one.what, "why": one.why, "kept": one.long, "rows": counted[rows.model]}
            for one in SUBJECTS
            for rows in one.rows
            if rows.own
        },
        "not_in_it": [{"what": rows.model, "why": rows.not_copied} for rows in KEPT if not rows.own],
        "agreed_texts": {
            purpose: [(text.version, text.words) for text in texts] for purpose, texts in TEXTS.items()
        },
    }


class _Encoder(DjangoJSONEncoder):
    """Moments to the microsecond, as the database has them."""

    def default(self, o: Any) -> Any:
        if hasattr(o, "isoformat"):
            return o.isoformat()
        if isinstance(o, bytes | memoryview):
            return bytes(o).hex()
        return str(o) if hasattr(o, "name") else super().default(o)
