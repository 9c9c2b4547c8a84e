"""Somebody takes a copy of everything along, asks to be erased, changes their mind, and goes after all."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from config.privacy.chores import erase_due
from tests.factories import PASSWORD, AnswerFactory, QuestionFactory, UserFactory
from tests.journeys.conftest import link_in_last_mail
from tests.working import do_tasks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def thread() -> Any:
    asker = UserFactory(email="greta@example.org", handle="greta-g")
    question = QuestionFactory(published=True, author=asker, title="Does the bruise fade by itself?")
    return AnswerFactory(published=True, question=question).question


def prove(person: Any) -> None:
    person.fill(password=PASSWORD)
    person.press("Go on")


def test_from_the_copy_to_the_end(visitor: Any, thread: Any, javascript: bool, tmp_path: Any) -> None:
    person = visitor(javascript=javascript, accept_downloads=True)
    person.go("/accounts/login/?next=/me/privacy/")
    person.fill(login="greta@example.org", password=PASSWORD)
    person.press("Sign in")
    assert "What is kept, why and how long" in person.text()

    person.follow("Copies of your data")
    prove(person)
    person.press("Make a copy")
    assert "A copy is being made" in person.text()
    do_tasks()
    person.go("/me/privacy/copy/")
    with person.page.expect_download() as waiting:
        person.page.get_by_role("link", name="Copy of").click()
    waiting.value.save_as(tmp_path / "mine.zip")
    copy = zipfile.ZipFile(tmp_path / "mine.zip")
    asked = json.loads(copy.read("questions-question.json"))
    assert [question["title"] for question in asked] == ["Does the bruise fade by itself?"]

    person.go("/me/notifications/")
    assert "Your copy is ready" in person.text()
    person.go("/me/privacy/")
    person.follow("Erase my account")
    person.press("Erase my account in 7 days")
    assert "Your account is to be erased" in person.text()
    assert person.go("/questions/ask/") == 403
    person.go(link_in_last_mail())
    person.press("Keep my account")
    assert "Your account stays" in person.text()

    person.follow("Erase my account")
    person.press("Erase my account in 7 days")
    User.objects.filter(handle="greta-g").update(erasure_due_at=timezone.now() - timedelta(seconds=1))
    assert erase_due() == "1 erased"
    assert "/accounts/login/" in (person.go("/me/privacy/") and person.page.url)
    person.go(thread.get_absolute_url())
    assert "a former member" in person.text()
    assert "greta" not in person.text()
