"""What a reader's phone has to fetch beside the page itself."""

import re
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from config.sheets import JOINED, SHEETS

STATIC = Path(settings.BASE_DIR) / "static"


def compressed(paths: set[str]) -> int:
    """Bytes as whitenoise serves the files: each compressed by itself."""
    return sum(len(brotli.compress((STATIC / path).read_bytes())) for path in paths)


def test_all_style_sheets_of_a_page_are_small() -> None:
    joined, packet = (Path(finders.find(sheet)).read_bytes() for sheet in (JOINED, "css/packet.css"))
    assert len(joined) > 40_000
    assert len(brotli.compress(joined)) + len(brotli.compress(packet)) <= 15_000


def test_every_style_sheet_of_the_pages_is_joined() -> None:
    """A new file in the folder that no page would load is forgotten in the list."""
    css = STATIC / "css"
    alone = {"admin.css", "desk.css", "desk-work.css", "packet.css"}
    assert {str(path.relative_to(css)) for path in css.rglob("*.css")} - alone == set(SHEETS)


def test_a_page_fetches_one_style_sheet(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) == [f"/static/{JOINED}"]


def test_all_scripts_together_are_small() -> None:
    scripts = {str(path.relative_to(STATIC)) for path in (STATIC / "js").glob("*.js")}
    assert len(scripts) > 5
    assert compressed(scripts) <= 20_000


def test_no_font_and_no_picture_is_fetched_to_read() -> None:
    """Style sheets name no file at all: everything that is drawn is drawn by them or stands in the page."""
    for path in (STATIC / "css").rglob("*.css"):
        assert not re.findall(r"url\(|@font-face|@import", path.read_text()), path.name
