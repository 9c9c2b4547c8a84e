"""One use of a treatment."""

import pytest
from django.test import Client

from tests.factories import AnswerFactory, LabelStatusFactory, QuestionFactory, TreatmentFactory, UseFactory
from treatments.models import TreatmentUse

pytestmark = pytest.mark.django_db
URL = "/treatments/botox/uses/calves/"


@pytest.fixture
def calves() -> TreatmentUse:
    botox = TreatmentFactory(name="Botox")
    return UseFactory(treatment=botox, name="Calf reduction", slug="calves", lay_name="slimmer calves")


def test_it_says_what_the_label_says_everywhere(client: Client, calves: TreatmentUse) -> None:
    for place, status in (("AU", "approved"), ("EU", "not_permitted"), ("US", "off_label")):
        LabelStatusFactory(use=calves, jurisdiction=place, status=status, note=f"A note on {place}")
    html = client.get(URL).content.decode()
    places = ["United States", "European Union", "Australia"]
    assert sorted(places, key=html.index) == places
    for words in (
        "Off-label",
        "Not permitted",
        "Approved",
        "A note on EU",
        "Off-label does not mean forbidden",
    ):
        assert words in html


def test_a_use_without_any_label_does_not_claim_one(client: Client, calves: TreatmentUse) -> None:
    html = client.get(URL).content.decode()
    assert "No label document is listed" in html
    assert "Off-label does not mean" not in html


def test_the_bar_counts_each_doctor_once_over_all_threads(client: Client, calves: TreatmentUse) -> None:
    first, second = (
        QuestionFactory(published=True, treatment=calves.treatment, use=calves) for _ in range(2)
    )
    doctors = [
        AnswerFactory(published=True, question=first, stance="against", reason="safety").doctor
        for _ in range(3)
    ]
    AnswerFactory(published=True, question=second, stance="against", reason="safety", doctor=doctors[0])
    html = client.get(URL).content.decode()
    assert "All 3 doctors advise against it" in html
    assert first.title in html
    assert second.title in html


def test_it_leads_to_the_threads_and_to_asking_about_it(client: Client, calves: TreatmentUse) -> None:
    QuestionFactory(published=True, treatment=calves.treatment, use=calves)
    html = client.get(URL).content.decode()
    assert 'href="/treatments/botox/questions/?use=calves"' in html
    assert 'href="/questions/ask/?treatment=botox&amp;use=calves"' in html


def test_a_use_of_another_treatment_is_not_here(client: Client, calves: TreatmentUse) -> None:
    TreatmentFactory(name="Dysport")
    assert client.get("/treatments/dysport/uses/calves/").status_code == 404
    assert client.get("/treatments/botox/uses/none/").status_code == 404
