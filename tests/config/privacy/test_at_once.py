"""Several at once: the database settles it."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.utils import timezone

from accounts.farewell import undo_erasure
from accounts.models import DataExport, Erasure, User
from config.privacy import copies
from config.privacy.chores import drop_unconfirmed, erase_due, tidy_copies
from config.privacy.erasing import erase
from tests.factories import AnswerFactory, QuestionFactory, UserFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_nights_at_once_erase_once(settings: Any, tmp_path: Any) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "journal"
    user = UserFactory(erasure_due_at=timezone.now() - timedelta(minutes=1))
    question = AnswerFactory(published=True, question=QuestionFactory(published=True, author=user)).question
    assert sorted(at_once(erase_due, erase_due)) == ["0 erased", "1 erased"]
    question.refresh_from_db()
    assert (question.author, Erasure.objects.count()) == (None, 1)
    assert len(settings.ERASURE_JOURNAL.read_text().splitlines()) == 1


def test_whoever_comes_back_at_the_last_moment_stays_or_is_gone_and_nothing_between() -> None:
    user = UserFactory(erasure_due_at=timezone.now() - timedelta(minutes=1))
    undone, erased = at_once(lambda: undo_erasure(user=user), lambda: erase(user.pk, only_if_due=True))
    left = User.objects.filter(pk=user.pk).first()
    if left is None:
        assert isinstance(undone, User.DoesNotExist)
        assert erased is not None
    else:
        assert (undone, erased, left.erasure_due_at) == (True, None, None)


def test_two_forms_at_once_ask_for_one_copy_and_it_is_made_once() -> None:
    user = UserFactory()
    asked = at_once(*[lambda: copies.ask(user)] * 2)
    assert sorted(new for _, new in asked) == [False, True]
    copy = DataExport.objects.get()
    made = at_once(*[lambda: copies.make(copy.pk)] * 2)
    assert [one for one in made if one] == [copy]


def test_a_copy_that_is_written_during_the_erasure_goes_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any
) -> None:
    settings.EXPORT_ROOT = tmp_path
    user = UserFactory()
    copy, _ = copies.ask(user)
    has_begun, write = Event(), copies._write

    def slowly(name: str, of: User) -> int:
        has_begun.set()
        sleep(0.3)
        return write(name, of)

    def then_erase() -> Erasure | None:
        assert has_begun.wait(10)
        return erase(user.pk)

    monkeypatch.setattr(copies, "_write", slowly)
    made, erasure = at_once(lambda: copies.make(copy.pk), then_erase)
    assert made == copy
    assert isinstance(erasure, Erasure)
    assert list(tmp_path.iterdir()) == []


def test_each_chore_done_twice_does_nothing_more() -> None:
    UserFactory(erasure_due_at=timezone.now() - timedelta(minutes=1))
    UserFactory(erasure_due_at=timezone.now() + timedelta(days=1), handle="may-come-back")
    long_ago = timezone.now() - timedelta(days=31)
    never = UserFactory(date_joined=long_ago, handle="never-confirmed")
    never.emailaddress_set.update(verified=False)
    UserFactory(date_joined=long_ago, handle="confirmed")
    copies.make(copies.ask(UserFactory(handle="has-a-copy"))[0].pk)
    DataExport.objects.update(until=timezone.now() - timedelta(minutes=1))
    chores = (erase_due, drop_unconfirmed, tidy_copies)
    assert [chore()[0] for chore in chores] == ["1", "1", "1"]
    assert [chore()[0] for chore in chores] == ["0", "0", "0"]
    assert set(User.objects.exclude(handle="former-member").values_list("handle", flat=True)) == {
        "may-come-back",
        "confirmed",
        "has-a-copy",
    }
