"""Pages read no more rows of a large site than of a small one, whichever threads they choose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.models import Answer
from answers.threads import refresh
from core.enums import State
from core.images.renditions import Kind, opaque_name
from doctors.models import Case, CasePhoto, Doctor
from questions.models import Question, QuestionTreatment
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
)
from treatments.models import Treatment

pytestmark = pytest.mark.django_db
FEW, MANY, BAR = 40, 600, 1.5
# What is read by plan: as on a site where reading whole tables is out of the question.
LIKE_A_LARGE_SITE = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
)
LISTS = ("answers_", "questions_", "doctors_case")


@pytest.fixture(scope="module", autouse=True)
def _sizes_are_forgotten(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What ANALYZE notes of a table's size outlives the transaction, and searches reckon with it."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def copies(row: Any, times: int, **fields: Callable[[int], Any]) -> list[Any]:
    """So many rows like this one, but for these fields."""
    made: list[Any] = []
    for number in range(times):
        another = copy(row)
        another.pk, another._state = None, copy(row._state)
        for name, value in fields.items():
            setattr(another, name, value(number))
        made.append(another)
    model: type[Model] = type(row)
    return list(model._base_manager.bulk_create(made))


def threads(
    times: int, *, treatment: Treatment, use: Any, by: Iterable[Doctor], stance: str, days: int
) -> None:
    """Public threads of one treatment, asked so many days ago, in which these doctors hold one position."""
    then = timezone.now() - timedelta(days=days)
    first = QuestionFactory(published=True, treatment=treatment, use=use)
    questions = copies(
        first,
        times,
        submission_key=lambda number: uuid4(),
        asked_at=lambda number: then - timedelta(minutes=number),
    )
    QuestionTreatment.objects.bulk_create(
        QuestionTreatment(question=question, treatment=treatment, position=0) for question in questions
    )
    for doctor in by:
        answer = AnswerFactory(published=True, doctor=doctor, stance=stance, question=first)
        copies(answer, times, question=lambda number: questions[number])
    refresh([question.pk for question in questions], words=False)


def rows_read(url: str) -> int:
    """Rows of questions and answers that a page's queries touch, also those that a condition then drops."""
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(url).status_code == 200, url
    read = 0
    with connection.cursor() as cursor:
        cursor.execute(LIKE_A_LARGE_SITE)
        for query in captured:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            (found,) = cursor.fetchone()
            read += _scanned((found if isinstance(found, list) else json.loads(found))[0]["Plan"])
    return read


def _scanned(node: dict[str, Any]) -> int:
    below = sum(_scanned(child) for child in node.get("Plans", []))
    if not node.get("Relation Name", "").startswith(LISTS):
        return below
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return below + round(rows * node["Actual Loops"])


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """Adds so many threads of each kind; what is looked at of the newest is bounded below either number."""
    for name in ("coverage.LATEST", "of_doctor.COMPARED_AT_MOST", "templatetags.threads.COMPARED"):
        monkeypatch.setattr(f"answers.{name}", 10)
    botox, peel = TreatmentFactory(slug="botox"), TreatmentFactory(slug="peel")
    use, doctors = UseFactory(treatment=botox), [DoctorFactory(verified=True) for _ in range(3)]

    def grown(times: int) -> list[str]:
        threads(times, treatment=botox, use=use, by=doctors, stance="supports", days=9)
        threads(30, treatment=botox, use=use, by=doctors[:1], stance="unknown", days=900)
        threads(times, treatment=peel, use=None, by=doctors[1:], stance="unknown", days=9)
        threads(times, treatment=peel, use=None, by=(), stance="", days=999)
        threads(30, treatment=botox, use=use, by=(), stance="", days=9)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        lists = ("?stance=unknown", "?sort=waiting", "?sort=helpful", "?sort=discussed", "")
        return [
            botox.get_absolute_url(),
            doctors[0].get_absolute_url(),
            *(f"/treatments/botox/questions/{query}" for query in lists),
            "/questions/?treatment=botox&stance=unknown",
            "/treatments/botox/feed/",
        ]

    return grown


def test_a_page_reads_as_much_of_fifteen_times_the_threads(site: Callable[[int], list[str]]) -> None:
    small = {url: rows_read(url) for url in site(FEW)}
    large = {url: rows_read(url) for url in site(MANY)}
    assert Question.objects.count() > 2 * MANY < Answer.objects.count()
    grew = {url: (read, large[url]) for url, read in small.items() if large[url] > BAR * read}
    assert not grew, f"rows read before and after: {grew}"


def cases(times: int, case: Case) -> None:
    """Public ones like this one, of other people, each with its pair of pictures."""
    consents = copies(case.consent, times)
    rows = copies(case, times, consent=lambda number: consents[number], state=lambda number: State.WITHDRAWN)
    names = iter(lambda: opaque_name(Kind.JPEG), None)
    held = list(case.photos.all())
    photos = [copies(one.photo, times, name=lambda number: next(names)) for one in held]
    for one, taken in zip(held, photos, strict=True):
        places = zip(rows, taken, strict=True)
        CasePhoto.objects.bulk_create(
            CasePhoto(case=row, photo=photo, role=one.role, view=one.view, position=one.position)
            for row, photo in places
        )
    made = Case.objects.filter(pk__in=[row.pk for row in rows])
    made.update(state=State.PUBLISHED, moderated_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_a_gallery_reads_as_much_of_fifteen_times_the_cases() -> None:
    use = UseFactory(slug="forehead", treatment__slug="botox", body_area=None)
    first = CaseFactory(published=True, treatment=use.treatment, use=use)
    other = CaseFactory(published=True, treatment=use.treatment, doctor=DoctorFactory(verified=True))
    urls = [
        "/treatments/botox/cases/",
        "/treatments/botox/cases/?use=forehead",
        "/treatments/botox/uses/forehead/",
    ]

    def grown(times: int) -> dict[str, int]:
        cases(times, first)
        cases(times, other)
        return {url: rows_read(url) for url in urls}

    small, large = grown(FEW), grown(MANY)
    grew = {url: (read, large[url]) for url, read in small.items() if large[url] > BAR * read}
    assert not grew, f"rows read before and after: {grew}"
    deep = Client().get("/treatments/botox/cases/").context["page"].next_url
    assert rows_read(f"/treatments/botox/cases/{deep}") <= BAR * large["/treatments/botox/cases/"]
