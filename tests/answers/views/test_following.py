"""Following threads and treatments: who may, what is new, and when it is new no more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.enums import State
from core.moderation import transition
from questions.keeping import follow
from questions.models import Follow
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return QuestionFactory(published=True, treatment=TreatmentFactory(name="Botox", slug="botox"))


@pytest.fixture
def person():
    return UserFactory()


def looked(person, **ago: int) -> None:
    Follow.objects.filter(user=person).update(seen_at=timezone.now() - timedelta(**ago))


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.parametrize("kind", ["thread", "treatment"])
def test_visitors_are_led_to_the_sign_in_and_back(client: Client, question, kind: str) -> None:
    thing = question if kind == "thread" else question.treatment
    url = f"/questions/{question.pk}/follow/" if kind == "thread" else "/treatments/botox/follow/"
    assert f'href="{url}"' in page(client, thing.get_absolute_url())
    for response in (client.get(url), client.post(url)):
        assert response["Location"] == f"/accounts/login/?next={url}"
    assert not Follow.objects.exists()


@pytest.mark.parametrize("kind", ["thread", "treatment"])
def test_one_button_follows_and_the_same_one_stops(sign_in, person, question, kind: str) -> None:
    thing = question if kind == "thread" else question.treatment
    url = f"/questions/{question.pk}/follow/" if kind == "thread" else "/treatments/botox/follow/"
    client = sign_in(person)
    assert f"Follow this {kind}?" in page(client, url)
    for _ in range(2):  # a double click
        assert client.post(url, {"follow": "yes"})["Location"] == f"{thing.get_absolute_url()}#keep"
    assert Follow.objects.count() == 1
    assert 'name="follow" value="no"' in page(client, thing.get_absolute_url())
    assert f"You follow this {kind}" in page(client, url)
    client.post(url, {"follow": "no"})
    assert not Follow.objects.exists()


def test_new_answers_and_questions_are_named_and_counted_until_looked_at(sign_in, person, question) -> None:
    follow(by=person, question=question)
    follow(by=person, treatment=question.treatment)
    looked(person, hours=1)
    AnswerFactory(published=True, question=question, summary="Calves only, low dose.")
    QuestionFactory(published=True, treatment=question.treatment, title="What of Botox in summer?")
    client = sign_in(person)
    assert "2 new</span>" in page(client, "/me/")
    news = page(client, "/me/follows/")
    assert "1 new answer" in news
    assert "Calves only, low dose." in news
    assert "What of Botox in summer?" in news
    assert " new</span>" not in page(client, "/me/")
    assert page(client, "/me/follows/").count("Nothing new since you last looked.") == 2


def test_following_makes_nothing_new_of_what_is_there(sign_in, person, question) -> None:
    AnswerFactory(published=True, question=question)
    follow(by=person, question=question)
    assert "Nothing new" in page(sign_in(person), "/me/follows/")


def test_what_is_not_public_is_no_news(sign_in, person, question) -> None:
    """T-AZ-04"""
    follow(by=person, question=question)
    follow(by=person, treatment=question.treatment)
    looked(person, hours=1)
    hidden = {"summary": "zebracanary"}
    for trait in ("pending", "rejected", "removed", "withdrawn"):
        AnswerFactory(**{trait: True}, question=question, **hidden)
        QuestionFactory(**{trait: True}, treatment=question.treatment, title="zebracanary?")
    AnswerFactory(published=True, question=question, doctor=DoctorFactory(removed=True), **hidden)
    question.published_at = timezone.now() - timedelta(days=2)
    question.save()
    client = sign_in(person)
    assert " new</span>" not in page(client, "/me/")
    assert "zebracanary" not in page(client, "/me/follows/")


def test_ones_own_answers_and_questions_are_no_news(sign_in, question) -> None:
    doctor = DoctorFactory(verified=True)
    follow(by=doctor.user, question=question)
    follow(by=doctor.user, treatment=question.treatment)
    looked(doctor.user, hours=1)
    question.published_at = timezone.now() - timedelta(days=2)
    question.save()
    AnswerFactory(published=True, question=question, doctor=doctor)
    QuestionFactory(published=True, treatment=question.treatment, author=doctor.user)
    assert " new</span>" not in page(sign_in(doctor.user), "/me/")


def test_a_thread_that_is_gone_is_followed_by_nobody(sign_in, person, question) -> None:
    follow(by=person, question=question)
    transition(question, to=State.REMOVED, by=moderator(), reason="x")
    assert "You follow nothing yet" in page(sign_in(person), "/me/follows/")


def test_looking_at_the_headers_is_not_looking(sign_in, person, question) -> None:
    follow(by=person, question=question)
    looked(person, hours=1)
    AnswerFactory(published=True, question=question)
    client = sign_in(person)
    client.head("/me/follows/")
    assert "1 new</span>" in page(client, "/me/")


def test_the_list_has_its_own_way_out(sign_in, person, question) -> None:
    follow(by=person, question=question)
    client = sign_in(person)
    response = client.post(f"/questions/{question.pk}/follow/", {"follow": "no", "from": "list"})
    assert response["Location"] == "/me/follows/"


def test_only_so_much_is_followed(sign_in, person, question, monkeypatch) -> None:
    monkeypatch.setattr("questions.keeping.FOLLOWED_AT_MOST", 1)
    follow(by=person, question=question)
    response = sign_in(person).post("/treatments/botox/follow/", follow=True)
    assert "take one off your list first" in response.content.decode()


def test_a_thread_without_answers_says_how_long_such_threads_wait(client: Client, question) -> None:
    def asked(days: int, answered_after: int | None = None) -> None:
        at = timezone.now() - timedelta(days=days)
        other = QuestionFactory(published=True, treatment=question.treatment, asked_at=at)
        if answered_after:
            AnswerFactory(published=True, question=other, answered_at=at + timedelta(days=answered_after))

    for days, after in ((90, 4), (80, 6), (70, 9), (65, 2), (61, 8), (30, None), (20, None)):
        asked(days, after)
    words = " ".join(page(client, question.get_absolute_url()).split())
    assert (
        "Of the latest 8 questions about Botox, 5 were answered, half of them within about 6 days." in words
    )
    assert "3 wait for a doctor, half of them for about 3 weeks or more." in words
    assert "Nobody can promise an answer." in words
    assert f'href="/questions/{question.pk}/feed/"' in words


def test_a_treatment_nobody_was_ever_answered_about_says_so(client: Client, question) -> None:
    words = " ".join(page(client, question.get_absolute_url()).split())
    assert "No other question about Botox has been asked yet." in words
    QuestionFactory(published=True, treatment=question.treatment)
    words = " ".join(page(client, question.get_absolute_url()).split())
    assert "None of the latest 2 questions about Botox has been answered yet." in words
