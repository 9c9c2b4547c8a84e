"""Two moderators at once: one decides, the other is told, and the trail has one row."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.audit import trail
from core.enums import State
from tests.factories import QuestionFactory, moderator

ROUNDS = 8


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
