"""The files that belong to somebody: what goes into a copy, and what an erasure deletes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from accounts.models import DataExport, User
from core.images import store
from core.images.models import Photo
from doctors import evidence
from doctors.models import Doctor, EvidenceFile, SentFile, VisitPaper

logger = logging.getLogger(__name__)


class Doomed(NamedTuple):
    """Named before the rows go, deleted once that is certain."""

    media: list[str]
    evidence: list[str]
    exports: list[str]
    address: str


def folder() -> Path:
    """Where copies lie until they are fetched: served by no web server, as evidence is."""
    return Path(settings.EXPORT_ROOT)


def in_a_copy(user: User) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of somebody's that a copy holds. Whatever an app keeps of people comes in here."""
    for doctor in Doctor.objects.filter(user=user).exclude(portrait=""):
        with suppress(FileNotFoundError), doctor.portrait.open() as file:
            yield f"files/portrait-{Path(str(doctor.portrait.name)).name}", file.read()
    for photo in Photo.objects.filter(owner=user):
        with suppress(OSError):
            yield f"files/photo-{photo.pk}.jpg", store.read(photo.name)
    for called, papers in (("evidence", _seen(user)), ("proof", _sent(user)), ("visit", _visits(user))):
        for paper in papers:
            with suppress(evidence.Unreadable):
                content = evidence.load(paper.name, sha256=paper.sha256)
                yield f"files/{called}-{paper.pk}.{paper.kind}", content


def _seen(user: User) -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.filter(verification__doctor__user=user)


def _sent(user: User) -> QuerySet[SentFile]:
    return SentFile.objects.filter(Q(credential__doctor__user=user) | Q(claim__claimant=user))


def _visits(user: User) -> QuerySet[VisitPaper]:
    return VisitPaper.objects.filter(proof__review__author=user)


def of(user: User) -> Doomed:
    portraits = Doctor.objects.filter(user=user).exclude(portrait="").values_list("portrait", flat=True)
    papers = [paper.name for papers in (_seen(user), _sent(user), _visits(user)) for paper in papers]
    copies = DataExport.objects.filter(user=user).exclude(name="").values_list("name", flat=True)
    return Doomed(list(portraits), papers, list(copies), user.email)


def delete(doomed: Doomed) -> None:
    """A disk that refuses is named in the log: the rows are gone already."""
    for name in doomed.media:
        _try(default_storage.delete, name)
    for name in doomed.evidence:
        evidence.drop(name)
    for name in doomed.exports:
        _try((folder() / name).unlink, True)
    _mail_on_disk(doomed.address)


def _try(deed, *args) -> None:  # type: ignore[no-untyped-def]
    try:
        deed(*args)
    except OSError:
        logger.exception("A file of an erased account could not be deleted.")


def _mail_on_disk(address: str) -> None:
    """The demonstration keeps its mail as files."""
    kept: Path | None = getattr(settings, "EMAIL_FILE_PATH", None)
    for path in kept.glob("*.log") if kept else ():
        if address.encode() in path.read_bytes():
            _try(path.unlink, True)
