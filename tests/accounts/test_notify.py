"""Telling people: once per event and person, where and how soon they wish."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.composing import unsubscribe_token
from accounts.enums import Rhythm, SanctionKind
from accounts.models import Letter, Notification, User
from accounts.notify import choose, mark_read, stop, tell, tell_many
from accounts.sanctions import impose, lift
from accounts.selectors import rhythms_of
from core.moderation import transition
from questions.keeping import follow
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, UserFactory, senior, some_moderator
from tests.racing import at_once


def told(user: User) -> list[str]:
    """The kinds of what somebody was told, the latest first."""
    return list(user.notifications.values_list("kind", flat=True))


def tell_of(question, person: User, event: str = "question-1 published") -> None:
    tell(
        to=person,
        kind="question-published",
        about=question,
        event=event,
        url=question.get_absolute_url(),
    )


@pytest.mark.django_db
class TestTelling:
    def test_twice_is_once(self) -> None:
        person, question = UserFactory(), QuestionFactory(published=True)
        tell_of(question, person)
        tell_of(question, person)
        assert told(person) == ["question-published"]
        assert person.letters.count() == 1

    def test_a_thousand_people_cost_the_statements_that_ten_cost(self) -> None:
        question = QuestionFactory(published=True)
        people = [user.pk for user in UserFactory.create_batch(60)]
        gone = UserFactory(is_active=False).pk

        def cost(to: list[int]) -> int:
            with CaptureQueriesContext(connection) as captured:
                number = tell_many(
                    to=to, kind="followed-treatment", about=question, event="question-1 new", url="/"
                )
            assert number == 10 if len(to) < 20 else number == 50
            return len(captured)

        assert cost(people[:10]) == cost([*people, gone, people[0]])
        assert Notification.objects.count() == 60

    def test_no_notification_leads_away_from_this_site(self) -> None:
        with pytest.raises(IntegrityError):
            tell(
                to=UserFactory(),
                kind="question-published",
                about=QuestionFactory(),
                event="x",
                url="//e.example/",
            )

    def test_mail_is_written_only_for_those_who_want_it_at_once(self) -> None:
        question, people = QuestionFactory(published=True), UserFactory.create_batch(3)
        choose(user=people[1], rhythms={"questions-decided": Rhythm.WEEKLY})
        choose(user=people[2], rhythms={"questions-decided": Rhythm.NEVER})
        for person in people:
            tell_of(question, person)
        assert [person.letters.count() for person in people] == [1, 0, 0]
        assert [person.notifications.get().rhythm for person in people] == ["at-once", "weekly", "never"]


@pytest.mark.django_db(transaction=True)
def test_told_by_eight_at_once_is_told_once() -> None:
    person, question = UserFactory(), QuestionFactory(published=True)
    assert [r for r in at_once(*[lambda: tell_of(question, person)] * 8) if r is not None] == []
    assert (Notification.objects.count(), Letter.objects.count()) == (1, 1)


@pytest.mark.django_db
class TestWhatIsTold:
    def test_of_a_question_its_asker_at_every_decision_and_its_followers_once(self) -> None:
        question, moderator, follower = QuestionFactory(pending=True), some_moderator(), UserFactory()
        follow(by=follower, treatment=question.treatment)
        follow(by=question.author, treatment=question.treatment)
        for to in ("draft", "pending", "published", "removed", "published"):
            by = question.author if to == "pending" else moderator
            transition(question, to=to, by=by, reason="It names a person.")
        assert told(question.author)[::-1] == [
            "question-sent-back",
            "question-published",
            "question-removed",
            "question-restored",
        ]
        assert told(follower) == ["followed-treatment"]

    def test_of_an_answer_its_doctor_the_asker_and_who_follows_the_thread(self) -> None:
        answer, follower = AnswerFactory(pending=True), UserFactory()
        follow(by=follower, question=answer.question)
        follow(by=answer.question.author, question=answer.question)
        transition(answer, to="published", by=some_moderator())
        assert told(answer.doctor.user) == ["answer-published"]
        assert told(answer.question.author) == ["question-answered"]
        assert told(follower) == ["followed-thread"]

    def test_of_a_sanction_and_its_end(self) -> None:
        person, by = UserFactory(), senior()
        sanction = impose(person=person, by=by, kind=SanctionKind.CLOSURE, reason="Spam.")
        lift(sanction=sanction, by=by, reason="It was another.")
        assert told(person) == ["sanction-lifted", "sanction-imposed"]


@pytest.mark.django_db
class TestThePages:
    def test_show_what_happened_and_count_what_is_unread(self, sign_in: Callable[..., Client]) -> None:
        question = QuestionFactory(pending=True)
        client = sign_in(question.author)
        assert "Nothing has happened yet" in client.get("/me/notifications/").content.decode()
        transition(question, to="published", by=some_moderator())
        page = client.get("/me/notifications/").content.decode()
        assert "Your question is published" in page
        assert question.title in page
        assert '1<span class="visually-hidden"> unread' in client.get("/questions/").content.decode()

        row = question.author.notifications.get()
        assert client.get(f"/me/notifications/{row.pk}/").url == question.get_absolute_url()
        assert "unread</span>" not in client.get("/questions/").content.decode()

    def test_what_is_gone_is_no_longer_named_to_others(self, sign_in: Callable[..., Client]) -> None:
        answer, follower = AnswerFactory(pending=True), UserFactory()
        follow(by=follower, question=answer.question)
        transition(answer, to="published", by=some_moderator())
        transition(answer, to="removed", by=some_moderator(), reason="Private.")
        page = sign_in(follower).get("/me/notifications/").content.decode()
        assert "This has changed since then" in page
        assert answer.question.title not in page

    def test_all_are_read_but_what_came_meanwhile_and_what_is_others(
        self, sign_in: Callable[..., Client]
    ) -> None:
        person, other, question = UserFactory(), UserFactory(), QuestionFactory(published=True)
        for number in range(3):
            tell_of(question, person, f"event {number}")
        tell_of(question, other)
        shown = person.notifications.order_by("pk")[1].pk
        client = sign_in(person)
        client.post("/me/notifications/read/", {"upto": shown})
        assert person.notifications.unread().count() == 1
        client.post("/me/notifications/read/", {"one": other.notifications.get().pk})
        for wrong in ("", "x", "-1", "٣", "9" * 5000):
            assert client.post("/me/notifications/read/", {"upto": wrong}).status_code == 302
            assert client.post("/me/notifications/read/", {"one": wrong}).status_code == 302
        assert other.notifications.unread().count() == 1
        assert client.get(f"/me/notifications/{other.notifications.get().pk}/").status_code == 404

    def test_choices_are_kept_and_what_waits_for_a_digest_follows(
        self, sign_in: Callable[..., Client]
    ) -> None:
        person, question = UserFactory(), QuestionFactory(published=True)
        tell_many(to=[person.pk], kind="followed-treatment", about=question, event="x", url="/")
        client = sign_in(person)
        page = client.get("/me/notifications/settings/").content.decode()
        assert "Your answers" not in page
        wanted = {**rhythms_of(person), "followed-treatment": "daily"}
        assert (
            client.post("/me/notifications/settings/", {**wanted, "sanctions": "sometimes"}).status_code
            == 422
        )
        client.post("/me/notifications/settings/", wanted)
        assert rhythms_of(person) == wanted
        assert person.notifications.get().rhythm == "daily"
        assert (
            "Your answers"
            in sign_in(DoctorFactory().user).get("/me/notifications/settings/").content.decode()
        )


@pytest.mark.django_db
class TestUnsubscribing:
    def test_a_look_changes_nothing_and_one_click_ends_it_without_signing_in(self) -> None:
        person, client = UserFactory(), Client(enforce_csrf_checks=True)
        url = f"/notifications/unsubscribe/{unsubscribe_token(person.pk, 'question-answered')}/"
        assert "Send me no more of it" in client.get(url).content.decode()
        assert rhythms_of(person)["question-answered"] == "at-once"
        for _ in range(2):
            response = client.post(url, {"List-Unsubscribe": "One-Click"})
            assert response.status_code == 200
            assert not response.cookies
        assert rhythms_of(person)["question-answered"] == "never"
        assert rhythms_of(person)["questions-decided"] == "at-once"

    @pytest.mark.parametrize("token", ["x", "a:b", "💉", "W10:x"])
    def test_any_other_address_is_answered_with_200_too(self, token: str) -> None:
        for response in (
            Client().get(f"/notifications/unsubscribe/{token}/"),
            Client().post(f"/notifications/unsubscribe/{token}/"),
        ):
            assert response.status_code == 200
            assert "leads nowhere" in response.content.decode()

    def test_leaving_a_digest_ends_all_that_comes_with_it(self) -> None:
        person = UserFactory()
        assert stop(user=person, topic="weekly") == ["followed-treatment"]
        assert stop(user=person, topic="weekly") == []


@pytest.mark.django_db
def test_a_notification_is_read_once() -> None:
    person = UserFactory()
    tell_of(QuestionFactory(published=True), person)
    row = person.notifications.get()
    assert mark_read(user=person, pk=row.pk) == 1
    assert mark_read(user=person, pk=row.pk) == 0
