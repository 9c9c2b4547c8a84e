"""Static files for ``serve``: collected, hashed and compressed, only when they changed."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_stale() -> bool:
    """Run collectstatic unless the same files were collected before; true when it ran."""
    stamp = Path(settings.VAR_DIR) / "static.stamp"
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    wanted = fingerprint()
    if manifest.exists() and stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return True


def fingerprint() -> str:
    """Of every source file's path, size and time, and of the packages that turn them into what is served."""
    found = [f"{version('django')} {version('whitenoise')} {settings.STATIC_ROOT}"]
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            found.append(f"{path} {file.st_size} {file.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
