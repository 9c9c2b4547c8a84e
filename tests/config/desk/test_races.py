"""Two moderators at once: one decides, the other is told, and the trail has one row."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.audit import trail
from core.enums import State
from core.models import BulkAction
from questions.services import edit_question
from tests.factories import QuestionFactory, moderator

ROUNDS = 100


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_one_counts(sign_in) -> None:
    """T-RC-02"""
    clients = [sign_in(moderator()), sign_in(moderator())]
    for _ in range(ROUNDS):
        question = QuestionFactory(pending=True)
        url = reverse("admin:moderation_item", args=["question", question.pk])
        statuses = _at_once(clients, url)
        question.refresh_from_db()
        assert sorted(statuses) == [302, 409]
        assert question.state in {State.PUBLISHED, State.REJECTED}
        assert trail(question).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_about_several_and_one_about_one_of_them_count_once_each(sign_in) -> None:
    """T-RC-02"""
    clients = [sign_in(moderator()), sign_in(moderator())]
    for _ in range(10):
        rows = [QuestionFactory(pending=True) for _ in range(3)]
        barrier = Barrier(2)

        def alone(rows=rows, barrier=barrier) -> None:
            barrier.wait()
            url = reverse("admin:moderation_item", args=["question", rows[1].pk])
            clients[0].post(url, {"to": "rejected", "version": 1, "reason": "Off topic"})
            connection.close()

        def together(rows=rows, barrier=barrier) -> None:
            barrier.wait()
            chosen = [f"question-{row.pk}-1" for row in rows]
            clients[1].post(reverse("admin:moderation_bulk"), {"choice": chosen, "to": "published"})
            connection.close()

        threads = [Thread(target=alone), Thread(target=together)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for row in rows:
            row.refresh_from_db()
            assert row.state != State.PENDING
            assert trail(row).count() == 1
        items = BulkAction.objects.latest("pk").items
        assert {item["id"] for item in items} == {row.pk for row in rows if row.state == State.PUBLISHED}


@pytest.mark.django_db(transaction=True)
def test_what_is_published_as_edited_is_what_was_seen(sign_in) -> None:
    """T-RC-03: the author sends another text in the very moment in which a moderator publishes an edited one."""
    client = sign_in(moderator())
    for _ in range(10):
        question = QuestionFactory(pending=True)
        barrier, statuses = Barrier(2), []
        seen = {
            "title": question.title,
            "body": "As the moderator mended it.",
            "treatment": question.treatment_id,
        }
        data = {**seen, "do": "publish", "version": 1, "reason": "A name in it."}

        def publish(question=question, barrier=barrier, statuses=statuses, data=data) -> None:
            barrier.wait()
            url = reverse("admin:moderation_edit", args=["question", question.pk])
            statuses.append(
                client.post(url, {f"edit-{name}": value for name, value in data.items()}).status_code
            )
            connection.close()

        def edit(question=question, barrier=barrier) -> None:
            barrier.wait()
            edit_question(
                question=question, by=question.author, body="What nobody has read yet, at some length."
            )
            connection.close()

        threads = [Thread(target=publish), Thread(target=edit)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        fresh = type(question).objects.get(pk=question.pk)
        if statuses == [302]:
            assert (fresh.state, fresh.body) == (State.PUBLISHED, "As the moderator mended it.")
        else:
            assert (statuses, fresh.state) == ([409], State.PENDING)
            assert fresh.body == "What nobody has read yet, at some length."


def _at_once(clients: list[Client], url: str) -> list[int]:
    barrier, statuses = Barrier(len(clients)), []

    def decide(client: Client, to: str) -> None:
        barrier.wait()
        response = client.post(url, {"to": to, "version": 1, "reason_code": "off-topic"})
        statuses.append(response.status_code)
        connection.close()

    threads = [
        Thread(target=decide, args=pair) for pair in zip(clients, ("published", "rejected"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses
