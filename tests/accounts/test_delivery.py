"""Each letter arrives once, or twice under one Message-ID where the mail server's answer was lost; none is lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import delivery
from accounts.delivery import CLAIM_HOLDS
from accounts.enums import LetterState, SanctionKind
from accounts.models import Letter, User
from accounts.notify import choose, tell
from accounts.sanctions import impose
from core.background import PATIENCE, take_over, work
from core.moderation import transition
from questions.notifications import NEW_THREAD
from tests.accounts.mail import Perilous, worker_that_dies_at
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, senior, some_moderator
from tests.working import do_tasks

PERILOUS = "tests.accounts.mail.Perilous"


@pytest.fixture
def perilous(tmp_path: Path, settings) -> Iterator[type[Perilous]]:
    settings.EMAIL_BACKEND = PERILOUS
    Perilous.mailbox = tmp_path / "mailbox"
    yield Perilous
    Perilous.trouble = Perilous.poison = ""


def told(person: User, event: str = "question-1 published") -> Letter:
    question = QuestionFactory(published=True, author=person)
    tell(to=person, kind="question-published", about=question, event=event, url=question.get_absolute_url())
    return person.letters.get(key=event)


def do_what_waits() -> int:
    return work(threading.Event(), until_empty=True)


def later() -> None:
    """All that has to be waited for is over."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    Letter.objects.claimed().update(claimed_at=timezone.now() - CLAIM_HOLDS - timedelta(seconds=1))


def state_of(letter: Letter) -> str:
    letter.refresh_from_db()
    return letter.state


@pytest.mark.django_db(transaction=True)
class TestAWorkerKilled:
    @pytest.mark.parametrize(
        ("point", "arrivals"),
        [("open", 1), ("hand over", 1), ("accepted", 2)],
        ids=["before the claim", "after the claim", "after the server accepted, before it is noted"],
    )
    def test_at_any_point_of_a_send_loses_nothing(
        self, perilous: type[Perilous], point: str, arrivals: int
    ) -> None:
        letters = [told(UserFactory(), "one"), told(UserFactory(), "two")]
        worker_that_dies_at(point)
        do_what_waits()
        later()
        do_what_waits()
        assert [state_of(letter) for letter in letters] == [LetterState.SENT] * 2
        mine = [one["id"] for one in perilous.accepted() if one["to"] == letters[0].to.email]
        others = [one["id"] for one in perilous.accepted() if one["to"] == letters[1].to.email]
        assert (len(mine), len(set(mine)), len(others)) == (arrivals, 1, 1)

    def test_again_and_again_sends_twice_at_most_and_says_so(self, perilous: type[Perilous]) -> None:
        letter = told(UserFactory())
        for _ in range(2):
            worker_that_dies_at("accepted")
            take_over()
            later()
        do_what_waits()
        assert state_of(letter) == LetterState.PARKED
        assert "took it" in letter.trouble
        assert len(perilous.accepted()) == 2

    def test_leaves_its_tasks_to_the_next_at_once(self, perilous: type[Perilous]) -> None:
        told(UserFactory())
        worker_that_dies_at("open")
        assert DBTaskResult.objects.running().count() == 1
        do_what_waits()
        task = DBTaskResult.objects.get()
        assert (task.status, len(task.worker_ids)) == ("READY", 1)
        assert task.run_after > timezone.now()


