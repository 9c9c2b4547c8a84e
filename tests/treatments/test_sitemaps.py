"""What search engines are told of the catalogue."""

import pytest
from django.test import Client

from tests.factories import TreatmentFactory, UseFactory

pytestmark = pytest.mark.django_db


def test_only_reviewed_treatments_and_their_uses_are_listed(client: Client) -> None:
    UseFactory(treatment=TreatmentFactory(name="Botox"), slug="calves")
    UseFactory(treatment=TreatmentFactory(name="Hidden", is_reviewed=False), slug="secret")
    xml = "".join(
        client.get(f"/sitemap-{section}.xml").content.decode() for section in ("treatments", "uses")
    )
    assert "/treatments/botox/</loc>" in xml
    assert "/treatments/botox/uses/calves/</loc>" in xml
    assert "hidden" not in xml
