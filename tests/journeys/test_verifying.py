"""A moderator checks a licence that is due, with its evidence, by keyboard alone, with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from core.models import AccessEntry
from doctors.models import Doctor, EvidenceFile, Verification
from doctors.services import record_verification
from tests.factories import PASSWORD, CredentialFactory, DoctorFactory, senior
from tests.journeys.conftest import accessibility_problems

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n%%EOF\n"
LONG = "Landesärztekammerprüfungskommission" * 3


@pytest.fixture
def doctor() -> Doctor:
    """Her licence was checked a year ago; the certificate has never been."""
    doctor = DoctorFactory(published=True, name="Ada Moss")
    CredentialFactory(doctor=doctor, authority=f"Board {LONG}", number="")
    licence = CredentialFactory(
        doctor=doctor,
        kind="licence",
        authority="General Medical Council",
        number="OLD-7",
        country="GB",
        expires_on=None,
    )
    long_ago = timezone.localdate() - timedelta(days=366)
    record_verification(
        doctor=doctor, by=senior(), result="verified", source=LONG, credential=licence, checked_on=long_ago
    )
    return doctor


def test_a_due_licence_is_checked_with_its_evidence(
    visitor, doctor: Doctor, javascript: bool, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    me = senior(email="senior@example.org")
    person = visitor(javascript=javascript, width=320)
    person.go("/accounts/login/")
    person.fill(login=me.email, password=PASSWORD)
    person.press("Sign in")

    assert person.go("/admin/?cause=due") == 200
    page = person.page
    page.get_by_role("link", name="Ada Moss MD, General Medical Council").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if javascript:
        assert accessibility_problems(page) == []

    licence = doctor.credentials.get(kind="licence")
    row = page.locator(f"#credential-{licence.pk}")
    assert "A number of the General Medical Council is seven digits." in row.inner_text()
    assert "(past)" in row.inner_text()
    board = page.locator("article", has_text="Board certification").locator("summary")
    board.focus()
    page.keyboard.press("Enter")  # opens what is closed
    assert page.get_by_label("Result").count() >= 2

    row.get_by_label("Result").focus()
    page.keyboard.press("ArrowDown")
    assert row.get_by_label("Result").input_value() == "verified"
    for _ in range(20):  # a date has several stops of its own
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "file":
            break
    page.locator(":focus").set_input_files(letter)
    page.get_by_role("button", name="Record what is filled in").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Ada Moss, MD is now “Verified”" in page.locator("#container").inner_text()
    assert Verification.objects.filter(doctor=doctor).count() == 2
    assert Doctor.objects.get(pk=doctor.pk).is_verified_now

    person.go(f"/admin/moderation/doctor/{doctor.pk}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="evidence (PDF)").first.click()
    assert Path(download.value.path()).read_bytes() == PDF
    assert AccessEntry.objects.filter(actor=me, object_id=EvidenceFile.objects.get().pk).count() == 1
