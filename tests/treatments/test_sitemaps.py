"""What search engines are told of the catalogue."""

from datetime import date

import pytest
from django.test import Client

from tests.factories import LabelStatusFactory, SourceFactory, TreatmentFactory, UseFactory
from treatments.models import Caution

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


def test_the_guide_and_the_sitemap_name_the_same_day(client: Client) -> None:
    botox = TreatmentFactory(name="Botox")
    assert "lastReviewed" not in client.get("/treatments/botox/").content.decode()
    assert "<lastmod>" not in client.get("/sitemap-treatments.xml").content.decode()
    Caution.objects.create(
        treatment=botox, kind="other", text="Careful.", source=SourceFactory(), checked_on=date(2026, 3, 1)
    )
    LabelStatusFactory(use=UseFactory(treatment=botox), jurisdiction="AU", checked_on=date(2026, 5, 2))
    assert '"lastReviewed": "2026-05-02"' in client.get("/treatments/botox/").content.decode()
    assert "<lastmod>2026-05-02</lastmod>" in client.get("/sitemap-treatments.xml").content.decode()
