"""What a reader's phone has to fetch beside the page itself."""

import re
from pathlib import Path

import brotli
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def compressed(paths: set[str]) -> int:
    """Bytes as whitenoise serves the files: each compressed by itself."""
    return sum(len(brotli.compress((STATIC / path).read_bytes())) for path in paths)


def named_in(pattern: str, template: str) -> set[str]:
    return set(re.findall(pattern, (TEMPLATES / template).read_text()))


def test_all_style_sheets_of_a_page_are_small() -> None:
    sheets = named_in(r"css/[\w/.-]+\.css", "components/styles.html")
    assert len(sheets) > 10
    assert compressed(sheets | {"css/packet.css"}) <= 15_000


def test_all_scripts_together_are_small() -> None:
    scripts = {str(path.relative_to(STATIC)) for path in (STATIC / "js").glob("*.js")}
    assert len(scripts) > 5
    assert compressed(scripts) <= 20_000


def test_no_font_and_no_picture_is_fetched_to_read() -> None:
    """Style sheets name no file at all: everything that is drawn is drawn by them or stands in the page."""
    for path in (STATIC / "css").rglob("*.css"):
        assert not re.findall(r"url\(|@font-face|@import", path.read_text()), path.name
