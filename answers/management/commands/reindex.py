"""Bring every thread's searchable words, counters and dates in line with what is public, and what uses say of them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from answers import activity, positions
from answers.threads import count_words, refresh
from questions.models import Question


class Command(BaseCommand):
    help = "Recompute what lists, search and the pages of uses read, then count words. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="questions at a time")

    def handle(self, *args: Any, batch: int, verbosity: int, **options: Any) -> None:
        total = Question.objects.count()
        last = 0
        with tqdm(total=total, unit=" threads", disable=verbosity == 0, file=self.stderr._out) as bar:
            while ids := _after(last, batch):
                refresh(ids)
                last = ids[-1]
                bar.update(len(ids))
        positions.forget_lost()
        activity.recount()
        count_words()
        if verbosity:
            self.stdout.write(f"{total} questions looked at; their words are counted.")


def _after(last: int, batch: int) -> list[int]:
    """The next ``batch`` keys after ``last``; questions no longer public too, so that they lose their row."""
    return list(
        Question.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[: max(batch, 1)]
    )
