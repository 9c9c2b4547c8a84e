"""The page of moderation says what the code does."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from core.moderation import every_step


def printed() -> str:
    out = StringIO()
    call_command("print_transitions", stdout=out)
    return out.getvalue()


def test_the_page_holds_what_the_command_prints() -> None:
    assert (settings.BASE_DIR / "docs" / "moderation.md").read_text() == printed()


def test_every_step_has_a_line() -> None:
    lines = printed()
    for before, to, edge in every_step():
        assert f"| {before.label} | {to.label} | {edge.verb} |" in lines
