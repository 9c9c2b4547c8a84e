"""Doctors take their application back and apply again, and change what their profile says; without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from doctors.models import Doctor, DoctorRevision
from tests.doctors.test_applying import complete
from tests.factories import DoctorFactory, SpecialtyFactory, moderator
from tests.journeys.test_becoming import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def looked_at(person: Any) -> None:
    """Not wider than its screen; what axe finds is looked for where every page is visited."""
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), person.page.url


def test_an_application_is_withdrawn_and_a_profile_is_edited(
    visitor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    SpecialtyFactory(name="Dermatology", nucc_code="207N00000X")
    applicant = complete().user
    one = signed_in(visitor, applicant.email, width=320, javascript=False)
    one.go("/desk/apply/review/")
    one.press("Send it to the moderators")
    one.follow("Withdraw this application")
    looked_at(one)
    one.follow("Keep it")
    one.follow("Withdraw this application")
    one.press("Withdraw it")
    assert "Your application is withdrawn" in one.text()
    one.follow("Begin")
    one.fill(name="Ada Moss", title="MD", chosen="207N00000X", is_known="on")
    one.press("Save and go on")
    assert Doctor.objects.get(user=applicant).name == "Ada Moss"

    doctor = DoctorFactory(verified=True, name="Ben Ash", bio="I have practised since 2001.")
    two = signed_in(visitor, doctor.user.email, width=390, javascript=False)
    two.go("/desk/")
    two.follow("Edit your profile")
    looked_at(two)
    two.fill(languages="English, French", conflicts="Speaker for Acme", bio="I have practised since 2002.")
    two.press("Send it to the moderators")
    assert "awaiting review" in two.text()
    looked_at(two)

    reader = visitor(javascript=False)
    reader.go(doctor.get_absolute_url())
    assert "since 2001" in reader.text()
    desk = signed_in(visitor, moderator().email, width=1280, javascript=False)
    desk.go("/admin/?cause=profiles")
    desk.follow("Ben Ash MD")
    assert f"doctorrevision/{DoctorRevision.objects.pending().get().pk}/" in desk.page.url
    looked_at(desk)
    desk.page.get_by_role("button", name="Publish").first.click()
    desk.page.wait_for_load_state()
    reader.page.reload()
    assert "since 2002" in reader.text()
    assert "Speaker for Acme" in reader.text()
