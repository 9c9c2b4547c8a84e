"""Making a copy beside the request."""

from __future__ import annotations

from accounts.models import DataExport
from config.privacy import copies


def start(copy: DataExport) -> None:
    copies.make(copy.pk)
