"""What has become of my questions."""

import pytest
from django.test import Client
from django.utils import timezone

from answers.services import accept_answer
from core.enums import State
from core.moderation import transition
from core.pagination import PAGE_SIZE
from questions.services import edit_question
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, moderator

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


def test_what_is_to_be_mended_comes_first_then_what_is_new(sign_in) -> None:
    person = UserFactory()
    QuestionFactory(author=person, moderation_reason="Please.", **sent_back(), title="Will this be mended?")
    answered = QuestionFactory(author=person, published=True, title="Has this been answered?")
    AnswerFactory(published=True, question=answered, summary="Yes, with care.")
    QuestionFactory(author=person, published=True, title="Is this only waiting?")
    page = sign_in(person).get("/me/").content.decode()
    parts = (
        "Sent back to you",
        "mended?",
        "Answered since you looked",
        "answered?",
        "Everything else",
        "waiting?",
    )
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "Yes, with care." in page


def test_an_answer_is_new_until_its_asker_opens_the_thread(client: Client, sign_in) -> None:
    question = QuestionFactory(published=True)
    AnswerFactory(published=True, question=question)
    asker = sign_in(question.author)
    for somebody in (client, sign_in(UserFactory())):
        somebody.get(question.get_absolute_url())
    asker.get(question.get_absolute_url(), headers={"Sec-Purpose": "prefetch;prerender"})
    asker.head(question.get_absolute_url())
    assert "1 new answer" in asker.get("/me/").content.decode()
    asker.get(question.get_absolute_url())
    page = asker.get("/me/").content.decode()
    assert "new answer" not in page
    assert "1 doctor answered" in page
    AnswerFactory(published=True, question=question)
    AnswerFactory(pending=True, question=question)
    assert "1 new answer" in asker.get("/me/").content.decode()


def test_what_is_hidden_is_no_news_and_settles_nothing(sign_in) -> None:
    question = QuestionFactory(published=True)
    answer = AnswerFactory(published=True, question=question)
    asker = sign_in(question.author)
    accept_answer(answer=answer, by=question.author, accepted=True)
    assert f"marked the answer of {answer.doctor.name}" in asker.get("/me/").content.decode()
    transition(answer, to=State.REMOVED, by=moderator(), reason="Wrong.")
    page = asker.get("/me/").content.decode()
    assert "new answer" not in page
    assert answer.doctor.name not in page


def test_under_which_name_each_was_asked(sign_in) -> None:
    person = UserFactory(handle="river-9")
    QuestionFactory(author=person, pending=True, alias="Gems")
    QuestionFactory(author=person, published=True)
    page = sign_in(person).get("/me/").content.decode()
    assert "Asked as <bdi>Gems</bdi>; nobody can link this to your other questions." in page
    assert "Nobody has answered yet. Asked as <bdi>river-9</bdi>, your handle." in page


def test_pages_go_on_across_the_parts(sign_in) -> None:
    """Every question stands on exactly one page, whichever part it is in."""
    person = UserFactory()
    for number in range(PAGE_SIZE + 5):
        question = QuestionFactory(author=person, published=True, title=f"Is this number {number}?")
        if number % 2:
            AnswerFactory(published=True, question=question)
    client = sign_in(person)
    first = client.get("/me/")
    rest = client.get("/me/" + first.context["page"].next_url)
    titles = [row.title for page in (first, rest) for row in page.context["page"].rows]
    assert len(titles) == len(set(titles)) == PAGE_SIZE + 5
    assert client.get("/me/?after=WzAsImEiXQ").status_code == 200


def sent_back() -> dict:
    return {"moderated_by": moderator(), "moderated_at": timezone.now()}
