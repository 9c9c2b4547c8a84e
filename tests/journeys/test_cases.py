"""A doctor makes a case on a phone, a moderator approves it, the person in the pictures narrows and takes it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from config.desk.reasons import load_reasons
from core.images.models import Rendition
from doctors.models import Case, Consent
from tests.core.images import samples
from tests.factories import DoctorFactory, TreatmentFactory, moderator
from tests.journeys.test_becoming import looked_at, signed_in
from tests.working import do_tasks

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("in_a_store"),
]


@pytest.fixture
def pictures(tmp_path: Path, settings: Any) -> list[Path]:
    settings.EVIDENCE_ROOT = tmp_path / "private"
    files = [tmp_path / "before.jpg", tmp_path / "after.jpg"]
    for file, size in zip(files, ((300, 400), (320, 400)), strict=True):
        file.write_bytes(samples.written(samples.drawn(size), "JPEG"))
    return files


def shown() -> list[int]:
    found = []
    for name in Rendition.objects.values_list("name", flat=True):
        response = Client().get(f"/photos/{name}")
        if response.streaming:
            b"".join(response)
        found.append(response.status_code)
    return found


def test_from_consent_to_a_case_and_back(visitor: Any, pictures: list[Path]) -> None:
    load_reasons()
    TreatmentFactory(name="Botox", slug="botox")
    doctor = DoctorFactory(verified=True)
    one = signed_in(visitor, doctor.user.email, width=390)
    one.go("/desk/cases/")
    looked_at(one)
    one.follow("Record a consent")
    one.fill(label="Record 12", how="screen", is_adult="on")
    for use in ("gallery", "treatment", "doctor"):
        one.page.locator(f'[name="uses"][value="{use}"]').check()
    one.press("Record it")
    assert "Say on which day" in one.text()
    one.page.locator('[name="signed_on"]').fill("2026-11-20")
    one.press("Record it")
    link = one.page.locator(".link-once").inner_text()
    looked_at(one)
    one.follow("It is passed on")

    one.go("/desk/cases/new/")
    one.page.get_by_label("Record 12").check()
    one.press("Go on")
    one.page.locator('[name="treatment"]').select_option(label="Botox")
    one.fill(technique="Five points", days_after="28", age_band="35-44")
    looked_at(one)
    one.press("Save and go on")
    one.page.locator('[name="before"]').set_input_files(pictures[0])
    one.press("Add this pair")
    assert "Choose this picture" in one.text()
    assert "need not choose it again" in one.text()
    one.page.locator('[name="after"]').set_input_files(pictures[1])
    one.press("Add this pair")
    looked_at(one)
    one.follow("Go on")
    for item in ("pose", "light"):
        one.page.locator(f'[name="alike"][value="{item}"]').check()
    one.fill(is_unedited="on")
    looked_at(one)
    one.press("Save and look through")
    assert "Comparable in 2 of 9" in one.text()
    looked_at(one)
    one.press("Send it to the moderators")
    assert "Sent." in one.text()
    do_tasks()
    assert set(shown()) == {404}

    desk = signed_in(visitor, moderator().email, width=1280)
    case = Case.objects.get()
    desk.go(f"/admin/moderation/case/{case.pk}/")
    desk.page.get_by_role("button", name="Publish").click()
    assert "Look for these too" in desk.page.locator("#content").inner_text()
    for tick in desk.page.locator('[name="checked"]').all():
        tick.check()
    desk.page.get_by_role("button", name="Publish").click()
    desk.page.wait_for_load_state()
    assert Case.objects.public().exists()
    assert set(shown()) == {200}

    # without a script, of which axe is one: another browser looks at the same pages
    subject, looking = visitor(width=390, javascript=False), visitor(width=390)
    for person in (subject, looking):
        person.page.goto(link)
        assert "Anybody can see these" in person.text()
    looked_at(looking)
    subject.page.locator('[name="uses"][value="gallery"]').uncheck()
    subject.press("Save what I agree to")
    assert "Done." in subject.text()
    assert Consent.objects.get().uses == ["treatment", "doctor"]
    for person in (subject, looking):
        person.follow("Take my consent back")
    looked_at(looking)
    subject.press("Take it back and delete the pictures")
    assert "Nothing of you is shown" in subject.text()
    looking.page.goto(link)
    assert "Nothing of you is shown" in looking.text()
    looked_at(looking)
    assert set(shown()) <= {404}
    assert subject.go(case.get_absolute_url()) == 410
