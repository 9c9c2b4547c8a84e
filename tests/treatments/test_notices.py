"""Safety notices: whose they are, where they stand, who may set them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from core.audit import trail
from tests.factories import SafetyNoticeFactory, SourceFactory, TreatmentFactory, UseFactory, moderator
from treatments.models import SafetyNotice
from treatments.selectors import by_age, notices_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return TreatmentFactory(name="Fillers")


@pytest.fixture
def brand(family):
    return TreatmentFactory(name="Brand", parent=TreatmentFactory(name="Gel", parent=family))


def test_those_of_the_whole_family_hold_and_those_of_siblings_do_not(family, brand) -> None:
    own = SafetyNoticeFactory(treatment=brand, issued_on=date(2024, 1, 1))
    above = SafetyNoticeFactory(treatment=brand.parent, issued_on=date(2025, 1, 1))
    top = SafetyNoticeFactory(treatment=family, issued_on=date(2023, 1, 1))
    SafetyNoticeFactory(treatment=TreatmentFactory(parent=family))
    assert notices_of(brand) == [above, own, top]
    assert notices_of(family) == [top]


def test_those_withdrawn_and_those_of_unreviewed_treatments_do_not_hold(brand) -> None:
    SafetyNoticeFactory(treatment=brand, withdrawn_on=timezone.localdate())
    assert notices_of(brand) == []
    unreviewed = TreatmentFactory(is_reviewed=False)
    SafetyNoticeFactory(treatment=unreviewed)
    assert notices_of(unreviewed) == []


def test_it_cannot_end_before_it_began() -> None:
    with pytest.raises(IntegrityError, match="ends_after_it_begins"):
        SafetyNoticeFactory(issued_on=date(2026, 1, 2), withdrawn_on=date(2026, 1, 1))


@pytest.mark.parametrize(("today", "age"), [(date(2026, 3, 6), "recent"), (date(2026, 3, 7), "older")])
def test_a_notice_is_recent_for_twenty_four_months(today: date, age: str) -> None:
    notice = SafetyNoticeFactory(issued_on=date(2024, 3, 6))
    with time_machine.travel(today):
        assert by_age([notice])[age] == [notice]


@pytest.mark.parametrize(
    "page", ["/treatments/brand/", "/treatments/brand/uses/", "/treatments/brand/uses/lips/"]
)
def test_they_stand_on_every_page_of_the_treatment(client, family, brand, page: str) -> None:
    UseFactory(treatment=brand, slug="lips")
    notice = SafetyNoticeFactory(treatment=family, product="Batch 9")
    assert "Batch 9" in client.get(page).content.decode()
    SafetyNotice.objects.filter(pk=notice.pk).update(withdrawn_on=timezone.localdate())
    assert "Batch 9" not in client.get(page).content.decode()


class TestDesk:
    def form(self, **fields) -> dict:
        return {
            "treatment": TreatmentFactory().pk,
            "product": "  Batch   9 ",
            "text": "Do not\nuse it.",
            "source": SourceFactory().pk,
            "issued_on": "2026-03-06",
            "why": "The regulator wrote.",
            **fields,
        }

    def test_a_moderator_enters_one_and_withdraws_it_on_record(self, sign_in) -> None:
        someone = moderator()
        person = sign_in(someone)
        form = self.form()
        person.post("/admin/treatments/safetynotice/add/", form)
        notice = SafetyNotice.objects.get()
        assert (notice.product, notice.text) == ("Batch 9", "Do not use it.")
        change = f"/admin/treatments/safetynotice/{notice.pk}/change/"
        person.post(change, {**form, "withdrawn_on": "2026-03-05"})
        assert not SafetyNotice.objects.filter(withdrawn_on__isnull=False).exists()
        person.post(change, {**form, "withdrawn_on": "2026-03-07"})
        assert not SafetyNotice.objects.current().exists()
        assert [(entry.actor, entry.action) for entry in trail(notice)] == [
            (someone, "edit"),
            (someone, "add"),
        ]

    def test_the_list_can_be_narrowed_and_searched(self, sign_in) -> None:
        SafetyNoticeFactory(product="Batch 9", withdrawn_on=timezone.localdate() + timedelta(days=1))
        SafetyNoticeFactory(product="Batch 10")
        person = sign_in(moderator())
        html = person.get("/admin/treatments/safetynotice/?withdrawn_on__isnull=True").content.decode()
        assert "Batch 10" in html
        assert "Batch 9" not in html
        assert "Batch 9" in person.get("/admin/treatments/safetynotice/?q=batch+9").content.decode()
