"""The pages an attacker keeps: with one review more, one changed, one taken back, and one night between."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.enums import State
from doctors.figures.nightly import move_figures
from doctors.figures.releases import GROUP, SHOWN_FROM
from doctors.models import RATINGS, Contribution, Doctor, Figure, Review, ReviewEntry
from tests.doctors.figures.crowds import Said, paying, say, write
from tests.factories import DoctorFactory, TreatmentFactory
from treatments.models import Treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> Doctor:
    return DoctorFactory(published=True, country="US")


@pytest.fixture
def treatment() -> Treatment:
    return TreatmentFactory(slug="lift", name="Lift")


def section(url: str, name: str) -> str:
    """The part of a page that an attacker keeps."""
    page = Client().get(url).content.decode()
    return re.search(rf'<section class="section" id="{name}".*?</section>', page, re.DOTALL)[0]


def costs(treatment: Treatment) -> str:
    return section(f"/treatments/{treatment.slug}/reviews/", "costs")


def ratings(doctor: Doctor) -> str:
    return section(f"/doctors/{doctor.slug}/reviews/", "ratings")


@pytest.mark.parametrize(
    ("n", "is_shown"), [(SHOWN_FROM - 1, False), (SHOWN_FROM, True), (SHOWN_FROM + 1, True)]
)
def test_costs_are_shown_from_eight_people_on(doctor, treatment, n: int, is_shown: bool) -> None:
    write(doctor, treatment, paying(range(1000, 1000 + 100 * n, 100)))
    assert "Too few to say" in costs(treatment), "nothing moves by day"
    move_figures()
    page = costs(treatment)
    assert (f"2025 · {n} people" in page) is is_shown
    assert ("Too few to say" in page) is not is_shown
    assert ("The United States, in USD" in page) is is_shown


def test_the_table_says_what_the_drawing_says(doctor, treatment) -> None:
    """Quartiles of 1000 to 9000 by thousands, and what it was paid for."""
    write(doctor, treatment, paying(range(1000, 10_000, 1000)))
    move_figures()
    page = costs(treatment)
    assert "3,000–7,000" in page
    for heading, figure in (
        ("People", "9"),
        ("A quarter under", "3,000"),
        ("Half under", "5,000"),
        ("A quarter over", "7,000"),
    ):
        assert f'data-label="{heading}">{figure}</td>' in page
    assert "nearly all: the doctor" in page


def test_of_one_more_there_is_nothing_to_see_and_of_five_more_only_all(doctor, treatment) -> None:
    write(doctor, treatment, paying(range(1000, 9000, 1000)))
    move_figures()
    before = costs(treatment)
    for paid in range(GROUP - 1):
        write(doctor, treatment, paying([50_000 + paid]))
        move_figures()
        assert costs(treatment) == before
    write(doctor, treatment, paying([54_000]))
    assert costs(treatment) == before
    move_figures()
    assert f"2025 · {8 + GROUP} people" in costs(treatment)


def test_a_later_word_about_costs_changes_nothing(doctor, treatment) -> None:
    review, *_ = write(doctor, treatment, paying(range(1000, 13_000, 1000)))
    move_figures()
    before = costs(treatment)
    say(review, Said(day=400, costs={"surgeon": Decimal(90_000)}))
    move_figures()
    assert costs(treatment) == before


@pytest.mark.parametrize("goes", ["taken back", "erased"])
def test_who_leaves_is_gone_by_the_next_night_with_four_others(doctor, treatment, goes: str) -> None:
    review, *_ = write(doctor, treatment, paying(range(1000, 41_000, 1000)))
    move_figures()
    if goes == "erased":
        review.delete()
    else:
        ReviewEntry.objects.filter(review=review).update(state=State.WITHDRAWN)
    move_figures()
    assert f"2025 · {40 - GROUP} people" in costs(treatment)
    assert not Contribution.objects.filter(review=review.pk).exclude(said="").exists()
    after = costs(treatment)
    move_figures()
    assert costs(treatment) == after, "those who left with somebody do not come back"


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marks=st.lists(st.integers(1, 5), min_size=8, max_size=24),
    what=st.sampled_from(["added", "changed", "removed"]),
    mark=st.integers(1, 5),
)
def test_two_pages_of_marks_differ_by_a_group_or_not_at_all(
    doctor, treatment, marks, what: str, mark: int
) -> None:
    Review.objects.all().delete()
    Figure.objects.all().delete()
    reviews = write(doctor, treatment, [[Said(marks={"listened": given})] for given in marks])
    move_figures()
    before = Figure.objects.filter(part="listened").first()
    page = ratings(doctor)
    match what:
        case "added":
            write(doctor, treatment, [[Said(marks={"listened": mark})]])
        case "changed":
            say(reviews[0], Said(day=400, marks={"listened": mark}))
        case "removed":
            reviews[0].delete()
    move_figures()
    after = Figure.objects.filter(part="listened").first()
    if what != "removed" or before is None or not before.shown:
        assert ratings(doctor) == page or not (before and before.shown)
    else:
        assert before.counted - after.counted >= GROUP


def test_marks_that_are_all_the_same_wait_and_nothing_is_rounded_to_five(doctor, treatment) -> None:
    write(doctor, treatment, [[Said(marks=dict.fromkeys(RATINGS, 5))]] * 12)
    move_figures()
    assert "Too few to say" in ratings(doctor)
    write(doctor, treatment, [[Said(marks=dict.fromkeys(RATINGS, 4))]])
    move_figures()
    page = ratings(doctor)
    assert page.count("13 of 13 people gave 4 or 5 of 5") == len(RATINGS)
    assert 'data-label="5 of 5">12</td><td class="number" data-label="4 of 5">1</td>' in page
    assert "5.0" not in page


@pytest.mark.parametrize(("days_ago", "said"), [(150, "too few to say"), (151, "7 of 10 did not come back")])
def test_who_did_not_come_back_is_said_once_there_was_time(
    doctor, treatment, days_ago: int, said: str
) -> None:
    """Asked at day 90, a month to answer, a month for moderators: of ten, three wrote."""
    people = [[Said(day=15), *([Said(day=95)] if place < 3 else [])] for place in range(10)]
    write(doctor, treatment, people, days_ago=days_ago)
    move_figures()
    page = section(f"/treatments/{treatment.slug}/reviews/", "worth-it")
    assert said in re.search(r"3 months to a year</th>.*?</tr>", page, re.DOTALL)[0]


def test_a_small_group_cannot_be_shown_whatever_writes_it() -> None:
    with pytest.raises(IntegrityError, match="shows_no_small_group"), transaction.atomic():
        Figure.objects.create(kind="marks", of=1, part="listened", counted=SHOWN_FROM - 1, shown={"n": 7})
