"""A patient reviews on a phone, a moderator publishes, the doctor's careless reply is held and the careful one appears."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from config.holding.loading import load
from doctors.models import ReviewReply
from tests.core.images import samples
from tests.factories import DoctorFactory, TreatmentFactory, UserFactory, moderator
from tests.journeys.conftest import problems_in_both_themes
from tests.journeys.test_main_job import decide, sign_in
from tests.working import do_tasks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SAID = "The line between my brows is gone, and I still look like me."
CARELESS = "Thank you for your visit in March, it was lovely to meet you."
CAREFUL = "Thank you for taking the time to write. Words like these help others, and our team."


def test_a_review_and_the_reply_to_it(visitor: Any, tmp_path: Path) -> None:
    picture = tmp_path / "brow.jpg"
    picture.write_bytes(samples.written(samples.drawn((300, 200)), "JPEG"))
    load()
    author, judge = UserFactory(handle="wren-7"), moderator()
    doctor = DoctorFactory(verified=True, name="Gillian Marsh", title="MD")
    TreatmentFactory(name="Botox", slug="botox")
    patient, reader = visitor(), visitor(javascript=False)
    physician, desk = visitor(), visitor(javascript=False, width=1280)

    sign_in(patient, author.email)
    patient.go(doctor.get_absolute_url())
    patient.follow("Review this doctor")
    patient.fill(treatment="botox")
    patient.press("Go on")
    patient.fill(treated_on=f"{timezone.localdate().year - 1}-05-03", verdict="worth_it", text=SAID)
    patient.page.get_by_label("How it turned out").check()
    patient.page.get_by_text("What you paid").click()
    patient.fill(cost_surgeon="450", cost_product="80.50")
    for name in ("own", "unpaid", "free", "agrees"):
        patient.fill(**{name: "yes"})
    patient.page.locator("input[type=file]").set_input_files(picture)
    patient.page.locator("[data-photos] [data-photo]").wait_for()
    patient.press("Preview")
    assert "Choose the currency." in patient.text()
    assert patient.page.locator("[data-photos] [data-photo]").count() == 1
    patient.fill(currency="USD", paid_in=str(timezone.localdate().year - 1))
    assert problems_in_both_themes(patient.page) == []
    patient.press("Preview")
    assert "Preview: as readers will see it" in patient.page.locator(".preview").inner_text()
    patient.press("Send to the moderators")
    assert "Your review is with the moderators" in patient.text()

    reader.go(f"{doctor.get_absolute_url()}reviews/")
    assert SAID not in reader.text()
    do_tasks()
    sign_in(desk, judge.email)
    decide(desk, SAID, "Publish")
    reader.go(f"{doctor.get_absolute_url()}reviews/")
    for words in ("wren-7", SAID, "1 worth it"):
        assert words in reader.text()
    assert "450" not in reader.text()
    assert reader.page.get_by_alt_text("A picture that the writer added").count() == 1

    sign_in(physician, doctor.user.email)
    physician.go("/desk/reviews/")
    physician.follow("Reply to wren-7")
    physician.fill(text=CARELESS)
    physician.press("Check and send")
    assert "your visit" in physician.page.locator(".found").inner_text()
    assert problems_in_both_themes(physician.page) == []
    assert not ReviewReply.objects.exists()
    physician.follow("Use this")
    physician.press("Check and send")
    assert "Your reply is with the moderators" in physician.text()
    decide(desk, CAREFUL, "Publish")
    reader.go(f"{doctor.get_absolute_url()}reviews/")
    assert CAREFUL in reader.text()
    assert CARELESS not in reader.text()
