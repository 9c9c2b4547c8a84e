"""Pictures with a question: on a phone with a finger and a keyboard, and as a plain form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from core.images import store
from core.images.models import Photo
from questions.models import QuestionPhoto
from tests.core.images import samples
from tests.factories import UserFactory, moderator
from tests.journeys.conftest import accessibility_problems
from tests.journeys.test_main_job import TITLE, botox, decide, sign_in
from tests.working import do_tasks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
FORM = {
    "use": "calf-reduction",
    "title": TITLE,
    "body": "I cycle a lot and my calves are large. Would it be **safe** for someone who stands all day?",
    "stage": "before",
    "alias": "Pedal",
    "understood": "on",
    "agrees": "on",
}
__all__ = ["botox"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    cache.clear()
    for name, size in {"legs.jpg": (600, 400), "room.jpg": (400, 600)}.items():
        (tmp_path / name).write_bytes(samples.written(samples.drawn(size), "JPEG"))
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    return [str(tmp_path / name) for name in ("legs.jpg", "room.jpg", "notes.pdf")]


def narrow_and_clean(person: Any) -> None:
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), person.page.url
    assert accessibility_problems(person.page) == []


def test_pictures_are_sent_ordered_covered_and_published(visitor: Any, botox: Any, files: list[str]) -> None:
    asker = UserFactory()
    person, judge, reader = visitor(), visitor(width=1280), visitor()
    sign_in(person, asker.email)
    person.go("/questions/ask/?treatment=botox&write=")
    person.fill(**FORM)
    page = person.page
    page.locator("input[type=file]").set_input_files(files)
    tray = page.locator("[data-photos]")
    tray.locator("[data-photo]").nth(1).wait_for()
    tray.locator("[data-refused]", has_text="“notes.pdf”: The file is no JPEG").wait_for()
    tray.get_by_role("button", name="Leave it out").click()
    narrow_and_clean(person)

    keys = [item.get_attribute("data-photo") for item in tray.locator("[data-photo]").all()]
    tray.locator("[data-photo]").nth(1).get_by_role("button", name="Earlier").focus()
    page.keyboard.press("Enter")
    assert [item.get_attribute("data-photo") for item in tray.locator("[data-photo]").all()] == keys[::-1]
    assert "picture 1 of 2 now" in tray.get_by_role("status").inner_text()

    before = Photo.objects.get(pk=int(str(keys[1])))
    tray.locator("[data-photo]").nth(0).get_by_role("link", name="Turn, cut or cover").click()
    stage = page.get_by_role("dialog").locator("[data-photo-stage]")
    stage.locator("img").wait_for()
    box = stage.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.up()
    narrow_and_clean(person)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("button", name="Cover what is marked").click()
    page.wait_for_function(f"!document.querySelector('dialog').innerHTML.includes('{before.name}')")
    page.get_by_role("button", name="Back to the form").click()
    assert page.locator("dialog").count() == 0
    covered = Photo.objects.get(pk=before.pk)
    assert covered.name != before.name
    assert covered.name in (tray.locator("[data-photo]").nth(0).locator("img").get_attribute("src") or "")
    assert page.locator("[name=title]").input_value() == TITLE

    person.press("Preview")
    person.press("Send to the moderators")
    assert "Awaiting review" in person.text()
    thread = page.url.removeprefix(person.origin)
    sign_in(judge, moderator(email="mod@example.org").email)
    decide(judge, TITLE, "Publish")
    assert "still being prepared" in judge.page.content()
    do_tasks()
    decide(judge, TITLE, "Publish")
    reader.go(thread)
    shown = reader.page.locator(".shown img")
    assert [image.get_attribute("alt") for image in shown.all()] == [
        "Picture 1 of 2 by the asker",
        "Picture 2 of 2 by the asker",
    ]
    narrow_and_clean(reader)
    assert list(QuestionPhoto.objects.values_list("photo", flat=True)) == [
        int(str(key)) for key in keys[::-1]
    ]
    with pytest.raises(FileNotFoundError):
        store.read(before.name)


def test_the_same_as_a_plain_form(visitor: Any, botox: Any, files: list[str]) -> None:
    person = visitor(javascript=False)
    sign_in(person, UserFactory().email)
    person.go("/questions/ask/?treatment=botox&write=")
    person.fill(**FORM)
    person.page.locator("input[type=file]").set_input_files(files)
    person.press("Add them")
    assert "“notes.pdf”: The file is no JPEG" in person.text()
    assert person.page.locator("[name=title]").input_value() == TITLE
    person.page.get_by_role("button", name="Later").first.click()
    person.page.wait_for_load_state()
    with person.context.expect_page() as opened:
        person.page.get_by_role("link", name="Turn, cut or cover").first.click()
    other = opened.value
    other.get_by_label("Row 1, column 1", exact=True).check(force=True)
    other.get_by_role("button", name="Cover what is marked").click()
    other.get_by_text("This is how others will see it").wait_for()
    other.close()
    person.press("Preview")
    assert person.page.locator(".shown img").count() == 2
    person.press("Send to the moderators")
    assert "Awaiting review" in person.text()
    assert QuestionPhoto.objects.count() == 2
