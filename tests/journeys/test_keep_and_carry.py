"""From a list to the paper in one's hand: by keyboard alone, and with JavaScript off."""

import pytest

from tests.factories import (
    PASSWORD,
    AnswerFactory,
    LabelStatusFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TITLE = "Can Botox make my calves thinner?"
PATIENCE = 150


@pytest.fixture
def question():
    treatment = TreatmentFactory(name="Botox", slug="botox")
    use = UseFactory(treatment=treatment, name="Calf reduction", slug="calf-reduction")
    LabelStatusFactory(use=use)
    question = QuestionFactory(published=True, treatment=treatment, use=use, title=TITLE)
    for _ in range(3):
        AnswerFactory(
            published=True, question=question, stance="against", reason="safety", summary="I would not."
        )
    QuestionFactory(published=True, treatment=treatment, title="What of Botox in summer?")
    return question


class Keyboard:
    """Somebody who has no mouse: the focus goes on with Tab, and Enter or Space do the rest."""

    def __init__(self, person) -> None:
        self.page = person.page

    def reach(self, words: str) -> None:
        """Tab until the focus stands on what is called so."""
        seen = []
        for _ in range(PATIENCE):
            self.page.keyboard.press("Tab")
            focus = self.page.locator(":focus")
            name = (focus.inner_text() if focus.count() else "") or ""
            label = focus.get_attribute("aria-label") if focus.count() else ""
            field = focus.get_attribute("name") if focus.count() else ""
            seen.append(name)
            if words in (name.strip(), label, field):
                return
        pytest.fail(f"{words} is out of reach: {seen}")

    def press(self, words: str) -> None:
        """A link or button that leads to another page."""
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, name: str, letters: str) -> None:
        self.reach(name)
        self.page.keyboard.type(letters)


def test_from_browsing_to_the_packet_by_keyboard(visitor, javascript: bool, question) -> None:
    person = visitor(javascript=javascript, width=1280)
    hands = Keyboard(person)
    person.go("/")
    hands.press("Questions")
    hands.choose("stance", "Advises")
    hands.press("Show")
    assert "stance=against" in person.page.url
    assert "in summer" not in person.text()
    hands.press(TITLE)
    assert "All 3 doctors advise against it" in person.text()
    hands.press("Versions")
    assert "/history/" in person.page.url
    with person.page.expect_navigation():
        person.page.go_back()

    if javascript:
        hands.reach("Keep this thread")
        person.page.keyboard.press("Space")
        person.page.get_by_role("status").filter(has_text="Kept in this browser.").wait_for()
        assert person.page.get_by_role("button", name="Keep this thread", pressed=True).is_visible()
        hands.press("Your kept threads")
    else:
        hands.press("Keep this thread")
        assert "stays in this browser" in person.text()
        hands.press("Keep it")
        assert "This thread is kept" in person.text()
        hands.press("Your kept threads")
    assert TITLE in person.text()

    hands.press("Print a consult packet")
    assert "All 3 doctors advise against it" in person.text()
    assert "Who will do it" in person.text()
    assert person.page.get_by_role("button", name="Print", exact=True).is_visible() == javascript
    assert ("from the menu of your browser" in person.text()) != javascript


def test_a_kept_thread_is_marked_when_one_comes_back_and_can_be_let_go(visitor, question) -> None:
    person = visitor()
    person.go(question.get_absolute_url())
    assert not person.context.cookies()
    button = person.page.get_by_role("button", name="Keep this thread")
    button.click()
    person.page.get_by_text("Kept in this browser.").wait_for()
    person.page.reload()
    person.page.get_by_role("button", name="Keep this thread", pressed=True).wait_for()
    person.page.get_by_role("button", name="Keep this thread").click()
    person.page.get_by_text("Taken off your list.").wait_for()
    person.go("/me/saved/")
    assert "You keep no thread yet" in person.text()


def test_a_reader_who_keeps_nothing_asks_for_nothing(visitor, question) -> None:
    person = visitor()
    asked = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.go(question.get_absolute_url())
    person.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/me/" in url or "/save/" in url]


def test_what_a_browser_kept_is_on_the_account_after_signing_in(visitor, javascript: bool, question) -> None:
    owner = UserFactory()
    person = visitor(javascript=javascript)
    person.go(f"/questions/{question.pk}/save/")
    person.press("Keep it")
    person.go(f"/questions/{question.pk}/follow/")
    person.fill(login=owner.email, password=PASSWORD)
    person.press("Sign in")
    person.press("Follow")
    assert person.page.url.startswith(person.origin + question.get_absolute_url())
    for words in ("Keep this thread", "Follow it"):
        assert person.page.get_by_role("button", name=words, pressed=True).is_visible()
    person.go("/me/follows/")
    assert TITLE in person.text()
    person.go("/me/saved/")
    assert TITLE in person.text()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_packet_fits_the_paper(visitor, question, paper: str) -> None:
    person = visitor(color_scheme="dark")
    person.go(f"/me/packet/?thread={question.pk}")
    pdf = person.page.pdf(format=paper)
    assert pdf.startswith(b"%PDF")
    person.page.emulate_media(media="print")
    for hidden in (".site-header", ".site-footer", ".crumbs", "[data-print]"):
        assert not person.page.locator(hidden).first.is_visible()
    colours = person.page.locator("main").evaluate("e => getComputedStyle(e).color")
    assert colours == "rgb(0, 0, 0)"
    size = person.page.locator(".lines p").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize) * 0.75"
    )
    assert 11 <= size <= 12
