"""Asking next to what was asked before: what is answered comes first, and another case stands beside it."""

import pytest

from core.enums import State
from questions.models import Question
from tests.factories import PASSWORD, AnswerFactory, QuestionFactory, TreatmentFactory, UserFactory, moderator

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TITLE = "Thinner calves for a dancer?"


def sign_in(person, email: str) -> None:
    person.go("/accounts/login/")
    person.fill(login=email, password=PASSWORD)
    person.press("Sign in")


def test_another_case_is_asked_beside_its_thread_and_a_repetition_is_led_there(
    visitor, javascript: bool
) -> None:
    treatment = TreatmentFactory(name="Botox", slug="botox")
    thread = QuestionFactory(published=True, treatment=treatment, title="Can Botox make calves thinner?")
    for _ in range(3):
        AnswerFactory(published=True, question=thread, stance="against", reason="safety")
    again = QuestionFactory(published=True, treatment=treatment, title="Calves again?")
    dancer, judge, reader = (visitor(javascript=javascript) for _ in range(3))

    sign_in(dancer, UserFactory().email)
    dancer.go("/questions/ask/")
    dancer.fill(title=TITLE, treatment="botex")
    dancer.press("Go on")
    dancer.press("Botox")  # did you mean
    assert "All 3 doctors advise against it" in dancer.text()
    dancer.follow("Mine is different")
    assert thread.title in dancer.text()
    assert dancer.page.locator("[name=title]").input_value() == TITLE
    dancer.fill(
        difference="I stand on my toes for a living.",
        body="I dance every evening. Is it out of the question?",
        stage="before",
        understood="on",
        agrees="on",
    )
    dancer.press("Preview")
    assert "what is different here: I stand on my toes" in dancer.text()
    dancer.press("Send to the moderators")

    sign_in(judge, moderator().email)
    question = Question.objects.get(title=TITLE)
    judge.go(f"/admin/moderation/question/{question.pk}/")
    judge.press("Publish")
    judge.go(f"/admin/moderation/question/{again.pk}/")
    judge.page.get_by_label(f"{thread.pk}: {thread.title}").check()
    judge.page.get_by_label("The same question").check()
    judge.page.get_by_label("Why they are the same").fill("Both ask about calves.")
    judge.press("Link them")
    assert "Undo the link" in judge.page.content()

    reader.go(again.get_absolute_url())
    assert reader.page.url.endswith(thread.get_absolute_url())
    assert "Also asked as: Calves again?" in reader.text()
    reader.follow(TITLE)
    assert "A variant of Can Botox make calves thinner?" in reader.text()
    question.refresh_from_db()
    assert question.state == State.PUBLISHED
