"""New questions go to the doctors who may answer them, and what nobody answers to the moderators."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from answers.enums import Step
from answers.routing import route_questions, told_in


class Command(BaseCommand):
    help = "Send out what is due: new questions, and those that have waited. As often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = route_questions()
        for done in rounds:
            told = "" if done.step == Step.MODERATORS else f" (doctors told: {told_in(done).count()})"
            self.stdout.write(f"{done.get_step_display()}{told}.")
        if not rounds:
            self.stdout.write("Nothing is due.")
