"""Changing a question of one's own."""

import pytest
from django.utils import timezone

from core.enums import State
from core.moderation import transition
from questions.models import Question
from questions.services import edit_question
from tests.factories import QuestionFactory, UseFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db
TEXT = {"title": "A better question?", "body": "With words that say what I mean."}


def url(question: Question) -> str:
    return f"/questions/{question.pk}/edit/"


def test_readers_see_the_version_before_until_a_moderator_agrees(sign_in, client) -> None:
    """T-AZ-08"""
    question = QuestionFactory(published=True, title="The first title?")
    response = sign_in(question.author).post(url(question), TEXT, follow=True)
    page = response.content.decode()
    assert "Your edit is with the moderators; until then readers see the version before." in page
    assert "Your edit awaits review; readers see the version before." in page
    seen = client.get(question.get_absolute_url()).content.decode()
    assert "The first title?" in seen
    assert "A better question?" not in seen
    transition(question.revisions.get(state=State.PENDING), to=State.PUBLISHED, by=moderator())
    seen = client.get(question.get_absolute_url(), follow=True).content.decode()
    assert "A better question?" in seen


@pytest.mark.parametrize("state", ["published", "pending"])
def test_words_of_an_emergency_in_an_edit_show_what_to_do(sign_in, client, state: str) -> None:
    """T-MS-01: there is no preview of an edit, so the card stands above what was sent."""
    question = QuestionFactory(**{state: True})
    asker, words = sign_in(question.author), "Since yesterday I have blurred vision in one eye."
    response = asker.post(url(question), {**TEXT, "stage": "before", "body": words}, follow=True)
    assert "needs an eye specialist now" in response.content.decode()
    assert "eye specialist" not in client.get(question.get_absolute_url(), follow=True).content.decode()


def test_one_goes_on_from_the_edit_that_waits(sign_in) -> None:
    question = QuestionFactory(published=True)
    edit_question(question=question, by=question.author, body="My first attempt at better words.")
    page = sign_in(question.author).get(url(question)).content.decode()
    assert "My first attempt at better words." in page
    assert "Readers see the present version" in page


def test_a_question_that_was_sent_back_shows_why_and_can_change_wholly(sign_in) -> None:
    use = UseFactory(name="Frown lines")
    question = QuestionFactory(treatment=use.treatment, moderation_reason="Please leave the town out.")
    client = sign_in(question.author)
    page = client.get(url(question)).content.decode()
    assert "Please leave the town out." in page
    assert "Frown lines" in page
    client.post(url(question), {**TEXT, "use": use.slug, "stage": "after", "place": "Norway"})
    question.refresh_from_db()
    assert (question.state, question.use, question.stage, question.place) == (
        State.PENDING,
        use,
        "after",
        "Norway",
    )


def test_mistakes_are_said_and_nothing_is_saved(sign_in) -> None:
    question = QuestionFactory(pending=True)
    response = sign_in(question.author).post(url(question), {**TEXT, "stage": "before", "body": "Short."})
    assert response.status_code == 422
    assert "at least 20 characters" in response.content.decode()
    question.refresh_from_db()
    assert question.version == 1


def test_for_everybody_else_there_is_no_such_page(sign_in) -> None:
    """Moderators included: they decide, and never write."""
    question = QuestionFactory(published=True)
    for other in (UserFactory(), moderator()):
        client = sign_in(other)
        assert client.get(url(question)).status_code == client.post(url(question), TEXT).status_code == 404
    assert not question.revisions.filter(state=State.PENDING).exists()


@pytest.mark.parametrize("trait", ["rejected", "removed"])
def test_what_a_moderator_ended_cannot_be_edited(sign_in, trait: str) -> None:
    question = QuestionFactory(**{trait: True})
    response = sign_in(question.author).get(url(question))
    assert response.status_code == 403
    assert "Your account has no permission for it." in response.content.decode()


def test_what_was_public_and_is_withdrawn_is_never_rewritten(sign_in) -> None:
    """Answers were given to those words; other words could not be put above them."""
    question = QuestionFactory(withdrawn=True, published_at=timezone.now())
    client = sign_in(question.author)
    assert (
        client.post(f"/questions/{question.pk}/edit/", {"title": "Other words entirely?"}).status_code == 403
    )
    assert "Edit it to send it" not in client.get(question.get_absolute_url()).content.decode()
