"""Prints docs/moderation.md from the table that the code keeps to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.enums import Actor, State
from core.moderation import TRANSITIONS, Edge

INTRODUCTION = """\
# Moderation: every step there is

Printed by `manage.py print_transitions`; a test compares this page with the table in `core/moderation.py`.

Whatever is moderated (a question, an answer, an edit of either, a second opinion, a doctor's profile) changes
its state through `core.moderation.transition` and no other way. A pair of states that is not listed is refused.

| From | To | Step | Who may take it | Reason needed |
|---|---|---|---|---|
"""
RULES = """
- Authors act on what is theirs; moderators on what is not. Nobody decides on what they wrote.
- A decision names the version it was made about. If the author changed the text meanwhile, nothing happens.
- Two moderators on one item: the first decides, the second is told who did.
- A moderator who enters a profile for a doctor also submits it, and so stands in for the author: somebody
  else publishes it. Whoever edited the profile last is the one who stands in.
- A report of something public is no text to publish: one decision, upheld or dismissed with a reason, closes all open
  reports on one thing, and changes nothing about the thing itself. Nobody decides on what they reported or wrote.
- What is handed in or changed is read by the hold rules in the same transaction. What fires raises its place in the
  queue and is shown to moderators with its words; a rule refuses nothing, and authors are told nothing of it.
- Each step writes one row of the audit trail, which the database refuses to change or delete.
"""


class Command(BaseCommand):
    help = "Print the table of moderation as Markdown: docs/moderation.md."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = "".join(_row(before, to, edge) for (before, to), edge in TRANSITIONS.items())
        self.stdout.write(INTRODUCTION + rows + RULES, ending="")


def _row(before: State, to: State, edge: Edge) -> str:
    who = edge.actor.label.lower() + (", or the moderator who entered it" if edge.by_stand_in else "")
    if edge.actor == Actor.MODERATOR:
        who = "a moderator, not the author"
    return f"| {before.label} | {to.label} | {edge.verb} | {who} | {'yes' if edge.needs_reason else 'no'} |\n"
