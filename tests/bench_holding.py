"""What reading by the hold rules costs. Slow, and no part of the suite: its name is not a test's.

    python -m pytest -n 0 -s tests/bench_holding.py

Prints milliseconds of ``hold()`` on texts of the length people write; docs/moderation.md quotes them.
"""

from __future__ import annotations

import statistics
import time

import pytest
from django.db import transaction

from config.holding.loading import load
from core.rules.running import hold, signals_of
from questions.models import Question
from tests.factories import QuestionFactory, TreatmentFactory, UserFactory

BUDGET_MS, TIMES = 50, 300
# A question as people write them, and one that has something for most rules.
PLAIN = (
    "I had 20 units of Botox for the lines between my brows about three weeks ago. For the first days nothing happened, "
    "then the left side went smooth and the right side still moves. My doctor says to wait for another week, and that a "
    "touch-up is included. I have no headache, my sight is fine and nothing droops. Has anybody seen one side settle later "
    "than the other? I would also like to know whether I should ask for more on the right, or whether the left will wear "
    "off sooner and even it out. I am 41, healthy, take nothing, and this was my second time. "
)
LOUD = (
    "My name is Anna and Dr. Smithson, that crook, did my lips. Look at www.mynose.com or write to jane.roe@example.org or "
    "+1 (555) 010-0199. I cannot see on one eye since the injection. How many units should I inject myself? I am 17. "
)
TEXTS = {
    "a question of 600 characters": PLAIN,
    "one of 2,400 characters": PLAIN * 4,
    "one in which most rules find something": LOUD + PLAIN,
    "the longest there may be (20,000)": (PLAIN * 40)[:20_000],
}


def percentile(taken: list[float], share: int) -> float:
    return statistics.quantiles(taken, n=100)[share - 1]


@pytest.mark.django_db
def test_reading_costs_next_to_nothing() -> None:
    load()
    person, treatment = UserFactory(), TreatmentFactory(name="Botox")
    QuestionFactory.create_batch(50, pending=True, author=person, treatment=treatment, body=PLAIN)
    for name, body in TEXTS.items():
        row = Question.objects.order_by("-pk").first()
        row.body = body
        row.render()
        taken, worked = [], []
        for _ in range(TIMES):
            started, before = time.perf_counter(), time.process_time()
            with transaction.atomic():
                hold(row)
            taken.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - before) * 1000)
        fired = signals_of(row).count()
        half, most, python = statistics.median(taken), percentile(taken, 95), percentile(worked, 95)
        print(f"| {name} | {fired} | {half:.1f} ms | {most:.1f} ms | {python:.1f} ms |")  # noqa: T201
        assert python < BUDGET_MS or len(body) > 10_000, name
