"""A moderator merges two treatments in a browser, and a reader's bookmark still leads to the thread."""

from __future__ import annotations

import pytest

from tests.factories import (
    PASSWORD,
    AnswerFactory,
    LabelStatusFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from tests.journeys.conftest import accessibility_problems
from treatments.models import LabelStatus, Treatment

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_double_is_found_merged_and_looked_up(visitor, javascript: bool) -> None:
    botox = TreatmentFactory(name="Botox", slug="botox")
    double = TreatmentFactory(name="Botulinum toxin (Botox)", slug="old")
    LabelStatusFactory(use=UseFactory(treatment=botox, slug="calves", name="Calves"), status="off_label")
    use = UseFactory(treatment=double, slug="calves", name="Calves")
    LabelStatusFactory(use=use, status="approved")
    asked = QuestionFactory(published=True, treatment=double, use=use, title="Will my calves shrink?")
    AnswerFactory(published=True, question=asked)

    someone = moderator(email="mod@example.org")
    person = visitor(javascript=javascript, width=320)
    person.go("/accounts/login/")
    person.fill(login=someone.email, password=PASSWORD)
    person.press("Sign in")
    person.go(f"/admin/treatments/treatment/{double.pk}/change/")
    page = person.page
    page.get_by_role("link", name="Merge into another").click()
    assert_fits(person, javascript)
    page.get_by_role("link", name="Botox", exact=True).click()
    assert "Threads that readers see: 1." in page.locator("#content").inner_text()
    assert_fits(person, javascript)
    page.get_by_label("Botulinum toxin (Botox): Approved").check()
    page.get_by_label("Why the two are one").fill("One and the same.")
    page.get_by_label("I have read what moves").check()
    page.get_by_role("button", name="Merge into Botox").click()
    assert "Its addresses lead here" in page.locator(".messagelist").inner_text()
    page.get_by_role("link", name="History").click()
    assert "One and the same." in page.locator("#content").inner_text()
    assert Treatment.objects.count() == 1
    assert LabelStatus.objects.get().status == "approved"

    reader = visitor(javascript=javascript)
    assert reader.go("/treatments/old/uses/calves/?country=US") == 200
    assert reader.page.url.endswith("/treatments/botox/uses/calves/?country=US")
    assert asked.title in reader.page.locator("main").inner_text()


def assert_fits(person, javascript: bool) -> None:
    if javascript:
        assert accessibility_problems(person.page) == []
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