@pytest.mark.django_db(transaction=True)
class TestAMailServer:
    def test_that_breaks_the_line_gets_it_twice_at_most_under_one_id(self, perilous: type[Perilous]) -> None:
        letter = told(UserFactory())
        perilous.trouble = "lose"
        for _ in range(4):
            do_what_waits()
            later()
        assert state_of(letter) == LetterState.PARKED
        assert len(perilous.accepted()) == 2
        assert len({one["id"] for one in perilous.accepted()}) == 1

    def test_that_refuses_one_gets_the_others_and_the_one_is_given_up(self, perilous: type[Perilous]) -> None:
        bad, good = UserFactory(), UserFactory()
        perilous.poison = bad.email
        letters = [told(bad, "bad"), told(good, "good")]
        for _ in range(6):
            do_what_waits()
            later()
        assert [state_of(letter) for letter in letters] == [LetterState.PARKED, LetterState.SENT]
        assert letters[0].trouble == "SMTPDataError 554."
        assert bad.email not in "".join(DBTaskResult.objects.values_list("traceback", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_cannot_be_written_keeps_none_of_those_behind_it(
    perilous: type[Perilous], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = told(UserFactory(), "bad"), told(UserFactory(), "good")
    write = delivery.message_of

    def stumble(letter: Letter, rows: Any) -> Any:
        if letter.pk == bad.pk:
            raise ValueError("no such page")
        return write(letter, rows)

    monkeypatch.setattr(delivery, "message_of", stumble)
    for _ in range(6):
        do_what_waits()
        later()
    assert [state_of(letter) for letter in (bad, good)] == [LetterState.PARKED, LetterState.SENT]
    assert bad.trouble == "ValueError."


@pytest.mark.django_db(transaction=True)
def test_a_poison_task_is_parked_with_its_reason_while_the_queue_goes_on(perilous: type[Perilous]) -> None:
    from accounts.tasks import send_letters

    send_letters.enqueue("poison", "task")
    letter = told(UserFactory())
    for number in range(len(PATIENCE) + 3):
        do_what_waits()
        if number == 0:
            assert state_of(letter) == LetterState.SENT
        later()
    parked = DBTaskResult.objects.failed().get()
    assert len(parked.worker_ids) == len(PATIENCE) + 1
    assert parked.exception_class_path
    assert "poison" in parked.traceback


@pytest.mark.django_db
class TestWhatArrives:
    def test_says_what_but_never_about_what_and_how_to_end_it(self) -> None:
        answer = AnswerFactory(pending=True)
        transition(answer, to="published", by=some_moderator())
        do_tasks()
        letter = next(m for m in mail.outbox if m.to == [answer.question.author.email])
        html = letter.alternatives[0].content
        assert letter.subject == "Candor: Your question has a new answer"
        for word in (
            answer.question.title,
            answer.summary,
            answer.doctor.name,
            answer.question.treatment.name,
            answer.question.slug,
        ):
            for text in (letter.subject, letter.body, html, str(letter.message())):
                assert word not in text
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        url = re.fullmatch(r"<http://[^/]+(/.+)>", letter.extra_headers["List-Unsubscribe"])[1]
        assert url in letter.body
        assert Client().post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        QuestionFactory()
        told(answer.question.author, "x")
        assert answer.question.author.wishes.get().topic == "question-answered"

    def test_is_nothing_when_the_thing_is_gone_again(self) -> None:
        question = QuestionFactory(pending=True)
        transition(question, to="published", by=some_moderator())
        transition(question, to="removed", by=some_moderator(), reason="Private.")
        do_tasks()
        assert [m.subject for m in mail.outbox] == ["Candor: Your question was removed"]
        assert question.author.letters.get(key__contains="published").state == LetterState.DROPPED

    def test_is_nothing_for_who_wants_no_more_or_is_no_longer_here(self) -> None:
        leaving, closed, sanctioned = UserFactory.create_batch(3)
        for person in (leaving, closed):
            told(person)
        choose(user=leaving, rhythms={"questions-decided": "never"})
        impose(person=sanctioned, by=senior(), kind=SanctionKind.CLOSURE, reason="Selling in every thread.")
        User.objects.filter(pk=closed.pk).update(is_active=False)
        do_tasks()
        assert [m.to for m in mail.outbox] == [[sanctioned.email]]
        assert "Selling in every thread." in mail.outbox[0].body

    def test_no_kind_names_a_treatment_or_the_body(self) -> None:
        from accounts.notifications import KINDS
        from treatments.models import Treatment

        words = {"botox", "filler", "face", "skin", "treatment", "muscle", "doctor’s diagnosis"}
        words |= {name.lower() for name in Treatment.objects.values_list("name", flat=True)}
        said = {kind.name: kind.subject.lower() for kind in KINDS.values()}
        assert [name for name, subject in said.items() if any(word in subject for word in words)] == []
        assert NEW_THREAD.name in said
