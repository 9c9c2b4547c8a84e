"""A doctor applies on a phone, is verified by a moderator, and an imported profile is claimed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from doctors.models import Doctor, PostalPlace, ProfileClaim
from tests.accounts.test_second_factor import code_of
from tests.factories import PASSWORD, AnswerFactory, DoctorFactory, SpecialtyFactory, UserFactory, senior
from tests.journeys.conftest import accessibility_problems

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def scan(tmp_path: Path, settings: Any) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    (tmp_path / "scan.pdf").write_bytes(PDF)
    return tmp_path / "scan.pdf"


def signed_in(visitor: Any, email: str, **options: Any) -> Any:
    person = visitor(**options)
    person.go("/accounts/login/")
    person.fill(login=email, password=PASSWORD)
    person.press("Sign in")
    return person


def looked_at(person: Any) -> None:
    """Not wider than its screen, and axe finds nothing, light or dark."""
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), person.page.url
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        person.page.wait_for_timeout(300)  # colours change softly
        assert accessibility_problems(person.page) == [], f"{person.page.url} {scheme}"


def test_a_doctor_applies_on_a_phone_and_is_verified(visitor: Any, settings: Any, scan: Path) -> None:
    SpecialtyFactory(name="Dermatology", nucc_code="207N00000X")
    PostalPlace.objects.create(code="38104", city="Memphis", region="TN", latitude=35.1, longitude=-90.0)
    UserFactory(email="ada@example.org")
    settings.SECOND_FACTOR = True
    one = signed_in(visitor, "ada@example.org", width=320)
    one.go("/doctors/")
    one.follow("Answer here as a doctor")
    looked_at(one)
    one.follow("Begin")
    one.fill(name="Ada Moss", title="MD", chosen="207N00000X", is_known="on")
    looked_at(one)
    one.press("Save and go on")

    one.follow("Set up an app")
    one.fill(password=PASSWORD)
    one.press("Go on")
    secret = re.search(r"Key: (\w+)", one.text())
    assert secret
    one.fill(code=code_of(secret[1]))
    one.press("Set up")
    one.go("/accounts/2fa/")
    one.follow("On to your application")
    looked_at(one)

    one.follow("Licences and certificates")
    one.fill(kind="licence", authority="GMC", number="12", country="UK")
    one.press("Save it")
    assert "seven digits" in one.text()
    looked_at(one)
    one.fill(number="1234567")
    one.page.locator('[name="evidence"]').set_input_files(scan)
    one.press("Save it")
    assert "Proof: PDF" in one.text()
    looked_at(one)
    one.follow("Go on")
    one.fill(name="Clinic", country="US", postal_code="38104")
    one.press("Save it")
    assert "Memphis, TN" in one.text()
    one.follow("Go on")
    one.fill(languages="English", conflicts="Speaker for a maker of lasers")
    one.press("Save and go on")
    looked_at(one)
    one.press("Send it to the moderators")
    assert "Not checked yet" in one.text()
    looked_at(one)

    settings.SECOND_FACTOR = False
    doctor = Doctor.objects.get(name="Ada Moss")
    desk = signed_in(visitor, senior().email, width=1280)
    desk.go(f"/admin/moderation/doctor/{doctor.pk}/")
    page = desk.page
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF of")).click()
    assert Path(download.value.path()).read_bytes() == PDF
    page.locator(".desk-check summary").click()
    page.locator('.desk-check [name$="-result"]').select_option("verified")
    page.get_by_role("button", name="Record what is filled in").click()
    page.get_by_role("button", name="Publish").first.click()
    page.wait_for_load_state()
    doctor.refresh_from_db()
    assert doctor.is_public
    assert doctor.is_verified_now
    one.go("/desk/apply/")
    assert "Found as stated" in one.text()


def test_an_imported_profile_is_claimed(visitor: Any, scan: Path) -> None:
    imported = DoctorFactory(published=True, is_imported=True, user=None, name="Ben Ash")
    AnswerFactory(published=True, doctor=imported, is_imported=True)
    UserFactory(email="ben@example.org")
    one = signed_in(visitor, "ben@example.org", javascript=False)
    one.go(imported.get_absolute_url())
    one.follow("Claim this profile")
    one.fill(kind="licence", authority="State board", number="B-1", country="US")
    one.page.locator('[name="evidence"]').set_input_files(scan)
    one.press("Send it to the moderators")
    assert "A moderator compares" in one.text()

    desk = signed_in(visitor, senior().email, width=1280)
    desk.go(f"/admin/moderation/profileclaim/{ProfileClaim.objects.get().pk}/")
    assert accessibility_problems(desk.page) == []
    desk.page.get_by_role("button", name="Publish").first.click()
    desk.page.wait_for_load_state()
    one.page.reload()
    assert "This profile is yours" in one.text()
    one.follow("Your desk")
    assert "Ben Ash" in one.text()
