"""The site's settings on a database and folders of this run's own: two runs at once do not meet.

Read by pytest-django before any conftest, hence the place where the embedded server is started.
Workers inherit the address and the number of the run.
"""

import os
import tempfile
from pathlib import Path

from config import postgres

for name in (
    "SECRET_KEY",
    "DEBUG",
    "DEMO",
    "EMAIL_URL",
    "SITE_ORIGIN",
    "MEDIA_ROOT",
    "STATIC_ROOT",
    "EVIDENCE_ROOT",
    "PICTURES_ROOT",
    "PICTURES_BUCKET",
    "PICTURES_JOURNAL",
    "PICTURES_ACCEL",
    "EXPORT_ROOT",
    "ERASURE_JOURNAL",
    "BACKUP_KEY",
):
    os.environ.pop(name, None)
postgres.ensure()

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

RUN = os.environ.setdefault("CANDOR_TEST_RUN", str(os.getpid()))
DATABASES["default"]["TEST"]["NAME"] = f"test_candor_{RUN}"
# No row of a test has to outlive the machine: waiting for the disk took most of each commit.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"

FOLDER = Path(tempfile.mkdtemp(prefix="candor-tests-"))
MEDIA_ROOT = FOLDER / "media"
STATIC_ROOT = FOLDER / "static"
EVIDENCE_ROOT = FOLDER / "evidence"
PICTURES_ROOT = FOLDER / "pictures"
PICTURES_JOURNAL = FOLDER / "pictures-taken-away.txt"
STORAGES["pictures"]["OPTIONS"]["location"] = PICTURES_ROOT
EXPORT_ROOT = FOLDER / "exports"
ERASURE_JOURNAL = FOLDER / "erasures.jsonl"
STATIC_ROOT.mkdir()
# Hashed names need a collected folder; tests read the files where they lie.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# One round instead of argon2's millisecond budget: no test is about how slow a hash is.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *globals()["PASSWORD_HASHERS"]]
