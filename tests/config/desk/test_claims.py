"""Opening something claims it; a claim tells the others, and keeps nobody from deciding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit import trail
from core.claims import claim
from core.enums import State
from core.models import Claim
from tests.factories import QuestionFactory, ReportFactory, moderator

pytestmark = pytest.mark.django_db


def url(obj, page: str = "item") -> str:
    return reverse(f"admin:moderation_{page}", args=[obj._meta.model_name, obj.pk])


def holder(obj):
    row = Claim.objects.active().on(obj).first()
    return row.by if row else None


@pytest.mark.parametrize("make", [lambda: QuestionFactory(pending=True), ReportFactory])
def test_opening_an_item_claims_it_and_the_next_to_open_it_is_told(make, sign_in) -> None:
    obj, first = make(), moderator(handle="quick-one")
    page = sign_in(first).get(url(obj)).text
    assert "Open with you until" in page
    assert holder(obj) == first
    told = sign_in(moderator()).get(url(obj)).text
    assert "<bdi>quick-one</bdi> has had this open since" in told
    assert "Release it" not in told
    assert holder(obj) == first


def test_the_second_decides_all_the_same_and_the_first_is_told(sign_in) -> None:
    """T-RC-02"""
    question, first, second = QuestionFactory(pending=True), moderator(), moderator(handle="second-one")
    slow = sign_in(first)
    slow.get(url(question))
    sign_in(second).post(url(question), {"to": "published", "version": 1})
    late = slow.post(url(question), {"to": "rejected", "version": 1, "reason": "Off topic."})
    question.refresh_from_db()
    assert question.state == State.PUBLISHED
    assert late.status_code == 409
    assert "by second-one" in late.text
    assert trail(question).count() == 1
    assert holder(question) is None


def test_it_is_released_by_hand_by_a_decision_and_by_time(sign_in) -> None:
    question, me = QuestionFactory(pending=True), moderator()
    client = sign_in(me)
    client.get(url(question))
    response = client.post(url(question, "claim") + "?kind=question", {"do": "release"}, follow=True)
    assert response.redirect_chain == [("/admin/?kind=question", 302)]
    assert "is released: anybody can take it" in response.text
    assert holder(question) is None
    client.get(url(question))
    long_ago = timezone.now() - timedelta(hours=1)
    Claim.objects.update(at=long_ago - timedelta(minutes=15), until=long_ago)
    assert holder(question) is None
    client.get(url(question))
    client.post(url(question), {"to": "published", "version": 1})
    assert not Claim.objects.on(question).exists()


def test_working_on_it_renews_it_and_takes_nothing_from_anybody(sign_in) -> None:
    question, me = QuestionFactory(pending=True), moderator()
    client = sign_in(me)
    client.get(url(question))
    before = Claim.objects.get()
    assert client.post(url(question, "claim"), {"do": "renew"}).status_code == 204
    assert Claim.objects.get().until > before.until
    sign_in(moderator()).post(url(question, "claim"), {"do": "renew"})
    sign_in(moderator()).post(url(question, "claim"), {"do": "release"})
    assert holder(question) == me


def test_nobody_claims_their_own_nor_what_is_decided(sign_in) -> None:
    me = moderator()
    own, public = QuestionFactory(pending=True, author=me), QuestionFactory(published=True)
    client = sign_in(me)
    for obj in (own, public):
        client.get(url(obj))
        client.post(url(obj, "claim"), {"do": "renew"})
    assert not Claim.objects.exists()


def test_after_a_decision_one_is_led_past_what_another_has_open(sign_in) -> None:
    first, taken, third = (QuestionFactory(pending=True) for _ in range(3))
    claim(taken, by=moderator())
    response = sign_in(moderator()).post(url(first), {"to": "published", "version": 1})
    assert response["Location"] == url(third)
