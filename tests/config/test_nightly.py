"""``manage.py nightly``: what is due is done once, whatever was interrupted or went wrong."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.enums import LetterState
from accounts.models import Letter, Notification, User
from accounts.notify import choose, mark_read, tell_many
from config import nightly
from config.nightly import Chore
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SafetyNoticeFactory,
    TreatmentFactory,
    UserFactory,
)
from tests.working import do_tasks


def night() -> str:
    out = StringIO()
    call_command("nightly", stdout=out)
    do_tasks()
    return out.getvalue()


def news(people: list[User], event: str, question=None) -> None:
    question = question or QuestionFactory(published=True)
    tell_many(
        to=[one.pk for one in people],
        kind="followed-thread",
        about=AnswerFactory(published=True, question=question),
        event=event,
        url="/",
    )


@pytest.mark.django_db
class TestSummaries:
    def test_hold_what_came_since_the_last_and_are_written_once_a_day(self) -> None:
        person = UserFactory()
        for event in ("a", "b"):
            news([person], event)
        night()
        news([person], "c")
        night()
        assert [m.subject for m in mail.outbox] == ["Candor: Your daily summary"]
        assert mail.outbox[0].body.count("A thread you follow has a new answer.") == 2
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            night()
        assert mail.outbox[1].body.count("A thread you follow has a new answer.") == 1
        assert mail.outbox[0].extra_headers["Message-ID"] != mail.outbox[1].extra_headers["Message-ID"]

    def test_leave_out_what_was_read_what_is_gone_and_what_is_not_wanted(self) -> None:
        read, gone, unwanted, weekly = UserFactory.create_batch(4)
        hidden = QuestionFactory(published=True)
        news([read, unwanted, weekly], "a")
        news([gone], "b", hidden)
        mark_read(user=read, upto=2**62)
        choose(user=unwanted, rhythms={"followed-thread": "never"})
        choose(user=weekly, rhythms={"followed-thread": "weekly"})
        type(hidden).objects.filter(pk=hidden.pk).update(state="removed")
        night()
        assert [(m.to, m.subject) for m in mail.outbox] == [([weekly.email], "Candor: Your weekly summary")]
        assert gone.letters.get().state == LetterState.DROPPED

    def test_of_many_people_cost_hardly_more_statements(self) -> None:
        from django.test.utils import CaptureQueriesContext

        from accounts.chores import write_daily

        news(UserFactory.create_batch(3), "a")
        with CaptureQueriesContext(connection) as few:
            assert write_daily() == "3 summaries written"
        news(UserFactory.create_batch(60), "b")
        with CaptureQueriesContext(connection) as many:
            assert write_daily() == "60 summaries written"
        assert len(many) == len(few)


@pytest.mark.django_db
class TestWhatIsDue:
    def test_a_verification_that_ended_is_told_once(self) -> None:
        doctor, _ = DoctorFactory(expired=True), DoctorFactory(verified=True)
        assert "verifications: 1 " in night()
        night()
        assert [m.to for m in mail.outbox] == [[doctor.user.email]]

    def test_a_safety_notice_reaches_whose_answers_are_older(self) -> None:
        family = TreatmentFactory()
        old = AnswerFactory(
            published=True,
            question__treatment=TreatmentFactory(parent=family),
            confirmed_at=timezone.now() - timedelta(days=40),
        )
        AnswerFactory(published=True, question__treatment=family, confirmed_at=timezone.now())
        AnswerFactory(published=True, confirmed_at=timezone.now() - timedelta(days=40))
        SafetyNoticeFactory(treatment=family)
        SafetyNoticeFactory(treatment=family, withdrawn_on=timezone.localdate())
        night()
        night()
        assert Notification.objects.filter(kind="safety-notice").get().to == old.doctor.user

    def test_what_is_over_is_deleted_and_nothing_is_told_or_sent_again(self) -> None:
        person = UserFactory()
        news([person], "a")
        night()
        with time_machine.travel(timezone.now() + timedelta(days=400)):
            night()
            assert Notification.objects.count() == Letter.objects.count() == 0
        assert DBTaskResult.objects.count() == 0
        assert len(mail.outbox) == 1

    def test_mail_whose_tasks_were_given_up_goes_out_after_all(self) -> None:
        question = QuestionFactory(published=True)
        tell_many(to=[question.author_id], kind="question-published", about=question, event="x", url="/")
        DBTaskResult.objects.update(status="FAILED", finished_at=timezone.now())
        night()
        assert mail.outbox == []
        Letter.objects.update(written_at=timezone.now() - timedelta(hours=3))
        night()
        assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_chore_that_fails_stops_no_other_and_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    """What the night does is a list; the one put in here is no mock of ours."""

    def breaks() -> str:
        raise RuntimeError("no")

    monkeypatch.setattr(nightly, "CHORES", (Chore("first", breaks), Chore("second", lambda: "done")))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="Failed: first"):
        call_command("nightly", stdout=out, stderr=err)
    assert out.getvalue() == "second: done.\n"
    assert err.getvalue() == "first: failed (RuntimeError).\n"


@pytest.mark.django_db
def test_two_nights_at_once_are_one() -> None:
    line = connection.copy()
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 1)", [0x7A5C])
    try:
        assert night() == "It is being done already; nothing was done.\n"
    finally:
        line.close()
