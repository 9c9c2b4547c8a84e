"""How long the numbers of a treatment take with 100,000 entries. Slow, and no part of the suite: its name is not a test's.

    python -m pytest -n 0 -s tests/bench_numbers.py

Prints milliseconds, the best of five; docs/performance.md quotes them.
"""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.template import Context, Template

from doctors.figures.nightly import move_figures
from doctors.models import RATINGS
from tests.doctors.figures.crowds import Said, paying, write
from tests.factories import DoctorFactory, UseFactory

REVIEWS, TRIES = 50_000, 5
MORE = """
INSERT INTO accounts_user ({users}) SELECT {user_values} FROM accounts_user t, generate_series(1, {number}) n WHERE t.id = {author};
INSERT INTO doctors_review ({reviews}) SELECT {review_values}
FROM doctors_review t, accounts_user u WHERE t.id = {review} AND u.handle LIKE 'bench-%';
INSERT INTO doctors_reviewentry ({entries}) SELECT {entry_values}
FROM doctors_reviewentry t, doctors_review r, (VALUES (20), (120)) AS days (day)
WHERE t.id = {entry} AND r.id > {review};
"""


def columns(model: type, **varied: str) -> tuple[str, str]:
    """Names, and values of a copy of row t in which these are others."""
    names = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    return ", ".join(names), ", ".join(varied.get(name, f"t.{name}") for name in names)


def fill() -> dict[str, object]:
    doctor, use = DoctorFactory(published=True, country="US"), UseFactory()
    said = [[Said(day=20, marks=dict.fromkeys(RATINGS, mark))] for mark in (4, 5)] * 8
    write(doctor, use.treatment, said + paying(range(1000, 9000, 500)), use=use)
    review = write(doctor, use.treatment, [[Said(day=20)]], use=use)[0]
    entry = review.entries.get()
    users, user_values = columns(
        type(review.author), email="'bench' || n || '@example.org'", handle="'bench-' || n"
    )
    reviews, review_values = columns(type(review), author_id="u.id", latest_id="NULL")
    wide = "CASE WHEN r.id % 4 = 0 THEN 'not_worth_it' ELSE 'worth_it' END"
    weighed = "CASE WHEN r.id % 4 = 0 THEN '{price,pain}'::varchar[] ELSE '{}' END"
    entries, entry_values = columns(
        type(entry), review_id="r.id", day="days.day", verdict=wide, weighed=weighed
    )
    with connection.cursor() as cursor:
        cursor.execute(
            MORE.format(
                users=users,
                user_values=user_values,
                reviews=reviews,
                review_values=review_values,
                entries=entries,
                entry_values=entry_values,
                number=REVIEWS,
                author=review.author_id,
                review=review.pk,
                entry=entry.pk,
            )
            .replace("LIKE 'bench-%'", "LIKE 'bench-%%'")
            .replace("%%", "%")
        )
        cursor.execute("VACUUM ANALYZE")
    return {"treatment": use.treatment, "use": use, "doctor": doctor}


@pytest.mark.django_db(transaction=True)
def test_the_numbers_of_a_hundred_thousand_entries() -> None:
    context = fill()
    began = time.perf_counter()
    move_figures()
    print(f"| the night | {1000 * (time.perf_counter() - began):,.0f} ms |")  # noqa: T201
    for tag in (
        "worth_it treatment",
        "worth_it treatment use",
        "worth_it_line treatment",
        "cost_bands treatment",
        "ratings_of doctor",
    ):
        drawing = Template("{% load numbers %}{% " + tag + " %}")
        best = min(_seconds(drawing, context) for _ in range(TRIES))
        print(f"| `{tag}` | {1000 * best:.0f} ms |")  # noqa: T201
        assert best < 2, tag


def _seconds(drawing: Template, context: dict[str, object]) -> float:
    began = time.perf_counter()
    drawing.render(Context(context))
    return time.perf_counter() - began
