"""Deciding on cases: everything on one screen, pictures covered, nothing published unticked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from config.desk.kinds import KINDS
from config.holding.loading import load
from core.enums import Private, State
from core.models import AccessEntry, AuditEntry, Report
from core.moderation import transition
from core.rules.running import signals_of
from doctors.enums import EndedBy, EvidenceKind, Recognisable
from doctors.evidence import Paper, keep
from doctors.models import Case, ConsentPaper
from tests.factories import (
    CaseFactory,
    ConsentFactory,
    DoctorFactory,
    ReviewEntryFactory,
    ReviewReplyFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


def url(case: Case) -> str:
    return f"/admin/moderation/case/{case.pk}/"


def publish(client: Client, case: Case, *ticked: str) -> int:
    said = {"to": State.PUBLISHED, "version": case.version, "checked": ticked}
    return client.post(url(case), said).status_code


def test_the_screen_says_what_the_consent_is_for_and_covers_the_pictures(sign_in: Callable) -> None:
    consent = ConsentFactory(label="Chair by the window", uses=["doctor"])
    case = CaseFactory(pending=True, consent=consent, doctor=consent.doctor, alike=["pose"])
    page = sign_in(moderator()).get(url(case)).content.decode()
    assert "On the doctor’s own page" in page
    assert "May not be recognised" in page
    assert "1 of 9" in page
    assert "the light differs" in page
    assert page.count('<details class="desk-pair">') == 1
    assert "Chair by the window" not in page


def test_it_is_published_once_everything_is_ticked_and_that_is_on_record(sign_in: Callable) -> None:
    """T-PR-09."""
    case, by = CaseFactory(pending=True, looked_through=None), moderator()
    client = sign_in(by)
    assert publish(client, case, *Recognisable.values[:-1]) == 400
    case.refresh_from_db()
    assert case.state == State.PENDING
    assert publish(client, case, *Recognisable.values) == 302
    case.refresh_from_db()
    assert case.state == State.PUBLISHED
    entry = AuditEntry.objects.get(action="looked through")
    assert (entry.object_id, entry.actor) == (case.pk, by)


def test_without_the_list_no_way_leads_to_publication(sign_in: Callable) -> None:
    case = CaseFactory(pending=True, looked_through=None)
    client = sign_in(moderator())
    choice = f"case-{case.pk}-{case.version}"
    client.post("/admin/moderation/bulk/", {"to": State.PUBLISHED, "choice": [choice]})
    case.refresh_from_db()
    assert case.state == State.PENDING


def test_what_is_not_covered_any_more_is_not_published_and_says_why(sign_in: Callable) -> None:
    case = CaseFactory(pending=True, looked_through=None)
    case.consent.uses = []
    case.consent.save()
    response = sign_in(moderator()).post(
        url(case), {"to": State.PUBLISHED, "version": case.version, "checked": Recognisable.values}
    )
    assert response.status_code == 409
    assert "The consent does not hold" in response.content.decode()


def test_what_has_ended_waits_for_nobody() -> None:
    case = CaseFactory(pending=True, technique="")
    assert KINDS["case"].waiting().exists()
    Case.objects.filter(pk=case.pk).update(ended_at=case.submitted_at, ended_by=EndedBy.SUBJECT)
    assert not KINDS["case"].waiting().exists()


def test_the_signed_document_is_opened_on_record(sign_in: Callable, tmp_path, settings) -> None:
    settings.EVIDENCE_ROOT = tmp_path
    paper = Paper(b"%PDF-1.7\n%%EOF\n", EvidenceKind.PDF)
    case = CaseFactory(pending=True)
    kept = ConsentPaper.objects.create(consent=case.consent, **paper.under(keep(paper)))
    address, by = f"/admin/moderation/consent/{kept.pk}/", moderator()
    assert sign_in(DoctorFactory(verified=True).user).get(address).status_code == 403
    response = sign_in(by).get(address)
    assert response.content == paper.content
    assert "sandbox" in response["Content-Security-Policy"]
    assert AccessEntry.objects.get(kind=Private.EVIDENCE).actor == by


@pytest.mark.parametrize(
    ("country", "technique", "held"),
    [
        ("GB", "Botox in the forehead", True),
        ("GB", "Botulinum toxin in the forehead", True),
        ("US", "Botox in the forehead", False),
        ("GB", "Hyaluronic acid filler", False),
    ],
)
def test_a_medicine_on_prescription_is_held_where_it_may_not_be_named(
    country: str, technique: str, held: bool
) -> None:
    """T-MS-04."""
    load()
    case = CaseFactory(doctor=DoctorFactory(verified=True, country=country), technique=technique)
    transition(case, to=State.PENDING, by=case.doctor.user)
    assert ("prescription-names" in [signal.code for signal in signals_of(case)]) is held
    assert (case.risk > 0) is held


def test_whoever_is_in_a_picture_is_heard_first(sign_in: Callable) -> None:
    case = CaseFactory(published=True)
    client = sign_in(UserFactory())
    form = client.get(f"/reports/new/?about=case-{case.pk}&kind=me").content.decode()
    assert "This is a picture of me" in form
    client.post(f"/reports/new/?about=case-{case.pk}", {"kind": "me"})
    assert Report.objects.get().risk == 3
    assert Case.objects.public().exists()
    reply = ReviewReplyFactory(published=True, review=ReviewEntryFactory(published=True).review)
    words = client.get(f"/reports/new/?about=reviewreply-{reply.pk}").content.decode()
    assert "Selling something" in words
    assert "This is a picture of me" not in words
