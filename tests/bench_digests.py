"""What ten thousand daily summaries of a thousand new questions cost one worker.

``pytest -n 0 -s tests/bench_digests.py`` prints the figures; the bar is a minute (issue 5).
"""

from __future__ import annotations

import itertools
import resource
import time
from collections.abc import Callable

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from accounts.chores import write_daily
from accounts.enums import LetterState
from accounts.models import Letter, Notification, User
from accounts.notify import tell_many
from questions.models import Question
from tests.factories import QuestionFactory, TreatmentFactory
from tests.working import do_tasks

DOCTORS, QUESTIONS, EACH = 10_000, 1_000, 200


class Swallow(BaseEmailBackend):
    """A mail server that costs nothing: what is measured is ours."""

    def send_messages(self, messages: list) -> int:
        for message in messages:
            message.message().as_bytes()
        return len(messages)


def measured(what: str, deed: Callable[[], object]) -> float:
    """Counted and not captured: of ten thousand letters each is claimed and noted by itself."""
    queries = itertools.count()

    def count(execute: Callable[..., object], *arguments: object) -> object:
        next(queries)
        return execute(*arguments)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        deed()
    took = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {took:.1f} s, {next(queries)} queries, {megabytes:.0f} MB at most")  # noqa: T201  # it is for whoever runs it
    return took


@pytest.mark.django_db
def test_ten_thousand_summaries_of_a_thousand_questions_take_less_than_a_minute(settings) -> None:
    settings.EMAIL_BACKEND = "tests.bench_digests.Swallow"
    User.objects.bulk_create(
        User(email=f"d{n}@example.org", handle=f"d{n}", password="!") for n in range(DOCTORS)
    )
    doctors = list(User.objects.values_list("pk", flat=True))
    treatment = TreatmentFactory()
    QuestionFactory(published=True, treatment=treatment)
    template = Question.objects.get()
    Question.objects.bulk_create(
        Question(title=f"Question {n}", treatment=treatment, slug="q", state="published",
                 moderated_by=template.moderated_by, moderated_at=template.moderated_at,
                 published_at=template.published_at)
        for n in range(QUESTIONS)
    )  # fmt: skip
    questions = list(Question.objects.all()[:QUESTIONS])

    def route() -> None:
        for number, question in enumerate(questions):
            first = number * 7 % DOCTORS
            people = (doctors + doctors)[first : first + EACH]
            tell_many(to=people, kind="followed-treatment", about=question, event=f"q{question.pk}", url="/")

    took = measured(f"telling {EACH} of {DOCTORS} doctors of each of {QUESTIONS} questions", route)
    Notification.objects.update(rhythm="daily")
    took += measured("writing the summaries", write_daily)
    took += measured("sending them", do_tasks)
    assert Letter.objects.filter(state=LetterState.SENT).count() == Letter.objects.count() > 0
    assert took < 60
