"""Line 7 of the desk: two tabs, offline for a minute, a session that ends, a double submit. Nothing is lost, one answer."""

import pytest

from accounts.models import Session
from answers.models import Answer, AnswerDraft
from tests.factories import PASSWORD, AnswerFactory, DoctorFactory, QuestionFactory
from tests.journeys.conftest import accessibility_problems
from tests.journeys.test_main_job import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CHOICES = {"stance": "against", "reason": "safety", "confidence": "high", "summary": "I would not."}


def wait_for(page, words: str) -> None:
    page.locator("[data-draft-status]").get_by_text(words).wait_for()


def until_saved(body: str, page) -> None:
    for _ in range(100):
        if AnswerDraft.objects.get().fields["body"] == body:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{body!r} was not saved in ten seconds")


def body_of(page) -> str:
    return page.locator("#id_body").input_value()


def test_nothing_that_was_typed_is_lost_and_there_is_one_answer(visitor) -> None:
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    person = visitor()
    form = f"/questions/{question.pk}/answer/"
    sign_in(person, doctor.user.email)
    person.go(form)
    person.page.get_by_role("button", name="Save now").wait_for()
    wait_for(person.page, "What you type is saved by itself")
    person.fill(**CHOICES, body="One.")
    wait_for(person.page, "Draft saved at")
    assert accessibility_problems(person.page) == []

    # a tab that is closed and opened again, as after a crash: the server has it
    person.page.close()
    person.page = person.context.new_page()
    person.go(form)
    assert body_of(person.page) == "One."

    # no connection: the browser keeps it, over a closed tab too, and the server gets it afterwards
    person.context.set_offline(True)
    person.fill(body="One. Two.")
    wait_for(person.page, "No connection")
    person.page.close()
    person.context.set_offline(False)
    person.page = person.context.new_page()
    person.go(form)
    assert body_of(person.page) == "One. Two."
    until_saved("One. Two.", person.page)

    # two tabs: the one that is behind is asked, and the other's text stays until somebody chooses
    second = person.context.new_page()
    second.goto(person.origin + form)
    person.fill(body="One. Two. Three.")
    until_saved("One. Two. Three.", person.page)
    second.locator("#id_body").fill("One. Two. Other.")
    second.get_by_text("Another tab saved a different text").wait_for()
    assert AnswerDraft.objects.get().fields["body"] == "One. Two. Three."
    assert body_of(second) == "One. Two. Other."
    assert accessibility_problems(second) == []
    second.get_by_role("button", name="Take the other text").click()
    assert body_of(second) == "One. Two. Three."

    # the session ends: what is typed stays in the browser, and is there after signing in
    Session.objects.all().delete()
    person.fill(body="One. Two. Three. Four.")
    wait_for(person.page, "You are signed out")
    person.page.get_by_role("link", name="sign in", exact=True).click()
    sign_in_here(person, doctor.user.email)
    assert form in person.page.url
    assert body_of(person.page) == "One. Two. Three. Four."

    # sent from two tabs: one answer, and the other tab keeps what it holds
    second.goto(person.origin + form)
    second.locator("#id_body").fill("One. Two. Three. Four.")
    person.press("Send for review")
    assert "with the moderators" in person.text()
    second.get_by_role("button", name="Send for review").click()
    second.wait_for_load_state()
    assert Answer.objects.get().body == "One. Two. Three. Four."
    assert not AnswerDraft.objects.exists()


def test_an_edit_that_was_sent_without_a_connection_is_in_the_form_again(visitor) -> None:
    doctor = DoctorFactory(verified=True)
    answer = AnswerFactory(published=True, doctor=doctor, body="As it was.")
    person = visitor()
    sign_in(person, doctor.user.email)
    form = f"/answers/{answer.pk}/edit/"
    person.go(form)
    person.context.set_offline(True)
    person.fill(body="As it ought to be.")
    wait_for(person.page, "No connection")
    person.page.get_by_role("button", name="Send for review").click()
    person.page.wait_for_url("chrome-error://**")
    person.context.set_offline(False)
    person.complaints.clear()
    person.go("/desk/")
    person.go(form)
    assert body_of(person.page) == "As it ought to be."
    person.press("Send for review")
    assert "awaits review" in person.text()
    person.go(form)
    assert body_of(person.page) == "As it ought to be."
    assert person.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_duplicated_tab_keeps_a_text_of_its_own(visitor) -> None:
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    person = visitor()
    form = f"/questions/{question.pk}/answer/"
    sign_in(person, doctor.user.email)
    person.go(form)
    name = person.page.evaluate("sessionStorage.tab")
    copied = person.context.new_page()
    copied.add_init_script(f"sessionStorage.tab ??= {name!r}")
    copied.goto(person.origin + form)
    person.context.set_offline(True)
    person.fill(body="What one tab says.")
    copied.locator("#id_body").fill("What the other says.")
    wait_for(person.page, "No connection")
    wait_for(copied, "No connection")
    person.complaints.clear()
    kept = person.page.evaluate("JSON.stringify(localStorage)")
    assert "What one tab says." in kept
    assert "What the other says." in kept


def sign_in_here(person, email: str) -> None:
    person.fill(login=email, password=PASSWORD)
    person.press("Sign in")


def test_signing_out_leaves_nothing_in_the_browser(visitor) -> None:
    question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
    person = visitor(width=1280)
    sign_in(person, doctor.user.email)
    person.go(f"/questions/{question.pk}/answer/")
    person.page.route("**/draft/", lambda route: route.abort())
    person.fill(body="Nobody else reads this.")
    wait_for(person.page, "No connection")
    assert "Nobody else" in person.page.evaluate("JSON.stringify(localStorage)")
    person.complaints.clear()
    person.page.locator(".account-menu summary").click()
    person.page.get_by_role("button", name="Sign out").click()
    person.page.wait_for_load_state()
    assert "Nobody else" not in person.page.evaluate("JSON.stringify(localStorage)")
