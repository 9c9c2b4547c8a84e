"""What has become of my questions."""

import pytest
from django.test import Client

from core.enums import State
from core.moderation import transition
from core.pagination import PAGE_SIZE
from questions.services import edit_question
from tests.factories import QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db


def test_every_state_is_named_and_every_reason_given(sign_in) -> None:
    person = UserFactory()
    for trait in ("pending", "published", "withdrawn"):
        QuestionFactory(author=person, **{trait: True})
    for trait in ("rejected", "removed"):
        QuestionFactory(author=person, **{trait: True}, moderation_reason=f"Because of {trait}.")
    QuestionFactory(author=person, moderation_reason="Please leave the town out.")
    page = sign_in(person).get("/me/").content.decode()
    for words in ("Awaiting review", "Published", "Withdrawn", "Rejected", "Removed", "Sent back"):
        assert f">{words}</span>" in page
    for reason in ("Because of rejected.", "Because of removed.", "Please leave the town out."):
        assert f"<q>{reason}</q>" in page
    assert page.count("Mend it and send it again") == 1


def test_an_edit_that_waits_is_said(sign_in) -> None:
    question = QuestionFactory(published=True)
    edit_question(question=question, by=question.author, body="Better words.")
    assert "an edit awaits review" in sign_in(question.author).get("/me/").content.decode()


def test_an_edit_that_was_sent_back_says_so_and_why(sign_in) -> None:
    question = QuestionFactory(published=True)
    edit = edit_question(question=question, by=question.author, body="Call me on …")
    transition(edit, to=State.DRAFT, by=moderator(), reason="No numbers, please.")
    page = sign_in(question.author).get("/me/").content.decode()
    assert "an edit was sent back" in page
    assert "<q>No numbers, please.</q>" in page


def test_only_my_own_questions_stand_here(sign_in) -> None:
    person, other = UserFactory(), QuestionFactory(published=True, title="Somebody else's?")
    page = sign_in(person).get("/me/").content.decode()
    assert other.title not in page
    assert "You have not asked anything yet" in page


def test_long_lists_go_on(sign_in) -> None:
    person = UserFactory()
    for number in range(PAGE_SIZE + 1):
        QuestionFactory(author=person, pending=True, title=f"Is this number {number}?")
    client = sign_in(person)
    first = client.get("/me/")
    assert "Is this number 0?" not in first.content.decode()
    rest = client.get("/me/" + first.context["page"].next_url).content.decode()
    assert "Is this number 0?" in rest
    assert "Back to the start" in rest


def test_it_is_nobody_elses_page(client: Client, sign_in) -> None:
    """T-CA-01"""
    assert client.get("/me/")["Location"] == "/accounts/login/?next=/me/"
    assert sign_in(UserFactory()).get("/me/")["Cache-Control"] == "private, no-store"
