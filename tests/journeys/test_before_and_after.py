"""A visitor compares what was before with what is after, by keyboard, and uncovers what is sensitive only by asking."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from core.images import photos
from doctors.models import Case, CasePhoto
from tests.core.images import samples
from tests.factories import CaseFactory, TreatmentFactory
from tests.journeys.conftest import accessibility_problems
from tests.working import do_tasks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
GALLERY = "/treatments/botox/cases/"


def with_pictures(case: Case) -> Case:
    """The rows of the factory have no files; these have."""
    for held in case.photos.all():
        drawn = samples.written(samples.drawn((160, 200)), "JPEG")
        photo = photos.keep(BytesIO(drawn), by=case.doctor.user)
        photo.holder = CasePhoto._meta.label_lower
        photo.save()
        CasePhoto.objects.filter(pk=held.pk).update(photo=photo)
    do_tasks()
    return case


@pytest.fixture
def cases() -> dict[str, Case]:
    treatment = {"treatment": TreatmentFactory(name="Botox", slug="botox"), "published": True}
    return {
        "light": with_pictures(CaseFactory(**treatment, skin_type="1")),
        "dark": CaseFactory(**treatment, skin_type="6"),
        "sensitive": with_pictures(CaseFactory(**treatment, is_sensitive=True, consent__is_sensitive=True)),
    }


def fetched(person: Any) -> list[str]:
    """The pictures that a browser asks for from here on."""
    asked: list[str] = []
    person.page.on(
        "request", lambda request: asked.append(request.url) if "/photos/" in request.url else None
    )
    return asked


def left_edges(person: Any) -> list[float]:
    person.page.wait_for_function("[...document.images].every(each => each.naturalWidth > 0)")
    return [image.bounding_box()["x"] for image in person.page.locator(".pair img").all()]


def test_by_keyboard_with_a_script(visitor, cases) -> None:
    person = visitor(width=320)
    person.go(GALLERY)
    person.page.locator(".filters summary").press("Enter")
    person.page.locator('[name="skin"]').select_option("1")
    person.page.locator("main .filters").get_by_role("button", name="Show").press("Enter")
    person.page.wait_for_url("**/*skin=1*")
    person.follow("Botox, 30 days after")
    before, after = left_edges(person)
    assert before == after
    line = person.page.get_by_role("slider", name="How much of the picture before is shown, front view")
    line.focus()
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.press("ArrowRight")
    assert line.get_attribute("aria-valuetext") == "60 per cent before, 40 per cent after"
    clip = "getComputedStyle(document.querySelector('.pair__side--after')).clipPath"
    assert person.page.evaluate(clip) == "inset(0px 0px 0px 60%)"
    person.page.keyboard.press("End")
    assert line.get_attribute("aria-valuetext") == "Only the picture before"
    person.page.get_by_role("button", name="Side by side").press("Enter")
    before, after = left_edges(person)
    assert before < after
    assert accessibility_problems(person.page) == []
    assert not person.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_what_is_sensitive_is_fetched_when_one_asks(visitor, cases, javascript: bool) -> None:
    person = visitor(javascript=javascript)
    asked = fetched(person)
    address = cases["sensitive"].get_absolute_url()
    person.go(address)
    person.page.wait_for_load_state("networkidle")
    assert asked == []
    person.page.get_by_role("link", name="Show the pictures").press("Enter")
    person.page.wait_for_url("**show=pictures**")
    before, after = left_edges(person)
    assert (before == after) is javascript
    assert len(asked) == 2
    assert person.page.get_by_role("slider").count() == (1 if javascript else 0)
    person.follow("Cover the pictures")
    person.page.wait_for_load_state("networkidle")
    assert person.page.locator(".pair").count() == 0
