"""Evidence: known by its content, drawn anew, kept apart from everything that is served."""

from __future__ import annotations

import errno
import os
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from doctors import evidence
from doctors.enums import EvidenceKind
from doctors.evidence import Paper, Unreadable, drop, keep, load, read
from tests.core.images.samples import png_bomb

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    return settings.EVIDENCE_ROOT


def sent(content: bytes, name: str = "licence.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, "#0d5c63").save(drawn, kind, **more)
    return drawn.getvalue()


def test_a_pdf_is_kept_as_it_came() -> None:
    assert read(sent(PDF)) == Paper(PDF, EvidenceKind.PDF)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_known_by_its_content_whatever_it_is_called(kind: str) -> None:
    """T-UP-06: nothing of the name that was sent is kept."""
    assert read(sent(picture(kind), "invoice.exe")).kind == EvidenceKind.JPEG


def test_a_picture_keeps_its_pixels_and_nothing_that_was_written_into_it() -> None:
    """T-UP-03, T-UP-04"""
    said = PngInfo()
    said.add_text("Comment", "taken at home")
    exif = Image.Exif()
    exif[0x010E] = "GPS of the home"
    exif[0x0112] = 6  # lies on its side
    for content in (
        picture("PNG", pnginfo=said) + b"<script>alert(1)</script>",
        picture("JPEG", exif=exif, comment=b"taken at home"),
    ):
        paper = read(sent(content))
        for words in (b"home", b"script", b"Exif"):
            assert words not in paper.content
    with Image.open(BytesIO(paper.content)) as upright:
        assert upright.size == (20, 40)


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 255), (0, 0, 0)),
        ("P", 0, None),
        ("I;16", 0x8000, (128, 128, 128)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_scans_stay_legible(mode: str, colour: object, seen: tuple[int, int, int] | None) -> None:
    """T-UP-05"""
    drawn = BytesIO()
    Image.new(mode, (8, 8), colour).save(drawn, "PNG")
    with Image.open(BytesIO(read(sent(drawn.getvalue())).content)) as kept:
        assert kept.mode == "RGB"
        assert seen is None or kept.getpixel((4, 4)) == seen


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90 an executable",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>%PDF-1.7 %%EOF</html>",
        b"%PDF-1.7 cut off",
        picture("GIF"),
        picture("PNG")[:60],
        picture("JPEG")[:200],
    ],
    ids=["executable", "svg", "html", "half a pdf", "gif", "half a png", "half a jpeg"],
)
def test_anything_else_is_refused_in_words(content: bytes) -> None:
    """T-UP-01, T-UP-10"""
    with pytest.raises(ValidationError, match=r"PDF or a picture|damaged"):
        read(sent(content))


def test_size_is_bounded_in_bytes_and_in_pixels() -> None:
    """T-UP-02"""
    with pytest.raises(ValidationError, match="5 MB"):
        read(sent(PDF + b" " * evidence.AT_MOST + b"%%EOF"))
    with pytest.raises(ValidationError, match="5 MB"):
        read(sent(b""))
    with pytest.raises(ValidationError, match="too many pixels"):
        read(sent(png_bomb()))


@settings(max_examples=15)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    try:
        paper = read(sent(content))
    except ValidationError:
        return
    assert paper.content.startswith((b"%PDF-", b"\xff\xd8"))


def test_a_file_lies_under_a_name_that_says_nothing_for_nobody_else_to_read(folder: Path) -> None:
    paper = Paper(PDF, EvidenceKind.PDF)
    first, second = keep(paper), keep(paper)
    assert first != second
    assert len(first) == 36
    assert (folder / first).read_bytes() == PDF
    assert (folder / first).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert load(first, sha256=paper.sha256) == PDF


def test_a_full_disk_is_said_and_leaves_nothing_half_written(folder: Path, monkeypatch) -> None:
    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ValidationError, match="could not be stored"):
        keep(Paper(PDF, EvidenceKind.PDF))
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(ValidationError, match="could not be stored"):
        keep(Paper(PDF, EvidenceKind.PDF))


def test_what_is_gone_or_altered_is_not_handed_out(folder: Path) -> None:
    paper = Paper(PDF, EvidenceKind.PDF)
    name = keep(paper)
    (folder / name).chmod(0o600)
    (folder / name).write_bytes(PDF + b"more")
    with pytest.raises(Unreadable, match="changed"):
        load(name, sha256=paper.sha256)
    drop(name)
    with pytest.raises(Unreadable, match="No such file"):
        load(name, sha256=paper.sha256)
