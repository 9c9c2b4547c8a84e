"""Appeals on the desk: a kind of their own, for senior moderators other than the one who decided."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.enums import State
from core.models import Appeal
from questions.models import Question
from tests.core.test_appeals import appealed
from tests.factories import UserFactory, moderator, senior

pytestmark = pytest.mark.django_db


def screen(appeal: Appeal) -> str:
    return reverse("admin:moderation_appeal", args=[appeal.pk])


def test_the_queue_shows_appeals_to_seniors_alone(sign_in) -> None:
    question, appeal = appealed()
    page = sign_in(senior()).get("/admin/?kind=appeal").text
    assert f'href="{screen(appeal)}?kind=appeal"' in page
    assert question.title in page
    assert question.author.handle not in page
    everyday = sign_in(moderator())
    assert "Appeals" not in everyday.get("/admin/").text.partition('class="desk-lists"')[0]
    assert everyday.get(screen(appeal)).status_code == 403


def test_the_screen_shows_the_thing_the_decision_and_the_objection(sign_in) -> None:
    question, appeal = appealed("removed", by=moderator(handle="first-one"))
    page = sign_in(senior()).get(screen(appeal)).text
    for words in (question.title, appeal.text, "The town is small.", "first-one", "Grant it: restore"):
        assert words in page


def test_granted_from_the_screen_readers_have_it_back(sign_in) -> None:
    question, appeal = appealed("removed")
    response = sign_in(senior()).post(screen(appeal), {"to": "granted", "reason": "It is a product."})
    assert response.status_code == 302
    assert Question.objects.public().filter(pk=question.pk).exists()


def test_declining_needs_a_reason_and_what_was_typed_stays(sign_in) -> None:
    """T-AD-06"""
    question, appeal = appealed()
    client = sign_in(senior())
    response = client.post(screen(appeal), {"to": "declined", "reason": "  "})
    assert response.status_code == 400
    assert "Tell the author why." in response.text
    client.post(screen(appeal), {"to": "declined", "reason": "It is a name."})
    assert "It is a name." in client.get(screen(appeal)).text
    question.refresh_from_db()
    assert question.state == State.REJECTED


def test_who_decided_first_reads_it_and_does_not_decide(sign_in) -> None:
    """T-AZ-09"""
    first = senior()
    _, appeal = appealed(by=first)
    client = sign_in(first)
    assert "another senior moderator decides" in client.get(screen(appeal)).text
    assert client.post(screen(appeal), {"to": "declined", "reason": "No."}).status_code == 403
    appeal.refresh_from_db()
    assert appeal.state == "open"


def test_a_senior_does_not_even_read_their_own_on_the_desk(sign_in) -> None:
    _, appeal = appealed()
    by = senior()
    Appeal.objects.filter(pk=appeal.pk).update(author=by)
    assert sign_in(by).get(screen(appeal)).status_code == 403


def test_the_second_senior_is_told(sign_in) -> None:
    """T-RC-02"""
    _, appeal = appealed()
    sign_in(senior()).post(screen(appeal), {"to": "declined", "reason": "It is a name."})
    response = sign_in(senior()).post(screen(appeal), {"to": "granted", "reason": "It is a product."})
    assert response.status_code == 409
    assert "Somebody has decided meanwhile" in response.text


def test_the_screen_costs_the_same_with_one_and_with_many(sign_in, django_assert_max_num_queries) -> None:
    _, appeal = appealed()
    client = sign_in(senior())
    for _ in range(5):
        appealed()
    client.get(screen(appeal))  # the look is recorded once
    with django_assert_max_num_queries(19):
        client.get(screen(appeal))


@pytest.mark.parametrize("person", [UserFactory, moderator])
def test_lower_roles_decide_nothing(person, sign_in) -> None:
    """T-AZ-06"""
    _, appeal = appealed()
    assert sign_in(person()).post(screen(appeal), {"to": "granted", "reason": "x"}).status_code == 403
    appeal.refresh_from_db()
    assert appeal.state == "open"
