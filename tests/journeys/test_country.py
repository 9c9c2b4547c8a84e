"""A reader in another country than the page was made for."""

import pytest

from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
)
from tests.journeys.conftest import layout_shift

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def thread() -> str:
    botox = TreatmentFactory(name="Botox", slug="botox")
    calves = UseFactory(treatment=botox, name="Calf reduction", slug="calves")
    LabelStatusFactory(use=calves, jurisdiction="US", status="off_label")
    LabelStatusFactory(use=calves, jurisdiction="GB", status="not_permitted")
    question = QuestionFactory(published=True, treatment=botox, use=calves)
    for code in ("US", "GB", "SE"):
        AnswerFactory(published=True, question=question, doctor=DoctorFactory(verified=True, country=code))
    return question.get_absolute_url()


def choose(person, code: str) -> None:
    label = person.page.locator("#label")
    label.locator("summary").click()
    label.locator("select").select_option(code)
    label.get_by_role("button", name="Show").click()
    label.get_by_text("Not permitted", exact=True).wait_for()


def test_a_reader_chooses_a_country_on_a_thread(visitor, thread: str, javascript: bool) -> None:
    person = visitor(width=390, javascript=javascript)
    person.go(thread)
    assert "Off-label" in person.page.locator("#label").inner_text()
    choose(person, "GB")
    assert "999 or 112 (UK)" in person.page.locator(".site-footer").inner_text()
    said = person.page.locator("main").inner_text()
    assert said.count("rests on practice in the United States") == 1
    assert "rests on practice in the United Kingdom" not in said
    assert ("country=GB" in person.page.url) is not javascript
    cookies = {cookie["name"]: cookie for cookie in person.context.cookies()}
    assert ("country" in cookies) is javascript
    if javascript:
        assert cookies["country"]["sameSite"] == "Lax"


def test_the_choice_holds_on_later_pages_is_said_and_moves_nothing(visitor, thread: str) -> None:
    person = visitor(width=390)
    person.go(thread)
    choose(person, "GB")
    assert person.page.locator("[data-country-said]").text_content() == "Shown for: United Kingdom"
    assert person.page.evaluate("document.activeElement.closest('#label') !== null")
    person.go("/treatments/botox/uses/")
    person.page.locator("#matrix").get_by_text("Not permitted", exact=True).first.wait_for()
    person.go("/questions/")
    person.page.locator(".site-footer").get_by_text("999", exact=True).first.wait_for()
    person.go(thread)
    person.page.locator("#label").get_by_text("Not permitted", exact=True).wait_for()
    assert layout_shift(person.page) == 0


def test_an_address_that_names_a_country_wins(visitor, thread: str) -> None:
    person = visitor(width=390)
    person.go(thread)
    choose(person, "GB")
    person.go(f"{thread}?country=US")
    person.page.wait_for_load_state("networkidle")
    assert "Off-label" in person.page.locator("#label").inner_text()


@pytest.mark.parametrize("address", ["/questions/?sort=newest", "/search/?q=botox"])
def test_the_choice_holds_where_an_address_has_other_parameters(visitor, thread: str, address: str) -> None:
    person = visitor(width=390)
    person.go(thread)
    choose(person, "GB")
    person.go(address)
    assert person.page.locator("[data-country-form]").count() == 0
    person.page.locator(".site-footer").get_by_text("999 or 112 (UK). Elsewhere").wait_for()


def test_the_first_line_of_a_thread_follows_the_choice(visitor, thread: str) -> None:
    person = visitor(width=390)
    person.go(thread)
    head = person.page.locator(".page__head").first
    assert "The use is off-label: the regulator has not approved it." in head.inner_text()
    choose(person, "GB")
    head.get_by_text("The use is not permitted.").wait_for()
    person.go(f"{thread}?country=AU")
    assert "The use is" not in head.inner_text()


def test_no_parameter_of_an_address_takes_the_choice_away(visitor, thread: str) -> None:
    """A field named like something a form can do would hide it."""
    person = visitor()
    person.go("/treatments/botox/uses/?elements=1&submit=1")
    person.page.locator("main [data-country-form] select").select_option("GB")
    person.page.locator("main [data-country-form] button").click()
    person.page.get_by_text("Not permitted").first.wait_for()
    assert "country=GB" in person.page.evaluate("document.cookie")
