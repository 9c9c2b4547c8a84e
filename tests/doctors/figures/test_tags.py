"""What readers see of the numbers on pages of treatments, uses and doctors."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doctors.enums import Verdict, Weighed
from doctors.figures.nightly import move_figures
from doctors.figures.shares import PERCENT_FROM
from doctors.models import RATINGS, Doctor
from tests.doctors.figures.crowds import Said, paying, write
from tests.factories import DoctorFactory, UseFactory
from treatments.models import Treatment, TreatmentUse

pytestmark = pytest.mark.django_db
YES, NO = Said(), Said(verdict=Verdict.NOT_WORTH_IT, weighed=[Weighed.PRICE, Weighed.PAIN])


@pytest.fixture
def use() -> TreatmentUse:
    return UseFactory(treatment__slug="lift", treatment__name="Lift", slug="brow", name="Brow")


def drawn(tag: str, **context: object) -> str:
    return Template("{% load numbers %}{% " + tag + " %}").render(Context(context))


@pytest.mark.parametrize("n", [PERCENT_FROM - 1, PERCENT_FROM, PERCENT_FROM + 1])
def test_below_twenty_there_are_counts_and_from_twenty_on_a_percentage(use: TreatmentUse, n: int) -> None:
    write(DoctorFactory(published=True), use.treatment, [[YES]] * (n - 1) + [[NO]], use=use)
    for address in ("/treatments/lift/reviews/", "/treatments/lift/", "/treatments/lift/uses/brow/"):
        page = Client().get(address).content.decode()
        assert (f"{n} reviews: too few for a percentage." in page) is (n < PERCENT_FROM), address
        assert (f"95 %</strong> of {n} say it was worth it" in page) is (n >= PERCENT_FROM), address


def test_drawing_and_table_say_the_same(use: TreatmentUse) -> None:
    write(DoctorFactory(published=True), use.treatment, [[YES]] * 30 + [[NO]] * 10 + [[Said(day=400)]] * 3)
    page = drawn("worth_it treatment", treatment=use.treatment)
    assert "75 % of 40</text>" in page
    # the band from 59.8 to 85.8 %
    assert re.search(r'class="chart__band" x="59\.81%"[^>]* width="26\.0[01]%"', page)
    assert 'x1="75.00%" x2="75.00%"' in page
    row = re.search(r"3 months to a year</th>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'">([^<]*)</td>', row)[:5] == ["30", "10", "0", "75 %", "60–86 %"]
    assert ">too few for a percentage</text>" in page
    assert ">nobody yet</text>" in page
    assert "Pain <span" in page


def test_uses_stand_by_what_is_sure(use: TreatmentUse) -> None:
    doctor, treatment = DoctorFactory(published=True), use.treatment
    sure = UseFactory(treatment=treatment, slug="neck", name="Neck")
    write(doctor, treatment, [[YES]] * 20, use=use)
    write(doctor, treatment, [[YES]] * 97 + [[NO]] * 3, use=sure)
    page = drawn("worth_it treatment", treatment=treatment)
    assert page.index(">Neck</a>") < page.index(">Brow</a>")
    assert "100 %" in page


def test_of_what_nobody_reviewed_the_page_says_so(use: TreatmentUse) -> None:
    page = Client().get("/treatments/lift/reviews/").content.decode()
    assert "Nobody has reviewed this here yet. A percentage is shown once 20 people" in page
    assert "worth it (likely" not in Client().get("/treatments/lift/").content.decode()


def test_the_trust_page_states_what_the_code_does() -> None:
    page = re.sub(r"\s+", " ", Client().get("/trust/").content.decode())
    assert f"Below {PERCENT_FROM} who say yes or no there is no percentage" in page
    assert "are shown from 8 people on" in page
    assert "by groups of at least 5 people" in page


QUERIES = {
    "worth_it treatment": 5,
    "worth_it treatment use": 4,
    "worth_it_line treatment": 1,
    "cost_bands treatment": 1,
    "ratings_of doctor": 1,
}


def test_ten_reviews_and_a_thousand_cost_the_same_queries(use: TreatmentUse) -> None:
    doctor, treatment = DoctorFactory(published=True, country="US"), use.treatment
    said = [[Said(day=day, marks=dict.fromkeys(RATINGS, day % 5 + 1))] for day in range(5)]
    write(doctor, treatment, said + paying(range(1000, 6000, 1000)), use=use)
    assert asked(treatment, use, doctor) == QUERIES
    write(doctor, treatment, said * 160, use=use)
    write(doctor, treatment, paying(range(1000, 20_000, 100), paid_in=2024))
    move_figures()
    assert "2024 · 190 people" in drawn("cost_bands treatment", treatment=treatment)
    assert asked(treatment, use, doctor) == QUERIES


def asked(treatment: Treatment, use: TreatmentUse, doctor: Doctor) -> dict[str, int]:
    found = {}
    for tag in QUERIES:
        with CaptureQueriesContext(connection) as captured:
            drawn(tag, treatment=treatment, use=use, doctor=doctor)
        found[tag] = len(captured)
    return found
