"""The style sheets of every page as one file, so that a page names one and a phone fetches one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# site.css first: it declares the order of the layers.
SHEETS = (
    "site.css",
    "tokens.css",
    "base.css",
    "layout.css",
    "components/controls.css",
    "components/stance.css",
    "components/answer.css",
    "components/lists.css",
    "components/notices.css",
    "components/forms.css",
    "components/explained.css",
    "components/history.css",
    "components/photos.css",
    "components/review.css",
    "utilities.css",
    "print.css",
)
JOINED = "css/joined.css"


class JoinedSheets(BaseFinder):
    """A finder of static files that has :data:`JOINED`, made from :data:`SHEETS` whenever it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "sheets")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != JOINED:
            return []
        found = str(self._made())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        self._made()
        yield JOINED, self.storage

    def _made(self) -> Path:
        """Written only when it differs, or what is served from it would be collected again each time."""
        source = settings.BASE_DIR / "static" / "css"
        text = "\n".join((source / name).read_text() for name in SHEETS)
        path = Path(self.storage.path(JOINED))
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=path.parent, delete=False) as made:
                made.write(text)
            Path(made.name).replace(path)
            path.chmod(0o644)
        return path
