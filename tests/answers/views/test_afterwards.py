"""What did you do in the end: asked after a month and half a year, said in fixed words, changed at any time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Notification
from answers.models import Outcome
from answers.services import ask_what_came_of_it
from core.moderation import transition
from questions.models import Question
from questions.services import mark_duplicate
from tests.factories import QuestionFactory, UserFactory, moderator
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def asked(days: int, **fields) -> Question:
    """A question that was published so many days ago."""
    return QuestionFactory(published=True, published_at=timezone.now() - timedelta(days=days), **fields)


def address(question: Question) -> str:
    return f"/me/questions/{question.pk}/afterwards/"


def say(client: Client, question: Question, decision: str, note: str = "") -> str:
    page = client.post(address(question), {"decision": decision, "note": note}, follow=True)
    return page.content.decode()


@pytest.mark.parametrize(("days", "is_asked"), [(29, False), (30, True), (179, True), (400, True)])
def test_my_page_asks_from_the_thirtieth_day_on(sign_in, days: int, is_asked: bool) -> None:
    question = asked(days)
    page = sign_in(question.author).get("/me/").content.decode()
    assert ("What did you do in the end?" in page) is is_asked
    assert (f'href="{address(question)}"' in page) is is_asked


def test_it_is_asked_once_each_time(sign_in) -> None:
    question = asked(40)
    client = sign_in(question.author)
    say(client, question, "deciding")
    assert "What did you do in the end?" not in client.get("/me/").content.decode()
    Question.objects.filter(pk=question.pk).update(published_at=timezone.now() - timedelta(days=200))
    assert "What did you do in the end?" in client.get("/me/").content.decode()
    assert "you said: still deciding" in client.get(address(question)).content.decode()
    say(client, question, "unsaid")
    assert "What did you do in the end?" not in client.get("/me/").content.decode()


def test_readers_see_the_words_and_the_month_and_never_the_note(client: Client, sign_in) -> None:
    question = asked(40)
    mine = say(sign_in(question.author), question, "against", note="Physiotherapy did it, thanks to Anna.")
    assert "decided against it. Your note: <q" in mine
    for reader in (client, sign_in(moderator())):
        page = reader.get(question.get_absolute_url()).content.decode()
        assert "What the asker did in the end: <strong>decided against it</strong>" in page
        assert timezone.now().strftime("%B %Y") in page
        assert "Physiotherapy" not in page


def test_what_was_said_last_stands_there_and_can_be_taken_back(client: Client, sign_in) -> None:
    question = asked(40)
    asker = sign_in(question.author)
    say(asker, question, "did", note="Once.")
    say(asker, question, "other")
    assert "<strong>did something else</strong>" in client.get(question.get_absolute_url()).content.decode()
    say(asker, question, "unsaid", note="Once.")
    assert "What the asker did" not in client.get(question.get_absolute_url()).content.decode()
    assert Outcome.objects.get().note == ""


@pytest.mark.parametrize("data", [{}, {"decision": "sold it"}, {"decision": "did", "note": "x" * 201}])
def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(sign_in, data: dict) -> None:
    question = asked(40)
    page = sign_in(question.author).post(address(question), {"note": "My note.", **data})
    assert page.status_code == 422
    assert (data.get("note") or "My note.") in page.content.decode()
    assert not Outcome.objects.exists()


def test_too_early_says_from_when_on(sign_in) -> None:
    question = asked(3)
    page = sign_in(question.author).get(address(question))
    first = timezone.localtime(question.published_at + timedelta(days=30))
    assert f"from {first:%-d %B %Y} on" in page.content.decode()
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    sign_in(question.author).post(address(question), {"decision": "did"})
    assert not Outcome.objects.exists()


def test_it_is_nobody_elses_and_of_no_hidden_question(client: Client, sign_in) -> None:
    question = asked(40)
    assert client.get(address(question)).status_code == 302
    assert sign_in(UserFactory()).get(address(question)).status_code == 404
    mark_duplicate(question=question, canonical=asked(50), by=moderator(), reason="The same.")
    assert sign_in(question.author).get(address(question)).status_code == 404
    removed = asked(40)
    transition(removed, to="removed", by=moderator(), reason="No.")
    assert sign_in(removed.author).get(address(removed)).status_code == 404


def test_the_database_knows_the_words_and_the_times() -> None:
    question = asked(40)
    for wrong in ({"after_days": 31, "decision": "did"}, {"after_days": 30, "decision": "perhaps"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.create(question=question, **wrong)


def test_the_asker_is_told_that_it_is_time_once_each_time() -> None:
    question = QuestionFactory(pending=True)
    transition(question, to="published", by=moderator())
    other = QuestionFactory(pending=True)
    transition(other, to="published", by=moderator())
    transition(other, to="removed", by=moderator(), reason="No.")
    for days, told in ((29, 0), (30.1, 1), (31, 0), (60, 0), (180.1, 1), (181, 0), (400, 0)):
        assert ask_what_came_of_it(at=timezone.now() + timedelta(days=days)) == told, days
    row = Notification.objects.filter(kind="what-you-did").earliest("pk")
    assert (row.to, row.url) == (question.author, address(question))


@pytest.mark.django_db(transaction=True)
def test_sent_from_two_tabs_at_once_it_is_one(sign_in) -> None:
    question = asked(40)
    one, other = sign_in(question.author), sign_in(question.author)
    pages = at_once(lambda: say(one, question, "did"), lambda: say(other, question, "other"))
    assert all("Thank you" in page for page in pages)
    assert Outcome.objects.count() == 1
