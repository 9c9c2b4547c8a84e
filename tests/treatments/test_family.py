"""Cautions, emergency signs and notices reach down a family of three levels, all in the same way."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import SafetyNoticeFactory, SourceFactory, TreatmentFactory
from treatments.models import Caution, Treatment, family_of
from treatments.selectors import cautions_of, notices_of, treatments_with_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Treatment:
    signs = {"emergency_signs": "Sudden loss of sight.", "emergency_source": SourceFactory()}
    top = TreatmentFactory(name="Fillers", **signs)
    return TreatmentFactory(name="Brand", slug="brand", parent=TreatmentFactory(name="Gel", parent=top))


def caution(treatment: Treatment, kind: str, text: str) -> None:
    Caution.objects.create(treatment=treatment, kind=kind, text=text, source=SourceFactory())


def test_the_nearest_level_speaks_on_a_subject(brand: Treatment) -> None:
    gel, top = brand.parent, brand.parent.parent
    caution(top, "pregnancy", "Top on pregnancy.")
    caution(top, "infection", "Top on infection.")
    caution(gel, "pregnancy", "Gel on pregnancy.")
    caution(brand, "allergy", "Brand on allergy.")
    said = [(one.text, one.treatment.name) for one in cautions_of(brand)]
    assert said == [
        ("Brand on allergy.", "Brand"),
        ("Gel on pregnancy.", "Gel"),
        ("Top on infection.", "Fillers"),
    ]


def test_the_page_names_the_family_that_speaks(client: Client, brand: Treatment) -> None:
    caution(brand.parent.parent, "infection", "Top on infection.")
    html = client.get("/treatments/brand/").content.decode()
    assert "(all of Fillers)" in html
    assert "Sudden loss of sight." in html


def test_a_family_that_no_editor_has_reviewed_says_nothing(brand: Treatment) -> None:
    gel, top = brand.parent, brand.parent.parent
    caution(gel, "allergy", "Gel on allergy.")
    SafetyNoticeFactory(treatment=gel)
    held = SafetyNoticeFactory(treatment=top)
    Treatment.objects.filter(pk=gel.pk).update(is_reviewed=False)
    brand = Treatment.objects.get(pk=brand.pk)
    assert family_of(brand) == [brand, top]
    assert (cautions_of(brand), notices_of(brand), brand.emergency) == ([], [held], top)


def test_it_takes_one_query_each(brand: Treatment, django_assert_num_queries) -> None:
    loaded = treatments_with_family().get(pk=brand.pk)
    with django_assert_num_queries(2):
        cautions_of(loaded)
        notices_of(loaded)
        assert loaded.emergency.emergency_source.title


@pytest.mark.parametrize(
    ("slug", "kinds"),
    [
        ("thermage", {"implants", "pregnancy", "other", "pigment"}),
        ("chin-implant", {"smoking", "age", "other"}),
        ("blepharoplasty", {"anticoagulants", "other", "smoking", "age"}),
        ("ptosis-repair", {"neuromuscular", "anticoagulants", "age", "smoking", "other"}),
    ],
)
def test_the_families_of_the_catalogue_speak(slug: str, kinds: set[str]) -> None:
    call_command("load_catalogue", verbosity=0)
    treatment = treatments_with_family().get(slug=slug)
    assert {one.kind for one in cautions_of(treatment)} == kinds
    assert treatment.emergency == treatment
