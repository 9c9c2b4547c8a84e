"""A doctor leaves: their cases end, the labels and documents go, the history of consents stays without a name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from config.privacy.copies import contents
from config.privacy.erasing import erase
from core.images.models import Photo
from doctors.enums import EvidenceKind
from doctors.evidence import Paper, keep
from doctors.models import Case, Consent, ConsentEvent, ConsentPaper
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_of_an_erased_doctors_cases_numbers_and_dates_stay(settings: Any, tmp_path: Any) -> None:
    settings.EVIDENCE_ROOT, settings.ERASURE_JOURNAL = tmp_path / "evidence", tmp_path / "journal"
    case = CaseFactory(published=True, words="Said of somebody")
    consent = case.consent
    ConsentEvent.objects.create(
        consent=consent, change="given", party="doctor", uses=[], is_identifiable=False
    )
    paper = Paper(b"%PDF-1.7\n%%EOF\n", EvidenceKind.PDF)
    ConsentPaper.objects.create(consent=consent, **paper.under(keep(paper)))
    erase(case.doctor.user_id)
    row, left = Case.objects.get(), Consent.objects.get()
    assert (row.words, row.technique, row.has_ended) == ("", "", True)
    assert (left.label, left.token_hash, left.papers.count()) == ("erased", None, 0)
    assert left.events.count() == 1
    assert not Photo.objects.exists()
    assert not Case.objects.public().exists()
    assert Client().get(case.get_absolute_url()).status_code == 410


def test_a_copy_has_cases_and_consents_but_no_digest_of_a_link() -> None:
    case, other = CaseFactory(published=True), UserFactory()
    copied = {kept.model: list(rows) for kept, rows in contents(case.doctor.user)}
    assert copied["doctors.case"][0]["technique"] == case.technique
    assert "token_hash" not in copied["doctors.consent"][0]
    assert not any(
        rows for kept, rows in contents(other) if kept.model.startswith("doctors.c") and list(rows)
    )
