"""What a test needs and this machine lacks: a skip at one's own desk, a failure where CI is to have run everything."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str, *, remedy: str) -> NoReturn:
    """Say what did not run and what to do about it. ``CI`` in the environment forbids to skip."""
    message = f"{what} {remedy}"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
