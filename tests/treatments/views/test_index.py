"""All treatments on one page."""

import pytest
from django.test import Client

from tests.factories import BodyAreaFactory, TreatmentFactory
from treatments.models import TreatmentSynonym

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    response = client.get("/treatments/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_treatment_is_found_under_every_name_and_body_area(client: Client) -> None:
    botox = TreatmentFactory(name="Botox", generic="onabotulinumtoxinA", is_prescription_only=True)
    TreatmentSynonym.objects.create(treatment=botox, name="frown line injections", kind="lay")
    botox.body_areas.add(BodyAreaFactory(slug="lower-legs", name="Lower legs"))
    html = page(client)
    assert "also: onabotulinumtoxinA, frown line injections" in html
    assert 'id="area-lower-legs"' in html
    assert 'id="letter-B"' in html
    assert "Prescription only" in html


def test_families_list_their_members(client: Client) -> None:
    family = TreatmentFactory(name="Botulinum toxin")
    TreatmentFactory(name="Xeomin", parent=family)
    html = page(client)
    families = html[html.index('id="families"') : html.index('id="a-z"')]
    assert "Botulinum toxin" in families
    assert "Xeomin" in families


def test_names_stand_in_the_order_of_a_dictionary(client: Client) -> None:
    for name in ("Éclair peel", "zinc", "eyelid surgery", "5-FU"):
        TreatmentFactory(name=name, slug=name[-4:].strip())
    html = page(client)
    letters = html[html.index('id="a-z"') :]
    found = sorted(
        ("5-FU", "Éclair peel", "eyelid surgery", "zinc"), key=lambda name: letters.index(f">{name}</a>")
    )
    assert found == ["5-FU", "Éclair peel", "eyelid surgery", "zinc"]
    assert 'href="#letter-0"' in html


def test_what_no_editor_has_reviewed_is_not_there(client: Client) -> None:
    family = TreatmentFactory(name="Hidden family", is_reviewed=False)
    TreatmentFactory(name="Visible child", parent=family)
    TreatmentFactory(name="Hidden child", is_reviewed=False)
    html = page(client)
    assert "Visible child" in html
    assert "Hidden" not in html


def test_an_empty_catalogue_is_a_page_too(client: Client) -> None:
    assert "0 treatments" in page(client)
